// SPDX-License-Identifier: MIT
/** Connections that come and go by the thousand: sockets, sessions, pipes, handles and memory are what they were before. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { Socket } from "../../src/index.ts";
import { eventually, memoryInUse, openHandles } from "../support/leaks.ts";
import { bound, married, nextEvent, receiveTexts, turns, withSockets } from "../support/sockets.ts";

interface Counted {
  pipes: Set<unknown>;
  sessions: Map<unknown, unknown>;
}

/** How many pipes and sessions a socket holds. */
function held(socket: Socket): [number, number] {
  const { pipes, sessions } = socket.works.core as unknown as Counted;
  return [pipes.size, sessions.size];
}

test("a thousand peers come, say something and go", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const round = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 50) {
        const pushes = Array.from({ length: 50 }, () => open.context.socket("push", { linger: -1 }));
        for (const push of pushes) push.connect(endpoint);
        await Promise.all(pushes.map((push) => push.send("hello")));
        const closing = pushes.map((push) => push.close());
        for (let k = 0; k < 50; k += 1) assert.deepEqual(await receiveTexts(pull), ["hello"]);
        await Promise.all(closing);
      }
      await eventually("the last peers gone", () => held(pull).join() === "0,0");
    };
    await round(200);
    const [before, handles] = [await memoryInUse(), openHandles()];
    await round(800);
    await eventually("handles", () => (openHandles().TCPSocketWrap ?? 0) <= (handles.TCPSocketWrap ?? 0));
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 2_000_000, `${grown} octets were left behind`);
  }),
);

test("a thousand bare connections, cut off at every stage of the handshake", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const router = open("router");
    const endpoint = await bound(router);
    const port = Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
    const greeting = Buffer.concat([
      Buffer.from("ff00000000000000017f0301", "hex"),
      Buffer.from("NULL"),
      Buffer.alloc(48),
      Buffer.from("04260552454144590b536f636b65742d547970650000000644", "hex"),
    ]);
    const round = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 25) {
        await Promise.all(
          Array.from(
            { length: 25 },
            (_, k) =>
              new Promise<void>((resolve) => {
                const socket = connect(port, "127.0.0.1");
                socket.on("error", () => {});
                socket.once("close", () => resolve());
                socket.once("connect", () => {
                  socket.write(greeting.subarray(0, (i + k) % (greeting.length + 1)));
                  if (k % 8 !== 0) socket.destroySoon();
                  else socket.resetAndDestroy();
                });
              }),
          ),
        );
        // Node accepts them over several turns; a full queue would hold up the next ones for a second.
        await turns(10);
      }
      await eventually("all gone", () => held(router).join() === "0,0");
    };
    await round(200);
    const before = await memoryInUse();
    await round(800);
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 2_000_000, `${grown} octets were left behind`);
    const dealer = open("dealer", { routingId: "D" });
    dealer.connect(endpoint);
    await dealer.send("still there");
    assert.deepEqual(await receiveTexts(router), ["D", "still there"]);
  }),
);

test("a publisher that goes and comes back, again and again, with thirty subscribers", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    let xpub = open("xpub", { verbosity: "allSubs" });
    const endpoint = await bound(xpub);
    const subs = Array.from({ length: 30 }, (_, i) => {
      const sub = open("sub", { reconnectInterval: 2 });
      sub.subscribe("all", `only ${i};`);
      sub.connect(endpoint);
      return sub;
    });
    for (let round = 0; round < 15; round += 1) {
      const topics = new Set<string>();
      for (let i = 0; i < 60; i += 1) topics.add((await receiveTexts(xpub))[0] as string);
      assert.equal(topics.size, 31);
      await xpub.send(["all", String(round)]);
      await xpub.send(`only ${round};`);
      for (const sub of subs) assert.deepEqual(await receiveTexts(sub), ["all", String(round)]);
      assert.deepEqual(await receiveTexts(subs[round] as (typeof subs)[0]), [`only ${round};`]);
      if (round % 2 === 0) await xpub.close();
      else await xpub.unbind(endpoint);
      if (round % 2 === 1) while (xpub.tryReceive() !== undefined);
      if (round % 2 === 0) xpub = open("xpub", { verbosity: "allSubs" });
      await xpub.bind(endpoint);
    }
    for (const sub of subs) assert.deepEqual(held(sub), [1, 1]);
  }),
);

test("a client whose server is gone retries quietly, and holds no more than at first", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const push = open("push", { reconnectInterval: 1, reconnectMaxInterval: 1 });
    const both = married(pull, push);
    push.connect(endpoint);
    await both;
    const lost = nextEvent(push, "disconnect");
    await pull.unbind(endpoint);
    await lost;
    let attempts = 0;
    push.events.on("connect:delay", () => {
      attempts += 1;
    });
    await eventually("attempts", () => attempts > 100);
    const before = await memoryInUse();
    await eventually("attempts", () => attempts > 1000, 20_000);
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 1_000_000, `${grown} octets were left behind`);
    assert.deepEqual(held(push), [1, 1]);
  }),
);

test("sockets and contexts that are closed and forgotten are collected", { timeout: 60_000 }, async () => {
  const references: WeakRef<object>[] = [];
  await withSockets(async (open) => {
    for (let i = 0; i < 100; i += 1) {
      const { Context } = await import("../../src/index.ts");
      const context = new Context({ defaults: { linger: 0 } });
      const [a, b] = [context.socket("pair"), context.socket("pair")];
      await a.bind(i % 2 === 0 ? "inproc://x" : "tcp://127.0.0.1:*");
      b.connect(a.lastEndpoint as string);
      await b.send("x");
      await a.receive();
      references.push(new WeakRef(a), new WeakRef(b), new WeakRef(context));
      await Promise.all([a.close(), b.close()]);
    }
    await open("pair").close();
  });
  await turns(20);
  await memoryInUse();
  const left = references.filter((each) => each.deref() !== undefined).length;
  assert.ok(left <= 6, `${left} of ${references.length} are still there`);
});
