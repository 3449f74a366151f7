// SPDX-License-Identifier: MIT
/** Recurring timers, as libzmq's test_timers has them: asked for and executed by hand, and on the clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Timers } from "../../../src/api/timers.ts";
import { Timers as RealTimers } from "../../../src/index.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { stateOf } from "../../support/sockets.ts";

/** Timers on a clock that the test moves; `called`: ids, in order. */
function rig(): { timers: Timers; clock: FakeClock; called: number[]; call: (id: number) => void; held: () => number } {
  const clock = new FakeClock();
  const called: number[] = [];
  let held = 0;
  const keepAlive = {
    hold: () => {
      held += 1;
    },
    release: () => {
      held -= 1;
    },
  };
  const timers = new Timers({ ...nodeRuntime, clock, keepAlive });
  return { timers, clock, called, call: (id) => called.push(id), held: () => held };
}

test("nothing to wait for", () => {
  const { timers } = rig();
  assert.equal(timers.timeout(), -1);
  timers.execute();
  assert.equal(timers.size, 0);
});

test("a timer is due after its interval, again and again; executed late, it is called once", () => {
  const { timers, clock, called, call } = rig();
  assert.equal(timers.add(100, call), 1);
  assert.equal(timers.timeout(), 100);
  timers.execute();
  clock.advance(99);
  assert.equal(timers.timeout(), 1);
  clock.advance(1);
  assert.equal(timers.timeout(), 0);
  timers.execute();
  assert.deepEqual([called, timers.timeout()], [[1], 100]);
  clock.advance(350);
  timers.execute();
  assert.deepEqual([called, timers.timeout()], [[1, 1], 100]);
});

test("several are called in the order in which they were due", () => {
  const { timers, clock, called, call } = rig();
  timers.add(30, call);
  timers.add(10, call);
  timers.add(20, call);
  timers.add(10, call);
  clock.advance(25);
  timers.execute();
  assert.deepEqual(called, [2, 4, 3]);
  assert.equal(timers.timeout(), 5);
});

test("reset begins anew, setInterval too with another interval, cancel ends", () => {
  const { timers, clock, called, call } = rig();
  const id = timers.add(100, call);
  clock.advance(60);
  timers.reset(id);
  clock.advance(60);
  timers.execute();
  assert.deepEqual([called, timers.timeout()], [[], 40]);
  timers.setInterval(id, 10);
  assert.equal(timers.timeout(), 10);
  clock.advance(10);
  timers.execute();
  assert.deepEqual([called, timers.timeout()], [[id], 10]);
  timers.cancel(id);
  clock.advance(100);
  timers.execute();
  assert.deepEqual([called, timers.timeout(), timers.size], [[id], -1, 0]);
  assert.equal(timers.add(1, call), 2, "no id is used twice");
});

test("handlers may change everything", () => {
  const { timers, clock, called } = rig();
  const first = timers.add(10, (id) => {
    called.push(id);
    timers.cancel(second);
    timers.add(0, (other) => called.push(other));
  });
  const second = timers.add(10, () => assert.fail("was cancelled"));
  clock.advance(10);
  timers.execute();
  assert.deepEqual(called, [first], "what was added meanwhile is due the next time");
  timers.execute();
  assert.deepEqual(called, [first, 3]);
});

test("a handler that throws leaves the others due", () => {
  const { timers, clock, called, call } = rig();
  timers.add(10, () => {
    throw new Error("mine");
  });
  timers.add(10, call);
  clock.advance(10);
  assert.throws(() => timers.execute(), /mine/);
  timers.execute();
  assert.deepEqual(called, [2]);
});

test("what it refuses", () => {
  const { timers, call } = rig();
  for (const id of [0, 1, -1]) {
    assert.throws(() => timers.cancel(id), { code: "EINVAL" });
    assert.throws(() => timers.reset(id), { code: "EINVAL" });
    assert.throws(() => timers.setInterval(id, 1), { code: "EINVAL" });
  }
  const id = timers.add(0, call);
  timers.cancel(id);
  assert.throws(() => timers.cancel(id), { code: "EINVAL" });
  for (const interval of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => timers.add(interval, call), { code: "EINVAL" });
  }
  assert.throws(() => timers.add("1" as never, call), TypeError);
  assert.throws(() => timers.add(1, undefined as never), TypeError);
});

test("run: on the clock, with what is added and taken away meanwhile, until none is left", async () => {
  const { timers, clock, called, call, held } = rig();
  const id = timers.add(100, call);
  const run = timers.run();
  assert.equal(held(), 1);
  clock.advance(250);
  assert.deepEqual(called, [id, id]);
  const quick = timers.add(10, call);
  clock.advance(20);
  assert.deepEqual(called, [id, id, quick, quick]);
  timers.setInterval(quick, 1000);
  clock.advance(30);
  assert.deepEqual(called, [id, id, quick, quick, id]);
  timers.cancel(id);
  assert.equal(await stateOf(run), "pending");
  timers.cancel(quick);
  await run;
  assert.deepEqual([held(), clock.running], [0, 0]);
  await timers.run();
});

test("run ends with stop, with its signal, and with the error of a handler", async () => {
  const { timers, clock, called, call } = rig();
  const id = timers.add(10, call);
  const first = timers.run();
  timers.stop();
  await first;
  const controller = new AbortController();
  const [second, third] = [timers.run({ signal: controller.signal }), timers.run()];
  controller.abort();
  await assert.rejects(second, { name: "AbortError" });
  clock.advance(10);
  assert.deepEqual(called, [id]);
  timers.add(5, () => {
    throw new Error("mine");
  });
  clock.advance(5);
  await assert.rejects(third, /mine/);
  assert.equal(clock.running, 0);
  await assert.rejects(timers.run({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("on the clock of the runtime", async () => {
  const timers = new RealTimers();
  let left = 3;
  timers.add(1, (id) => {
    left -= 1;
    if (left === 0) timers.cancel(id);
  });
  await timers.run();
  assert.equal(left, 0);
});
