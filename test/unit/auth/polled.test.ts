// SPDX-License-Identifier: MIT
/** What is read again when it is needed: not more often than it must, and never older than was asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Polled } from "../../../src/auth/polled.ts";

/** Counts readings; each ends when it is told to. */
function rig(): {
  polled: Polled<number>;
  started: () => number;
  end: () => Promise<void>;
  wait: (time: number) => void;
} {
  let [count, now] = [0, 0];
  const open: (() => void)[] = [];
  const polled = new Polled<number>(
    () => {
      count += 1;
      const mine = count;
      return new Promise((resolve) => open.push(() => resolve(mine)));
    },
    1000,
    () => now,
  );
  const end = async (): Promise<void> => {
    open.shift()?.();
    for (let i = 0; i < 8; i += 1) await Promise.resolve();
  };
  return { polled, started: () => count, end, wait: (time) => (now += time) };
}

test("many who ask share one reading, and what was read is good for the interval", async () => {
  const { polled, started, end, wait } = rig();
  const all = Promise.all([polled.get(), polled.get(), polled.get()]);
  await end();
  assert.deepEqual(await all, [1, 1, 1]);
  wait(999);
  assert.equal(await polled.get(), 1);
  wait(1);
  const again = polled.get();
  await end();
  assert.deepEqual([await again, started()], [2, 2]);
});

test("news is what was read after it was asked for; all who ask for it while a reading goes on share the next", async () => {
  const { polled, started, end } = rig();
  const first = polled.get();
  const news = Promise.all([polled.fresh(), polled.fresh(), polled.fresh()]);
  await end();
  assert.deepEqual([await first, started()], [1, 2]);
  await end();
  assert.deepEqual([await news, started()], [[2, 2, 2], 2]);
  const more = polled.fresh();
  await end();
  assert.equal(await more, 3);
});
