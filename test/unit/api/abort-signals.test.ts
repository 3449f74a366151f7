// SPDX-License-Identifier: MIT
/** Abort signals: one listener for each, however many calls share it, and none once nobody waits. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { AbortSignals } from "../../../src/api/abort-signals.ts";
import { collectGarbage } from "../../support/leaks.ts";
import { runProgram } from "../../support/program.ts";

test("however many callbacks share a signal, it has one listener, and all are called once", () => {
  const signals = new AbortSignals();
  const controller = new AbortController();
  const called: number[] = [];
  for (let i = 0; i < 100; i += 1) signals.add(controller.signal, () => called.push(i));
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  controller.abort();
  assert.deepEqual(
    called,
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("with the last callback the listener goes too, and may come again", () => {
  const signals = new AbortSignals();
  const { signal } = new AbortController();
  const [first, second] = [() => {}, () => {}];
  signals.add(signal, first);
  signals.add(signal, second);
  signals.remove(signal, first);
  signals.remove(signal, first);
  assert.equal(getEventListeners(signal, "abort").length, 1);
  signals.remove(signal, second);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  signals.add(signal, first);
  assert.equal(getEventListeners(signal, "abort").length, 1);
});

test("a callback that takes others back, while all are called, keeps those from being called", () => {
  const signals = new AbortSignals();
  const controller = new AbortController();
  const called: string[] = [];
  const second = (): void => void called.push("second");
  signals.add(controller.signal, () => {
    called.push("first");
    signals.remove(controller.signal, second);
  });
  signals.add(controller.signal, second);
  controller.abort();
  assert.deepEqual(called, ["first"]);
});

test("a signal that nobody waits for any more is let go", async () => {
  const signals = new AbortSignals();
  let gone = 0;
  const registry = new FinalizationRegistry(() => {
    gone += 1;
  });
  (() => {
    for (let i = 0; i < 10; i += 1) {
      const { signal } = new AbortController();
      registry.register(signal, undefined);
      const callback = (): void => {};
      signals.add(signal, callback);
      signals.remove(signal, callback);
    }
  })();
  await collectGarbage();
  assert.ok(gone >= 9, `${gone} of 10 are gone`);
});

test("a hundred calls that share a signal make the runtime warn of nothing", async () => {
  const { code, errors, output } = await runProgram(`
    const { signal } = new AbortController();
    const sockets = Array.from({ length: 10 }, () => new zmq.Pair());
    for (const socket of sockets) for (let i = 0; i < 5; i += 1) {
      socket.receive({ signal }).catch(() => {});
      socket.send("x", { signal }).catch(() => {});
      socket.events.receive({ signal }).catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const socket of sockets) await socket.close();
    print("done");`);
  assert.deepEqual([code, output, errors], [0, "done\n", ""]);
});
