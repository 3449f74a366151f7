// SPDX-License-Identifier: MIT
/** Sends and receives that wait: in call order, never busy, each settled exactly once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveAll, receiveTexts, stateOf, texts, turns, within, withSockets } from "../../support/sockets.ts";

test("sends that wait go out in call order once there is a peer", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    const sends = [1, 2, 3, 4, 5].map((number) => push.send(String(number)));
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await Promise.all(sends);
    assert.deepEqual(receiveAll(pull).flat(), ["1", "2", "3", "4", "5"]);
  }));

test("receives that wait are served in call order", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    const order: string[] = [];
    const receives = ["a", "b", "c"].map(async (name) => {
      order.push(name + texts(await pull.receive()).join());
    });
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    for (const each of ["1", "2", "3"]) await push.send(each);
    await Promise.all(receives);
    assert.deepEqual(order, ["a1", "b2", "c3"]);
  }));

test("thousands of sends and receives at once are no reason for EBUSY, and nothing is lost, doubled or swapped", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 3 });
    const pull = open("pull", { receiveHighWaterMark: 2 });
    await join(pull, push);
    const sends: Promise<void>[] = [];
    const receives: Promise<string[]>[] = [];
    for (let i = 0; i < 3000; i += 1) {
      sends.push(push.send(String(i)));
      receives.push(pull.receive().then(texts));
    }
    const expected = Array.from({ length: 3000 }, (_, i) => String(i));
    assert.deepEqual((await Promise.all(receives)).flat(), expected);
    await Promise.all(sends);
  }));

test("sends in both directions over full pipes within the process neither swap nor double messages", () =>
  withSockets(async (open) => {
    const a = open("pair", { sendHighWaterMark: 1, receiveHighWaterMark: 1 });
    const b = open("pair", { sendHighWaterMark: 1, receiveHighWaterMark: 1 });
    await a.bind("inproc://x");
    b.connect("inproc://x");
    const expected = Array.from({ length: 200 }, (_, i) => String(i));
    const sends = expected.flatMap((text) => [a.send(text), b.send(text)]);
    const [toA, toB] = [expected.map(() => a.receive()), expected.map(() => b.receive())];
    assert.deepEqual((await Promise.all(toA)).flatMap(texts), expected);
    assert.deepEqual((await Promise.all(toB)).flatMap(texts), expected);
    await Promise.all(sends);
  }));

test("many receivers wait while several senders with queued messages leave: each message comes once, in order", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const receives = Array.from({ length: 12 }, () => pull.receive().then(texts));
    for (const name of ["a", "b", "c"]) {
      const push = open("push");
      push.connect("inproc://x");
      for (let i = 0; i < 4; i += 1) await push.send(name + i);
      await push.close();
    }
    await pull.bind("inproc://x");
    const got = (await within(2000, "the receives", Promise.all(receives))).flat();
    for (const name of ["a", "b", "c"]) {
      assert.deepEqual(
        got.filter((text) => text.startsWith(name)),
        [0, 1, 2, 3].map((i) => name + i),
      );
    }
  }));

test("a send that gives up lets the one behind it go, when that is for a peer with room", () =>
  withSockets(async (open) => {
    const router = open("router", { mandatory: true, sendHighWaterMark: 1 });
    await router.bind("inproc://x");
    for (const routingId of ["A", "B"]) {
      open("dealer", { routingId, receiveHighWaterMark: 1 }).connect("inproc://x");
    }
    while (router.trySend(["A", "x"]));
    const controller = new AbortController();
    const toFull = router.send(["A", "y"], { signal: controller.signal });
    const behind = router.send(["B", "z"]);
    assert.equal(await stateOf(behind), "pending");
    controller.abort();
    await assert.rejects(toFull, { name: "AbortError", code: "ECANCELED" });
    await within(2000, "the send behind it", behind);
  }));

test("a send that fails lets the ones behind it go", () =>
  withSockets(async (open) => {
    const router = open("router", { mandatory: true, sendHighWaterMark: 1 });
    await router.bind("inproc://x");
    const dealer = open("dealer", { routingId: "A", receiveHighWaterMark: 1 });
    dealer.connect("inproc://x");
    while (router.trySend(["A", "x"]));
    const waiting = router.send(["A", "y"]);
    const unroutable = router.send(["nobody", "y"]);
    const last = router.send(["A", "z"]);
    const failed = assert.rejects(unroutable, { code: "EHOSTUNREACH" });
    for (let i = 0; i < 4; i += 1) await dealer.receive();
    await failed;
    await Promise.all([waiting, last]);
  }));

test("a message to nobody known fails at once with EHOSTUNREACH where that is mandatory", () =>
  withSockets(async (open) => {
    const router = open("router", { mandatory: true });
    await assert.rejects(router.send(["nobody", "x"]), { code: "EHOSTUNREACH" });
    assert.throws(() => router.trySend(["nobody", "x"]), { code: "EHOSTUNREACH" });
  }));

test("trySend does not overtake a send that waits, nor tryReceive a receive", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    const waiting = push.send("1");
    assert.equal(push.trySend("2"), false);
    const receiving = pull.receive();
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await waiting;
    assert.deepEqual(texts(await receiving), ["1"]);
    assert.ok(push.trySend("3"));
    assert.deepEqual(texts(pull.tryReceive()), ["3"]);
    assert.equal(pull.tryReceive(), undefined);
  }));

test("sendBatch waits where it must; receiveBatch gives what is there, up to its limit", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 5 });
    const pull = open("pull", { receiveHighWaterMark: 5 });
    const batch = pull.receiveBatch();
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    const all = Array.from({ length: 25 }, (_, i) => String(i));
    const sending = push.sendBatch(all);
    const got = (await batch).flatMap(texts);
    const limited = await pull.receiveBatch(2);
    assert.equal(limited.length, 2);
    got.push(...limited.flatMap(texts));
    while (got.length < 25) got.push(...(await pull.receiveBatch()).flatMap(texts));
    await sending;
    assert.deepEqual(got, all);
  }));

test("sendBatch reports what it did not send, with what came before sent", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 2 });
    const pull = open("pull", { receiveHighWaterMark: 1 });
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await assert.rejects(push.sendBatch(["1", "2", "3", "4", "5"], { timeout: 20 }), { code: "EAGAIN" });
    assert.deepEqual(receiveAll(pull).flat(), ["1", "2", "3"]);
    await assert.rejects(push.sendBatch(["6", undefined as never]), TypeError);
    assert.deepEqual(receiveAll(pull).flat(), ["6"]);
    const aborted = AbortSignal.abort();
    await assert.rejects(push.sendBatch(["7"], { signal: aborted }), { name: "AbortError" });
    assert.deepEqual(receiveAll(pull), []);
    await push.sendBatch([]);
  }));

test("whenReadable and whenWritable resolve when it is so, take nothing, and obey signal and timeout", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    const readable = pull.whenReadable();
    const writable = push.whenWritable();
    assert.equal(await stateOf(readable), "pending");
    assert.equal(await stateOf(writable), "pending");
    await assert.rejects(pull.whenReadable({ timeout: 1 }), { code: "EAGAIN" });
    await assert.rejects(push.whenWritable({ timeout: 0 }), { code: "EAGAIN" });
    await assert.rejects(push.whenWritable({ signal: AbortSignal.abort() }), { name: "AbortError" });
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await writable;
    assert.equal(push.writable, true);
    assert.equal(pull.readable, false);
    await push.send("1");
    await readable;
    assert.equal(pull.readable, true);
    await pull.whenReadable();
    assert.deepEqual(await receiveTexts(pull), ["1"]);
    void pull.close();
    await assert.rejects(pull.whenReadable(), { code: "EBADF" });
  }));

test("a loop of sends and receives that never wait still lets timers run", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    const other = open("pair");
    await pair.bind("inproc://x");
    other.connect("inproc://x");
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    let rounds = 0;
    while (!isOver) {
      await pair.send("x");
      await other.receive();
      rounds += 1;
    }
    assert.ok(rounds > 0);
    isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    for (let i = 0; i < 900; i += 1) await pair.send("x");
    for await (const message of other) {
      assert.equal(message.length, 1);
      await pair.send("y");
      if (isOver) break;
    }
    await turns(1);
  }));

test("an empty array sends nothing and resolves", () =>
  withSockets(async (open) => {
    const push = open("push");
    await push.send([]);
    assert.ok(push.trySend([]));
    assert.ok(!push.works.core.hasUnsent(0));
  }));
