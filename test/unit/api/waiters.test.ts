// SPDX-License-Identifier: MIT
/** Operations that wait, on a fake clock: served in call order, cancelled without any effect, each settled exactly once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_WAITING, Waiters } from "../../../src/api/waiters.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function open(): {
  clock: FakeClock;
  waiters: Waiters<number, string>;
  held: { count: number };
  gaveUp: { count: number };
} {
  const clock = new FakeClock();
  const held = { count: 0 };
  const gaveUp = { count: 0 };
  const keepAlive = {
    hold: () => {
      held.count += 1;
    },
    release: () => {
      held.count -= 1;
    },
  };
  const waiters = new Waiters<number, string>(clock, keepAlive, "test()", () => {
    gaveUp.count += 1;
  });
  return { clock, waiters, held, gaveUp };
}

test("operations are served in call order, and hold the process while they wait", async () => {
  const { waiters, held } = open();
  const all = ["a", "b", "c"].map((what) => waiters.wait(what, -1, undefined));
  assert.equal(held.count, 3);
  for (const [value, what] of [
    [1, "a"],
    [2, "b"],
  ] as const) {
    assert.equal(waiters.first, what);
    waiters.resolveFirst(value);
  }
  waiters.rejectFirst(new Error("no"));
  assert.equal(held.count, 0);
  assert.deepEqual(await Promise.all(all.slice(0, 2)), [1, 2]);
  await assert.rejects(all[2] as Promise<number>, /no/);
  assert.equal(waiters.length, 0);
});

test("a timeout takes the operation out of line, with EAGAIN, exactly when it is over", async () => {
  const { clock, waiters, held, gaveUp } = open();
  const first = waiters.wait("a", 100, undefined);
  const second = waiters.wait("b", -1, undefined);
  clock.advance(99);
  assert.equal(waiters.length, 2);
  clock.advance(1);
  await assert.rejects(first, { code: "EAGAIN", message: /after 100 ms/ });
  assert.deepEqual([waiters.first, held.count, gaveUp.count], ["b", 1, 1]);
  waiters.resolveFirst(2);
  assert.equal(await second, 2);
});

test("a timeout of 0 does not wait at all", async () => {
  const { waiters, held } = open();
  await assert.rejects(waiters.wait("a", 0, undefined), { code: "EAGAIN" });
  assert.deepEqual([waiters.length, held.count], [0, 0]);
});

test("an aborted signal takes the operation out of line; its reason is the cause", async () => {
  const { waiters, held, gaveUp } = open();
  const controller = new AbortController();
  const waiting = waiters.wait("a", -1, controller.signal);
  controller.abort("changed my mind");
  await assert.rejects(waiting, { name: "AbortError", code: "ECANCELED", cause: "changed my mind" });
  await assert.rejects(waiters.wait("b", -1, controller.signal), { name: "AbortError" });
  assert.deepEqual([waiters.length, held.count, gaveUp.count], [0, 0, 1]);
});

test("once settled, neither signal nor timeout has any effect, and nothing is left on the signal or the clock", async () => {
  const { clock, waiters, gaveUp } = open();
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...all: Parameters<typeof add>) => {
    listeners += 1;
    add(...all);
  };
  signal.removeEventListener = (...all: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...all);
  };
  const waiting = waiters.wait("a", 100, signal);
  waiters.resolveFirst(7);
  assert.deepEqual([clock.running, listeners], [0, 0]);
  controller.abort();
  clock.advance(1000);
  assert.equal(await waiting, 7);
  assert.equal(gaveUp.count, 0);
});

test("of many that wait, any may give up, and the others keep their order", async () => {
  const { waiters } = open();
  const controllers = Array.from({ length: 9 }, () => new AbortController());
  const results = controllers.map((each, i) => waiters.wait(String(i), -1, each.signal).catch(() => -1));
  for (const i of [0, 8, 4, 5]) controllers[i]?.abort();
  while (waiters.length > 0) waiters.resolveFirst(Number(waiters.first));
  assert.deepEqual(await Promise.all(results), [-1, 1, 2, 3, -1, -1, 6, 7, -1]);
});

test("so many may wait and no more", async () => {
  const { waiters } = open();
  const all: Promise<number>[] = [];
  for (let i = 0; i < MAX_WAITING; i += 1) all.push(waiters.wait("", -1, undefined));
  await assert.rejects(waiters.wait("", -1, undefined), { code: "EAGAIN", message: /wait already/ });
  while (waiters.length > 0) waiters.resolveFirst(0);
  await Promise.all(all);
});
