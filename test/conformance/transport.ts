// SPDX-License-Identifier: MIT
/**
 * What every transport must do for sockets, whatever carries the octets: bind and connect in any order, no loss, no
 * doubling, order, large messages, an end that delivers. Run for each transport by `transport.test.ts`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContextOptions } from "../../src/index.ts";
import {
  bound,
  nextEvent,
  type Open,
  receiveTexts,
  stateOf,
  texts,
  turns,
  within,
  withSockets,
} from "../support/sockets.ts";

/** One transport under test. */
export interface TransportCase {
  readonly name: string;
  /** What to bind to: a place of the test's own at each call. */
  wildcard(): string;
  /** What `lastEndpoint` shows after the bind. */
  readonly endpoint: RegExp;
  /** True where an end without a peer tries again by itself. */
  readonly reconnects: boolean;
  /** Why it cannot be tested here. */
  readonly skip?: string | undefined;
  /** For all sockets. */
  readonly options?: NonNullable<ContextOptions["defaults"]>;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** Tests one transport. */
export function testTransport(transport: TransportCase): void {
  const { name, wildcard } = transport;
  const skip = transport.skip ?? false;
  const check = (what: string, run: (open: Open) => Promise<void>): void => {
    test(`${name}: ${what}`, { skip, timeout: 20_000 }, () => withSockets(run, { defaults: transport.options ?? {} }));
  };

  check("a bound endpoint is shown, reached, and free again after unbind", async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull, wildcard());
    assert.match(endpoint, transport.endpoint);
    const push = open("push");
    push.connect(endpoint);
    assert.equal(push.lastEndpoint, endpoint);
    await push.send("hello");
    assert.deepEqual(await receiveTexts(pull), ["hello"]);
    await pull.unbind(endpoint);
    const other = open("pull");
    await other.bind(endpoint);
    await assert.rejects(pull.unbind(endpoint), { code: "ENOENT" });
  });

  check("connect may come before bind, and messages wait meanwhile, in order", async (open) => {
    const first = open("pull");
    const endpoint = await bound(first, wildcard());
    await first.close();
    const push = open("push", { reconnectInterval: 5 });
    push.connect(endpoint);
    for (const each of numbers(3)) await push.send(each);
    const pull = open("pull");
    await pull.bind(endpoint);
    for (const each of numbers(3)) assert.deepEqual(await receiveTexts(pull), [each]);
  });

  check("both directions keep their order, and lose and double nothing, beyond every mark", async (open) => {
    const [a, b] = [open("pair", { sendHighWaterMark: 10 }), open("pair", { receiveHighWaterMark: 7 })];
    b.connect(await bound(a, wildcard()));
    const all = numbers(5000);
    const send = async (socket: typeof a): Promise<void> => {
      for (const each of all) await socket.send(each);
    };
    const receive = async (socket: typeof a): Promise<string[]> => {
      const got: string[] = [];
      while (got.length < all.length) got.push(...(await socket.receiveBatch()).flatMap(texts));
      return got;
    };
    const [toA, toB] = await within(15_000, "the exchange", Promise.all([receive(a), receive(b), send(a), send(b)]));
    assert.deepEqual(toA, all);
    assert.deepEqual(toB, all);
    await turns(5);
    assert.deepEqual([a.tryReceive(), b.tryReceive()], [undefined, undefined]);
  });

  check("messages of all sizes and many parts arrive as they were", async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    push.connect(await bound(pull, wildcard()));
    for (const size of [0, 1, 255, 256, 8192, 65_535, 65_536, 1_000_000, 10_000_000]) {
      const octets = Buffer.alloc(size, "abcdefg");
      await push.send(octets);
      const [part] = await pull.receive({ timeout: 10_000 });
      assert.ok(part !== undefined && Buffer.compare(part, octets) === 0, `${size} octets`);
    }
    const parts = numbers(1000);
    await push.send(parts);
    assert.deepEqual(await receiveTexts(pull), parts);
    await push.send(["", "", ""]);
    assert.deepEqual(await receiveTexts(pull), ["", "", ""]);
  });

  check("a hundred peers are served, each for itself", async (open) => {
    const router = open("router");
    const endpoint = await bound(router, wildcard());
    const dealers = numbers(100).map((routingId) => {
      const dealer = open("dealer", { routingId });
      dealer.connect(endpoint);
      return dealer;
    });
    await Promise.all(dealers.map((dealer, i) => dealer.send(`from ${i}`)));
    for (let i = 0; i < 100; i += 1) {
      const [id, text] = await receiveTexts(router);
      assert.equal(text, `from ${id}`);
      await router.send([id as string, `to ${id}`]);
    }
    const answers = await Promise.all(dealers.map((dealer) => receiveTexts(dealer)));
    assert.deepEqual(
      answers,
      numbers(100).map((i) => [`to ${i}`]),
    );
  });

  check("one socket serves several endpoints, and connects to several", async (open) => {
    const pulls = [open("pull"), open("pull"), open("pull")];
    const push = open("push");
    for (const pull of pulls) {
      push.connect(await bound(pull, wildcard()));
      await push.whenWritable();
    }
    const more = open("pull");
    more.connect(await bound(push, wildcard()));
    const sockets = [...pulls, more];
    const got = sockets.map((socket) => receiveTexts(socket, 15_000));
    const all = Promise.all(got);
    let isDone = false;
    void all.then(() => {
      isDone = true;
    });
    for (let i = 0; !isDone; i += 1) {
      push.trySend(String(i));
      await turns(1);
    }
    await all;
  });

  check("what was sent before close arrives, all of it, while linger allows", async (open) => {
    for (const size of [10, 100_000]) {
      const [push, pull] = [open("push", { linger: -1 }), open("pull", { receiveHighWaterMark: 5 })];
      push.connect(await bound(pull, wildcard()));
      const body = "x".repeat(size);
      for (const each of numbers(100)) await push.send([each, body]);
      const closing = push.close();
      for (const each of numbers(100)) assert.deepEqual(await receiveTexts(pull), [each, body]);
      await within(5000, "close", closing);
    }
  });

  check("what was sent before disconnect arrives as well", async (open) => {
    const [push, pull] = [open("push", { linger: -1 }), open("pull")];
    const endpoint = await bound(pull, wildcard());
    push.connect(endpoint);
    await push.whenWritable();
    for (const each of numbers(50)) await push.send(each);
    push.disconnect(endpoint);
    assert.throws(() => push.disconnect(endpoint), { code: "ENOENT" });
    for (const each of numbers(50)) assert.deepEqual(await receiveTexts(pull), [each]);
    assert.equal(push.writable, false);
  });

  check("messages that arrived before the peer went are still received", async (open) => {
    const [push, pull] = [open("push", { linger: -1 }), open("pull")];
    push.connect(await bound(pull, wildcard()));
    for (const each of numbers(20)) await push.send(each);
    await push.close();
    await turns(5);
    for (const each of numbers(20)) assert.deepEqual(await receiveTexts(pull), [each]);
  });

  check("a request that has no room waits, and goes on when there is some", async (open) => {
    const [push, pull] = [open("push", { sendHighWaterMark: 1 }), open("pull", { receiveHighWaterMark: 1 })];
    push.connect(await bound(pull, wildcard()));
    const body = "x".repeat(1_000_000);
    let sent = 0;
    for (; sent < 100; sent += 1) {
      const sending = push.send([String(sent), body]);
      if ((await stateOf(sending)) !== "pending") continue;
      for (let i = 0; i <= sent; i += 1) assert.equal((await receiveTexts(pull))[0], String(i));
      await sending;
      return;
    }
    assert.fail(`${sent} messages of a megabyte found room where the marks are 1 and 1`);
  });

  check("subscriptions reach the publisher, before as well as after the connection stands", async (open) => {
    const [xpub, sub] = [open("xpub"), open("sub")];
    sub.subscribe("early");
    sub.connect(await bound(xpub, wildcard()));
    assert.deepEqual(await receiveTexts(xpub), ["\u0001early"]);
    sub.subscribe("late");
    assert.deepEqual(await receiveTexts(xpub), ["\u0001late"]);
    for (const topic of ["early", "late", "never", "last: early"]) await xpub.send(topic);
    assert.deepEqual([await receiveTexts(sub), await receiveTexts(sub)], [["early"], ["late"]]);
    await sub.close();
    const cancelled = [...(await receiveTexts(xpub)), ...(await receiveTexts(xpub))].sort();
    assert.deepEqual(cancelled, ["\u0000early", "\u0000late"]);
  });

  check("unknown endpoints are ENOENT, for unbind and disconnect, bound and connected apart", async (open) => {
    const [pull, push] = [open("pull"), open("push")];
    const endpoint = await bound(pull, wildcard());
    push.connect(endpoint);
    assert.throws(() => pull.disconnect(endpoint), { code: "ENOENT", address: endpoint });
    await assert.rejects(push.unbind(endpoint), { code: "ENOENT", address: endpoint });
  });

  check("sockets that close in the middle of everything leave no promise behind", async (open) => {
    for (let i = 0; i < 30; i += 1) {
      const [a, b] = [open("pair"), open("pair")];
      const endpoint = await bound(a, wildcard());
      b.connect(endpoint);
      const work = [a.send("x"), b.send("y"), a.receive(), b.receive(), a.receive(), b.send("z".repeat(100_000))];
      const settled = Promise.allSettled(work);
      await turns(i % 6);
      await within(3000, "close", Promise.all([a.close(), b.close()]));
      for (const each of await within(3000, "the rest", settled)) {
        if (each.status === "rejected") assert.equal((each.reason as { code: string }).code, "EAGAIN");
      }
    }
  });

  if (transport.reconnects) testReconnecting(transport, check);
}

