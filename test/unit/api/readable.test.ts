// SPDX-License-Identifier: MIT
/** Receiving that can be given up: an aborted receive takes no message, a loop that is left loses none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pull, Push } from "../../../src/index.ts";
import {
  join,
  type Open,
  receiveAll,
  receiveTexts,
  stateOf,
  texts,
  turns,
  withSockets,
} from "../../support/sockets.ts";

async function pipeline(open: Open): Promise<{ push: Push; pull: Pull }> {
  const [push, pull] = [open("push"), open("pull")];
  await pull.bind("inproc://x");
  push.connect("inproc://x");
  return { push, pull };
}

test("an aborted receive takes no message, whichever comes first", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    const late = new AbortController();
    const served = pull.receive({ signal: late.signal });
    push.trySend("1");
    late.abort();
    assert.deepEqual(texts(await served), ["1"]);
    const early = new AbortController();
    const given = pull.receive({ signal: early.signal });
    early.abort();
    push.trySend("2");
    await assert.rejects(given, { name: "AbortError" });
    assert.deepEqual(await receiveTexts(pull), ["2"]);
    push.trySend("3");
    await assert.rejects(pull.receive({ signal: AbortSignal.abort() }), { name: "AbortError" });
    assert.deepEqual(receiveAll(pull), [["3"]]);
  }));

test("a receive that timed out takes no message", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    await assert.rejects(pull.receive({ timeout: 1 }), { code: "EAGAIN" });
    await assert.rejects(pull.receive({ timeout: 0 }), { code: "EAGAIN" });
    pull.receiveTimeout = 1;
    await assert.rejects(pull.receive(), { code: "EAGAIN" });
    pull.receiveTimeout = 0;
    await assert.rejects(pull.receive(), { code: "EAGAIN" });
    const patient = pull.receive({ timeout: -1 });
    await push.send("x");
    assert.deepEqual(texts(await patient), ["x"]);
    await push.send("y");
    assert.deepEqual(texts(await pull.receive()), ["y"]);
  }));

test("messages and aborts at random: every message comes exactly once, in order", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    await join(pull, push);
    const got: string[] = [];
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    let sent = 0;
    while (sent < 300) {
      const controllers = Array.from({ length: 1 + random(4) }, () => new AbortController());
      const receives = controllers.map((each) =>
        pull.receive({ signal: each.signal }).then(
          (message) => got.push(...texts(message)),
          () => {},
        ),
      );
      for (let i = random(4); i > 0; i -= 1) push.trySend(String(sent++));
      await turns(random(3));
      for (const each of controllers) each.abort();
      await Promise.all(receives);
    }
    while (got.length < sent) got.push(...(await receiveTexts(pull)));
    assert.deepEqual(
      got,
      Array.from({ length: sent }, (_, i) => String(i)),
    );
  }));

test("a loop that is left early loses nothing and leaves the socket open", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    for (let i = 0; i < 6; i += 1) await push.send(String(i));
    const got: string[] = [];
    for await (const message of pull) {
      got.push(...texts(message));
      if (got.length === 2) break;
    }
    await assert.rejects(
      (async () => {
        for await (const message of pull) {
          got.push(...texts(message));
          throw new Error("left");
        }
      })(),
      /left/,
    );
    assert.equal(pull.closed, false);
    got.push(...receiveAll(pull).flat());
    assert.deepEqual(got, ["0", "1", "2", "3", "4", "5"]);
  }));

test("a loop ends when the socket is closed, during a wait as well as between messages", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    const loop = (async () => {
      const got: string[] = [];
      for await (const message of pull) got.push(...texts(message));
      return got;
    })();
    await push.send("1");
    await turns();
    await pull.close();
    assert.deepEqual(await loop, ["1"]);
    for await (const message of pull) assert.fail(`${message} came`);
  }));

test("a loop passes errors on: a receive timeout ends it with EAGAIN", () =>
  withSockets(async (open) => {
    const { pull } = await pipeline(open);
    pull.receiveTimeout = 1;
    await assert.rejects(
      (async () => {
        for await (const message of pull) assert.fail(`${message} came`);
      })(),
      { code: "EAGAIN" },
    );
  }));

test("two loops over one socket share its messages", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    const all: string[] = [];
    const loops = [0, 1].map(async () => {
      for await (const message of pull) all.push(...texts(message));
    });
    for (let i = 0; i < 10; i += 1) await push.send(String(i));
    await turns();
    await pull.close();
    await Promise.all(loops);
    assert.deepEqual(all.sort(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  }));

test("closing settles receives: what is there is still given, the others fail with EAGAIN", () =>
  withSockets(async (open) => {
    const { pull } = await pipeline(open);
    const first = pull.receive();
    const readable = pull.whenReadable();
    void pull.close();
    await assert.rejects(first, { code: "EAGAIN" });
    await assert.rejects(readable, { code: "EAGAIN" });
    await assert.rejects(pull.receive(), { code: "EBADF" });
    assert.throws(() => pull.tryReceive(), { code: "EBADF" });
    await assert.rejects(pull.receiveBatch(), { code: "EBADF" });
    assert.equal(pull.readable, false);
  }));

test("receiveBatch may be given up as long as it waits, and takes nothing then", () =>
  withSockets(async (open) => {
    const { push, pull } = await pipeline(open);
    const controller = new AbortController();
    const batch = pull.receiveBatch(10, { signal: controller.signal });
    assert.equal(await stateOf(batch), "pending");
    controller.abort();
    await assert.rejects(batch, { name: "AbortError" });
    await push.sendBatch(["1", "2"]);
    assert.deepEqual((await pull.receiveBatch()).flatMap(texts), ["1", "2"]);
  }));
