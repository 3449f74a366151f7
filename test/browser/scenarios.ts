// SPDX-License-Identifier: MIT
/** What pages do with servers of this library, besides the four ways to talk of `peers.test.ts`: other types, limits, silence, losses, and TLS. */
import assert from "node:assert/strict";
import { createServer, type Socket as NetSocket } from "node:net";
import { Dealer, Dish, Pull, Push, Radio, Server } from "../../src/index.ts";
import type { Place } from "./browsers.ts";

/** REP in a page: who asks is bound, and asks again when the page has answered. */
export async function replies(place: Place): Promise<void> {
  await using dealer = new Dealer({ linger: 0 });
  await dealer.bind("ws://127.0.0.1:*");
  const answering = place.run(async ({ Reply }, to) => {
    const reply = new Reply();
    reply.connect(to);
    for (let i = 0; i < 3; i += 1) {
      const [question] = await reply.receive();
      await reply.send(`${new TextDecoder().decode(question)}!`);
    }
    await reply.close({ linger: 1000 });
  }, dealer.lastEndpoint as string);
  for (const question of ["a", "b", "c"]) {
    await dealer.send(["", question]);
    assert.equal(String((await dealer.receive())[1]), `${question}!`);
  }
  await answering;
}

/** The types that are drafts in libzmq. */
export async function drafts(place: Place): Promise<void> {
  await using server = new Server({ linger: 0 });
  await using radio = new Radio({ linger: 0 });
  await using dish = new Dish({ linger: 0 });
  await server.bind("ws://127.0.0.1:*");
  await radio.bind("ws://127.0.0.1:*");
  await dish.bind("ws://127.0.0.1:*");
  dish.join("weather");
  const found = place.run(
    async ({ Client, Dish: Hearing, Radio: Telling }, { served, told, heard }) => {
      const text = new TextDecoder();
      const client = new Client({ linger: 1000 });
      client.connect(served);
      await client.send("who?");
      const [answer] = await client.receive();
      const hearing = new Hearing();
      hearing.join("weather");
      hearing.connect(told);
      const telling = new Telling({ linger: 1000 });
      telling.connect(heard);
      let isHeard = false;
      const first = hearing.receive().then((message) => {
        isHeard = true;
        return message;
      });
      // A radio has nobody to tell before a dish has joined; the server echoes once it has heard.
      while (!isHeard) {
        await telling.send("rain", { group: "weather" });
        await telling.send("2:1", { group: "sports" });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const [said, { group }] = await first;
      client.close();
      hearing.close();
      await telling.close();
      return [text.decode(answer), text.decode(said), text.decode(group)];
    },
    {
      served: server.lastEndpoint as string,
      told: radio.lastEndpoint as string,
      heard: dish.lastEndpoint as string,
    },
  );
  const [question, { routingId }] = await server.receive();
  await server.send(`${question} me`, { routingId });
  const [rain, { group }] = await dish.receive();
  assert.deepEqual([String(rain), String(group)], ["rain", "weather"]);
  let isOver = false;
  void found.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await radio.send("sun", { group: "weather" });
    await radio.send("0:0", { group: "sports" });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(await found, ["who? me", "sun", "weather"]);
}

/** At the high-water mark `trySend` says no; once somebody is there, everything that was taken leaves. */
export async function marks(place: Place): Promise<void> {
  await using pull = new Pull({ linger: 0 });
  await pull.bind("ws://127.0.0.1:*");
  const taken = place.run(async ({ Push: Pushing }, to) => {
    const push = new Pushing({ sendHighWaterMark: 5 });
    push.connect(to);
    let count = 0;
    while (push.trySend(String(count))) count += 1;
    await push.whenWritable();
    const isWritable = push.trySend("later");
    await push.close();
    return [count, isWritable];
  }, pull.lastEndpoint as string);
  const found: string[] = [];
  while (!found.includes("later")) found.push(String(await pull.receive()));
  assert.deepEqual(await taken, [5, true]);
  assert.deepEqual(found, ["0", "1", "2", "3", "4", "later"]);
}

/** A network that passes everything on until it is told to swallow it. */
async function swallowing(to: number): Promise<AsyncDisposable & { port: number; swallow(): void }> {
  const { connect } = await import("node:net");
  const sockets = new Set<NetSocket>();
  let isSwallowing = false;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("data", (chunk) => void (isSwallowing || other.write(chunk)));
      from.on("close", () => isSwallowing || other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    swallow: () => {
      isSwallowing = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that answers PINGs and goes silent is given up. */
export async function silence(place: Place): Promise<void> {
  await using push = new Push({ linger: 0 });
  await push.bind("ws://127.0.0.1:*");
  await using network = await swallowing(Number(new URL(push.lastEndpoint as string).port));
  const answered = place.run(async ({ Pull: Pulling }, to) => {
    const pull = new Pulling({ heartbeatInterval: 50, heartbeatTimeout: 300, reconnectInterval: -1 });
    const page = globalThis as { lost?: Promise<string | undefined> };
    page.lost = new Promise((resolve) => {
      pull.events.on("disconnect", ({ error }) => resolve(error?.code));
    });
    pull.connect(to);
    while (pull.peers()[0]?.roundTripTime === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  }, `ws://127.0.0.1:${network.port}`);
  await answered;
  network.swallow();
  const code = await place.run(() => (globalThis as { lost?: Promise<string | undefined> }).lost, undefined);
  assert.equal(code, "ETIMEDOUT");
}

/** Messages stream while the server goes and comes back, twice: those that arrive are in order, none comes twice, and the last ones come. */
export async function restarts(place: Place): Promise<void> {
  let pull = new Pull({ linger: 0 });
  await pull.bind("ws://127.0.0.1:*");
  const endpoint = pull.lastEndpoint as string;
  const sending = place.run(async ({ Push: Pushing }, to) => {
    const page = globalThis as { isEnough?: boolean };
    page.isEnough = false;
    const push = new Pushing({ reconnectInterval: 10, sendHighWaterMark: 50 });
    push.connect(to);
    let count = 0;
    for (; !page.isEnough; count += 1) await push.send([String(count), new Uint8Array(4000)]);
    await push.send("end");
    await push.close();
    return count;
  }, endpoint);
  const found: number[] = [];
  const take = async (): Promise<boolean> => {
    const [number] = await pull.receive();
    if (String(number) === "end") return false;
    found.push(Number(String(number)));
    return true;
  };
  for (let i = 0; i < 2; i += 1) {
    for (let j = 0; j < 300; j += 1) await take();
    await pull.close();
    pull = new Pull({ linger: 0 });
    while (!(await pull.bind(endpoint).then(() => true, isTaken))) {
      // The address is still in use.
    }
  }
  await take();
  const stopped = place.run(() => {
    (globalThis as { isEnough?: boolean }).isEnough = true;
  }, undefined);
  while (await take()) {
    // What was sent meanwhile.
  }
  await stopped;
  assert.ok(
    found.every((number, i) => i === 0 || number > (found[i - 1] as number)),
    "in order, and none twice",
  );
  assert.equal(found.at(-1), (await sending) - 1);
  await pull.close();
}

function isTaken(error: unknown): false {
  assert.equal((error as { code?: string }).code, "EADDRINUSE");
  return false;
}