function testReconnecting(
  { wildcard }: TransportCase,
  check: (what: string, run: (open: Open) => Promise<void>) => void,
): void {
  check("a listener that goes and comes back is found again, and what waited goes on in order", async (open) => {
    const push = open("push", { reconnectInterval: 5 });
    let pull = open("pull");
    const endpoint = await bound(pull, wildcard());
    push.connect(endpoint);
    await push.send("0");
    assert.deepEqual(await receiveTexts(pull), ["0"]);
    for (let round = 1; round < 4; round += 1) {
      const lost = nextEvent(push, "disconnect");
      if (round % 2 === 1) await pull.unbind(endpoint);
      else await pull.close();
      await within(3000, "the loss", lost);
      for (const each of numbers(20)) await push.send(each + round);
      if (round % 2 === 0) pull = open("pull");
      await pull.bind(endpoint);
      for (const each of numbers(20)) assert.deepEqual(await receiveTexts(pull), [each + round]);
    }
  });

  check("subscriptions are said again to each new publisher", async (open) => {
    const sub = open("sub", { reconnectInterval: 5 });
    let xpub = open("xpub");
    const endpoint = await bound(xpub, wildcard());
    sub.subscribe("a", "b");
    sub.connect(endpoint);
    const topics = async (): Promise<string[]> => [...(await receiveTexts(xpub)), ...(await receiveTexts(xpub))].sort();
    assert.deepEqual(await topics(), ["\u0001a", "\u0001b"]);
    await xpub.close();
    sub.unsubscribe("a");
    sub.subscribe("c");
    xpub = open("xpub");
    await xpub.bind(endpoint);
    assert.deepEqual(await topics(), ["\u0001b", "\u0001c"]);
    await xpub.send("c1");
    assert.deepEqual(await receiveTexts(sub), ["c1"]);
  });

  check("an address that is in use is told of, and the first owner keeps it", async (open) => {
    const [first, second] = [open("pull"), open("pull")];
    const endpoint = await bound(first, wildcard());
    if (endpoint.startsWith("ipc:///")) return;
    await assert.rejects(second.bind(endpoint), { code: "EADDRINUSE", address: endpoint });
    const push = open("push");
    push.connect(endpoint);
    await push.send("x");
    assert.deepEqual(await receiveTexts(first), ["x"]);
  });
}
