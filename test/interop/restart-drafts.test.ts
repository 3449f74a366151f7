// SPDX-License-Identifier: MIT
/** Peers on npm `zeromq` that are killed and started again, while sockets of ours of the types of one part stay where they are. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Dish, Radio } from "../../src/index.ts";
import { lastingEndpoint } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { bound, receiveTexts, withSockets } from "../support/sockets.ts";

const lack = missing("zeromq.js");
const patience = { skip: lack ?? false, timeout: 30000 };

/** Resolves when something comes, while `say` is called again and again. */
async function untilHeard(say: () => Promise<void>, hear: () => Promise<unknown>): Promise<void> {
  let isHeard = false;
  const listen = async (): Promise<void> => {
    await hear();
    isHeard = true;
  };
  const keepSaying = async (): Promise<void> => {
    while (!isHeard) {
      await say();
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
  };
  await Promise.all([listen(), keepSaying()]);
}

async function hears(dish: Dish, radio: { put(group: string, part: string): Promise<void> }): Promise<void> {
  await untilHeard(
    () => radio.put("g", "x"),
    () => dish.receive(),
  );
}

test("a RADIO that is killed and started again is told the groups of our DISH again", patience, () =>
  withSockets(async (open) => {
    const endpoint = await lastingEndpoint();
    const dish = open("dish", { reconnectInterval: 5 });
    dish.join("g");
    dish.connect(endpoint);
    for (let round = 0; round < 2; round += 1) {
      await using peer = await startPeer("zeromq.js");
      const radio = await peer.socket("radio");
      await radio.bind(endpoint);
      await hears(dish, radio);
      await peer.kill();
      while (dish.tryReceive() !== undefined);
    }
  }),
);

test("a DISH that is killed and started again is heard by our RADIO, which connects", patience, () =>
  withSockets(async (open) => {
    const endpoint = await lastingEndpoint();
    const radio: Radio = open("radio", { reconnectInterval: 5 });
    radio.connect(endpoint);
    for (const group of ["a", "b"]) {
      await using peer = await startPeer("zeromq.js");
      const dish = await peer.socket("dish");
      await dish.join(group);
      await dish.bind(endpoint);
      await untilHeard(
        () => radio.send("x", { group }),
        () => dish.take(),
      );
      await peer.kill();
    }
  }),
);

test("a SERVER that is killed and started again answers our CLIENT, which hears of it", patience, () =>
  withSockets(async (open) => {
    const endpoint = await lastingEndpoint();
    const client = open("client", { reconnectInterval: 5, hiccupMessage: "lost" });
    client.connect(endpoint);
    for (let round = 0; round < 2; round += 1) {
      await using peer = await startPeer("zeromq.js");
      const server = await peer.socket("server");
      await server.bind(endpoint);
      const echo = server.echo(1);
      await client.send(`${round}`);
      await echo;
      assert.deepEqual(await receiveTexts(client), [`${round}`]);
      await peer.kill();
      assert.deepEqual(await receiveTexts(client), ["lost"]);
    }
  }),
);

test("our SERVER hears when a CLIENT is killed, and serves the next", patience, () =>
  withSockets(async (open) => {
    const server = open("server", { disconnectMessage: "gone" });
    const endpoint = await bound(server);
    const numbers = new Set<number>();
    for (let round = 0; round < 2; round += 1) {
      await using peer = await startPeer("zeromq.js");
      const client = await peer.socket("client");
      await client.connect(endpoint);
      const answer = Promise.all([client.put("hello"), client.take()]);
      const [part, from] = await server.receive();
      assert.equal(String(part), "hello");
      await server.send("welcome", from);
      await answer;
      await peer.kill();
      const [farewell, whose] = await server.receive();
      assert.deepEqual([String(farewell), whose], ["gone", from]);
      numbers.add(from.routingId);
    }
    assert.equal(numbers.size, 2);
  }),
);
