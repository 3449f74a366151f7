// SPDX-License-Identifier: MIT
/**
 * What networks do besides breaking, between real sockets of this library and of libzmq in both roles: octets one at a time
 * and in odd pieces, silence, stalls, and listeners that turn connections away or come later.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { FaultProxy } from "../support/fault-proxy.ts";
import { freeEndpoint } from "../support/implementations.ts";
import { withSockets } from "../support/sockets.ts";
import { testCasts } from "./casts.ts";
import { Lane, makeMessage } from "./messages.ts";
import { Random } from "./random.ts";

/** For a machine that is busy with other things, too. */
const BEATS = { heartbeatInterval: 60, heartbeatTimeout: 120, handshakeInterval: 400 };

for (const [name, pieces] of [
  ["one octet at a time", (): number => 1],
  ["pieces of all sizes", undefined],
] as const) {
  testCasts(`${name}: everything comes, both ways`, async ({ connecting, binding, join }) => {
    const random = new Random();
    const [dealer, other] = [connecting("dealer"), binding("dealer")];
    await join(other, dealer, { pieces: pieces ?? (() => 1 + random.below(300)) });
    const lanes = [new Lane("to"), new Lane("fro")] as const;
    const ways = [[dealer, other, lanes[0]] as const, [other, dealer, lanes[1]] as const];
    await Promise.all(
      ways.map(async ([from, to, { name: lane, received }]) => {
        for (let number = 0; number < 6; number += 1) await from.send(makeMessage(lane, number));
        const book = new Lane(lane);
        while (book.received.length < 6) book.enter(await to.receive());
        received.push(...book.received);
      }),
    );
    for (const { received } of lanes) assert.deepEqual(received, [0, 1, 2, 3, 4, 5]);
  });
}

testCasts("a large message in pieces of all sizes arrives as it was sent", async ({ connecting, binding, join }) => {
  const random = new Random();
  const [push, pull] = [connecting("push"), binding("pull")];
  await join(pull, push, { pieces: () => 1 + random.below(9000) });
  const body = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
  await push.send([body, "and more", body.subarray(5)]);
  const [first, second, third] = await pull.receive();
  assert.ok(first?.equals(body) && String(second) === "and more" && third?.equals(body.subarray(5)));
});

for (const at of [30, 75, 200]) {
  testCasts(
    `silence after ${at} octets: both sides notice by their heartbeats or the handshake's time, and go on`,
    async ({ connecting, binding, join }) => {
      const sockets = [connecting("dealer", BEATS), binding("dealer", BEATS)] as const;
      const proxy = await join(sockets[1], sockets[0], { fault: { direction: "up", at, how: "vanish" } });
      const lanes = [new Lane("to"), new Lane("fro")] as const;
      for (; lanes[0].next < 12; lanes[0].next += 1) await sockets[0].send(makeMessage("to", lanes[0].next));
      await proxy.connections(2);
      // What is sent into a connection that is not known to be dead is lost: they send until one has come.
      for (const [index, lane] of lanes.entries()) {
        const [from, to] = [sockets[index] as (typeof sockets)[0], sockets[1 - index] as (typeof sockets)[0]];
        const first = lane.next;
        let hasCome = false;
        const receiving = (async () => {
          while ((lane.received.at(-1) ?? -1) < first) lane.enter(await to.receive());
          hasCome = true;
        })();
        for (; !hasCome; lane.next += 1) {
          await from.send(makeMessage(lane.name, lane.next));
          await new Promise(setImmediate);
        }
        await receiving;
        const { received } = lane;
        assert.deepEqual(
          received,
          [...new Set(received)].toSorted((a, b) => a - b),
          "in order, none twice",
        );
      }
    },
  );
}

/** Messages are large, so that what the system holds are few. */
const BODY = Buffer.alloc(200_000, "body");

for (const way of ["up", "down"] as const) {
  testCasts(
    `a network that takes nothing ${way}: the sender is held up, and then everything comes`,
    async ({ connecting, binding, join }) => {
      const [open, openOther] = way === "up" ? [connecting, binding] : [binding, connecting];
      const [push, pull] = [open("push", { sendHighWaterMark: 5 }), openOther("pull", { receiveHighWaterMark: 5 })];
      const proxy = await (way === "up" ? join(pull, push) : join(push, pull));
      await push.send(["-1", BODY]);
      await pull.receive();
      proxy.link.stall(way);
      // What cannot be sent for this long waits for the network.
      push.sendTimeout = 150;
      let accepted = 0;
      const before = process.memoryUsage().arrayBuffers;
      await assert.rejects(async () => {
        for (; accepted < 1000; accepted += 1) await push.send([`${accepted}`, BODY]);
      });
      // Marks of both, and the buffers of the system and of the proxy: 6 MB each way on Linux, for each of two connections.
      assert.ok(accepted >= 5 && accepted < 150, `${accepted} were accepted`);
      assert.ok(process.memoryUsage().arrayBuffers - before < 60e6);
      proxy.link.resume(way);
      for (let number = 0; number < accepted; number += 1) {
        const [text, body] = await pull.receive();
        assert.equal(String(text), `${number}`);
        assert.ok(body?.equals(BODY));
      }
    },
  );
}

for (const how of ["close", "reset"] as const) {
  test(`a listener that takes connections only to ${how} them is tried at growing intervals, and used once it is good`, () =>
    withSockets(async (open) => {
      const pull = open("pull");
      await pull.bind("tcp://127.0.0.1:*");
      await using proxy = await FaultProxy.open(pull.lastEndpoint as string);
      proxy.turnsAway = how;
      const push = open("push", { reconnectInterval: 5, reconnectMaxInterval: 80 });
      push.connect(proxy.endpoint);
      const sending = push.send("at last");
      await proxy.connections(8);
      const gaps = proxy.times.slice(1, 8).map((time, index) => time - (proxy.times[index] as number));
      for (const [index, least] of [5, 10, 20, 40, 80, 80, 80].entries())
        assert.ok((gaps[index] as number) >= least * 0.8, `${gaps.map(Math.round)}`);
      proxy.turnsAway = undefined;
      await sending;
      assert.equal(String(await pull.receive()), "at last");
    }));
}

testCasts("a listener that comes later, refusing until then, gets what waited", async ({ connecting, binding }) => {
  const endpoint = await freeEndpoint();
  const [push, pull] = [connecting("push"), binding("pull")];
  const delayed = once(push.events as never, "connect:retry").catch(() => {});
  push.connect(endpoint);
  for (let number = 0; number < 5; number += 1) await push.send(makeMessage("to", number));
  await delayed;
  await pull.bind(endpoint);
  const lane = new Lane("to");
  while (lane.received.length < 5) lane.enter(await pull.receive());
  assert.deepEqual(lane.received, [0, 1, 2, 3, 4]);
});
