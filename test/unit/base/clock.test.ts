// SPDX-License-Identifier: MIT
/** Real time: timers that fire once, can be stopped, and never keep a program alive. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_DELAY, SystemClock } from "../../../src/base/clock.ts";
import { runProgram } from "../../support/program.ts";

/** Keeps the process alive until a promise settles: the clock's own timers do not. */
async function held<T>(promise: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 1 << 30);
  try {
    return await promise;
  } finally {
    clearInterval(hold);
  }
}

const clock = new SystemClock();

test("time goes forward, in milliseconds", async () => {
  const begin = clock.now();
  await held(new Promise<void>((resolve) => clock.setTimer(20, resolve)));
  const passed = clock.now() - begin;
  assert.ok(passed >= 19 && passed < 1000, String(passed));
});

test("a timer that was cancelled does not fire; to cancel again, or too late, is harmless", async () => {
  let fired = 0;
  const cancelled = clock.setTimer(1, () => assert.fail("cancelled"));
  cancelled.cancel();
  cancelled.cancel();
  const timer = clock.setTimer(1, () => {
    fired += 1;
  });
  await held(new Promise<void>((resolve) => clock.setTimer(10, resolve)));
  timer.cancel();
  assert.equal(fired, 1);
});

test("delays longer than the system's longest are that one, not none at all", async () => {
  let fired = false;
  for (const delay of [LONGEST_DELAY + 1, 1e15, Number.POSITIVE_INFINITY]) {
    const timer = clock.setTimer(delay, () => {
      fired = true;
    });
    await held(new Promise<void>((resolve) => clock.setTimer(2, resolve)));
    timer.cancel();
  }
  assert.equal(fired, false);
});

test("what is deferred runs after this code; a turn comes after input and output", async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    clock.yieldTurn(() => {
      order.push("turn");
      resolve();
    });
    clock.defer(() => order.push("deferred"));
    order.push("now");
  });
  assert.deepEqual(order, ["now", "deferred", "turn"]);
});

test("a timer keeps no program alive", async () => {
  const clockFile = new URL("../../../src/base/clock.ts", import.meta.url).href;
  const { code, lasted } = await runProgram(`
    const { SystemClock } = await import(${JSON.stringify(clockFile)});
    new SystemClock().setTimer(60_000, () => print("fired"));
    print("READY");`);
  assert.equal(code, 0);
  assert.ok(lasted < 4000);
});
