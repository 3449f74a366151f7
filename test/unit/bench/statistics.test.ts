// SPDX-License-Identifier: MIT
/** Unit tests of bench/statistics.ts: what the benchmark tables say rests on these few lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ratio, spread } from "../../../bench/statistics.ts";

test("the spread of an odd number of values has the middle one as its median", () => {
  assert.deepEqual(spread([5, 1, 3]), { median: 3, min: 1, max: 5 });
});

test("the spread of an even number of values has the mean of the middle two as its median", () => {
  assert.deepEqual(spread([4, 1, 3, 10]), { median: 3.5, min: 1, max: 10 });
});

test("a spread leaves the order of its values alone", () => {
  const values = [2, 1];
  spread(values);
  assert.deepEqual(values, [2, 1]);
});

test("ratios are taken round by round, so that a machine that slows down leaves them alone", () => {
  assert.deepEqual(ratio([20, 10, 2], [10, 5, 1]), { median: 2, min: 2, max: 2 });
});

test("no values, or rounds that don't pair up, are refused", () => {
  assert.throws(() => spread([]), RangeError);
  assert.throws(() => ratio([1], [1, 2]), RangeError);
});
