// SPDX-License-Identifier: MIT
/**
 * The end of a context (zmq_ctx_term(3), zmq_ctx_shutdown(3)): what waits and what comes later gets ETERM, loops and proxies end, and
 * what was sent has its time to leave. After libzmq's test_ctx_destroy, test_shutdown_stress and test_many_sockets.
 */
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Context, type Event, Proxy, type Socket } from "../../src/index.ts";
import {
  bound,
  join as joined,
  nextEvent,
  receiveTexts,
  stateOf,
  turns,
  within,
  withSockets,
} from "../support/sockets.ts";

const ETERM = { code: "ETERM" };

/** One call of each kind that waits. */
function everythingThatWaits(context: Context): Promise<unknown>[] {
  const pull = context.socket("pull");
  const push = context.socket("push");
  const req = context.socket("req");
  const dealer = context.socket("dealer");
  return [
    pull.receive(),
    pull.receive({ timeout: 10_000 }),
    pull.receiveBatch(3),
    pull.whenReadable(),
    push.send("x"),
    push.sendBatch(["x", "y"]),
    push.whenWritable(),
    req.request("x", { retries: 3 }),
    req.receive({ signal: new AbortController().signal }),
    dealer.receive(),
  ];
}

for (const how of ["terminate", "shutdown"] as const) {
  test(`${how}: everything that waits fails with ETERM at once`, () =>
    withSockets(async ({ context }) => {
      const waiting = everythingThatWaits(context);
      assert.deepEqual(new Set(await Promise.all(waiting.map(stateOf))), new Set(["pending"]));
      const all = Promise.all(waiting.map((each) => assert.rejects(each, ETERM)));
      const ended = context[how]();
      await within(1000, how, all);
      await ended;
      await context.terminate();
    }));

  test(`${how}: whatever is called later fails with ETERM, but for close`, () =>
    withSockets(async ({ context }) => {
      const [dealer, sub, req] = [context.socket("dealer"), context.socket("sub"), context.socket("req")];
      const endpoint = await bound(dealer);
      await context[how]();
      assert.equal(context.closed, true);
      assert.deepEqual([dealer.closed, dealer.readable, dealer.writable], [how === "terminate", false, false]);
      for (const call of [
        () => dealer.send("x"),
        () => dealer.sendBatch(["x"]),
        () => dealer.receive(),
        () => dealer.receive({ timeout: 0 }),
        () => dealer.receiveBatch(),
        () => dealer.whenReadable(),
        () => dealer.whenWritable(),
        () => dealer.bind("inproc://y"),
        () => dealer.unbind(endpoint),
        () => req.request("x"),
        async () => dealer.connect("inproc://y"),
        async () => dealer.disconnect(endpoint),
        async () => dealer.trySend("x"),
        async () => dealer.tryReceive(),
        async () => sub.subscribe("x"),
        async () => context.socket("pair"),
      ]) {
        await assert.rejects(call, ETERM, String(call));
      }
      await Promise.all([dealer.close(), dealer.close(), sub.close(), req.close()]);
      assert.equal(dealer.closed, true);
    }));

  test(`${how}: loops over messages and events end, and so does a proxy`, () =>
    withSockets(async ({ context }) => {
      const [pull, pair] = [context.socket("pull"), context.socket("pair")];
      const [front, back] = [context.socket("router"), context.socket("dealer")];
      await front.bind("inproc://front");
      await back.bind("inproc://back");
      const loops = [
        (async () => {
          for await (const _ of pull);
        })(),
        (async () => {
          for await (const _ of pair.events as AsyncIterable<Event>);
        })(),
        new Proxy(front, back).run(),
      ];
      await turns(2);
      await context[how]();
      if (how === "shutdown") await context.terminate();
      await within(1000, "loops", Promise.all(loops));
      for await (const _ of pull) assert.fail("a loop that began after the end");
    }));

  test(`${how}: twice, and without any socket, is fine`, async () => {
    const context = new Context();
    await context[how]();
    await context[how]();
    assert.throws(() => context.socket("pull"), ETERM);
    await context.terminate();
  });
}

test("shutdown leaves the sockets to be closed: until then they keep their addresses", () =>
  withSockets(async (open) => {
    const context = new Context();
    const pull = context.socket("pull");
    const endpoint = await bound(pull);
    context.shutdown();
    await assert.rejects(open("pull").bind(endpoint), { code: "EADDRINUSE" });
    await pull.close();
    await open("pull").bind(endpoint);
    await context.terminate();
  }));

test("terminate frees all addresses", () =>
  withSockets(async (open) => {
    const context = new Context();
    const path = `ipc://${join(tmpdir(), `zmq-end-${process.pid}`)}`;
    const endpoints = [await bound(context.socket("pull")), await bound(context.socket("pull"), path)];
    await context.terminate();
    for (const endpoint of endpoints) await open("pull").bind(endpoint);
  }));

test("what was sent leaves first, also from sockets that were closed before", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    await pull.unbind(endpoint);
    const context = new Context({ defaults: { reconnectInterval: 5 } });
    const [open_, closed] = [context.socket("push"), context.socket("push")];
    for (const push of [open_, closed]) {
      push.connect(endpoint);
      await push.send("x");
    }
    void closed.close();
    const terminated = context.terminate();
    assert.equal(await stateOf(terminated), "pending");
    await pull.bind(endpoint);
    for (let i = 0; i < 2; i += 1) assert.deepEqual(await receiveTexts(pull), ["x"]);
    await within(2000, "terminate", terminated);
  }));

test("terminate with a linger gives what is unsent that time, also when it was called before without", async () => {
  const context = new Context();
  for (let i = 0; i < 2; i += 1) {
    const push = context.socket("push");
    push.connect("tcp://127.0.0.1:1");
    await push.send("x");
    if (i === 0) void push.close();
  }
  const first = context.terminate();
  assert.equal(await stateOf(first), "pending");
  await within(1000, "terminate", context.terminate({ linger: 20 }));
  await first;
});

test("a context at the end of its block terminates", async () => {
  let context: Context | undefined;
  {
    await using mine = new Context();
    context = mine;
    await bound(mine.socket("rep"));
  }
  assert.equal(context.closed, true);
});

test("a connect within the process whose name was never bound does not hold up the end, whatever was sent", async () => {
  const context = new Context();
  const push = context.socket("push", { linger: -1 });
  push.connect("inproc://nobody");
  await push.send("x");
  await within(1000, "terminate", context.terminate());
});

test("peers of other contexts see the end as that of each socket", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const context = new Context();
    const push = context.socket("push");
    await joined(pull, push);
    const gone = nextEvent(pull, "disconnect");
    await push.send("last");
    await context.terminate();
    assert.deepEqual(await receiveTexts(pull), ["last"]);
    await gone;
  }));

test("a bind that is under way fails with ETERM, or was done before, and the address is free", () =>
  withSockets(async (open) => {
    const context = new Context();
    const pull = context.socket("pull");
    const binding = bound(pull, "tcp://127.0.0.1:*").then(
      () => "done",
      (error: { code: string }) => error.code,
    );
    await context.terminate();
    assert.equal(await binding, "ETERM");
    await bound(open("pull"));
  }));

test(
  "sockets that come and go beneath a publisher, and a context that ends in the middle (test_shutdown_stress)",
  {
    timeout: 30_000,
  },
  () =>
    withSockets(async (open) => {
      const pub = open("pub");
      const endpoint = await bound(pub);
      for (let round = 0; round < 10; round += 1) {
        const context = new Context();
        const subs = Array.from({ length: 100 }, () => context.socket("sub"));
        for (const [index, sub] of subs.entries()) {
          sub.connect(endpoint);
          sub.subscribe();
          if (index % 3 === 0) await sub.close();
          else if (index % 3 === 1) void sub.receive().catch(() => {});
          if (index % 10 === 0) await turns(1);
        }
        await within(5000, "terminate", context.terminate());
      }
      const [sub, ready] = [open("sub"), open("xpub")];
      sub.connect(await bound(ready));
      sub.subscribe("still");
      assert.deepEqual(String(await ready.receive({ timeout: 5000 })), "\x01still");
    }),
);

test("as many sockets as maxSockets, then EMFILE, and all of them can be closed (test_many_sockets)", async () => {
  const context = new Context();
  const types = ["req", "rep", "pub", "sub", "push", "pull", "dealer", "router"] as const;
  const sockets: Socket[] = [];
  for (let i = 0; i < 1023; i += 1) sockets.push(context.socket(types[i % types.length] as "req"));
  assert.throws(() => context.socket("pair"), { code: "EMFILE" });
  await sockets.pop()?.close();
  sockets.push(context.socket("pair"));
  await within(3000, "terminate", context.terminate());
  assert.ok(sockets.every((socket) => socket.closed));
});
