// SPDX-License-Identifier: MIT
/** Unit tests of bench/results.ts: what was not measured, failed or is no number is never a figure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  casesOf,
  comparedWith,
  differenceOf,
  figureOf,
  type MeasuredCase,
  ratioOf,
  suiteOf,
} from "../../../bench/results.ts";
import { contender, madeUpCase, madeUpSuite } from "./made-up-results.ts";

function withRounds(rounds: Readonly<Record<string, readonly number[]>>): MeasuredCase {
  const contenders = Object.entries(rounds).map(([id, values]) => ({
    id,
    peer: id,
    label: id,
    metrics: { rate: { rounds: values } },
  }));
  return madeUpCase({}, ...contenders);
}

test("cases are found by their suite and by some of their parameters", () => {
  const suite = madeUpSuite(
    "a",
    madeUpCase({ size: 1, peers: 1 }),
    madeUpCase({ size: 1, peers: 2 }),
    madeUpCase({ size: 2 }),
  );
  const results = { suites: [suite] };
  assert.equal(casesOf(results, "a", { size: 1 }).length, 2);
  assert.equal(casesOf(results, "a").length, 3);
  assert.deepEqual(casesOf(results, "a", { size: "1" }), []);
  assert.deepEqual(casesOf(results, "b"), []);
  assert.equal(suiteOf(results, "b"), undefined);
});

test("a figure is the spread of its rounds; one round is enough", () => {
  assert.deepEqual(figureOf(withRounds({ a: [3, 1, 2] }), "a", "rate"), { median: 2, min: 1, max: 3 });
  assert.deepEqual(figureOf(withRounds({ a: [3] }), "a", "rate"), { median: 3, min: 3, max: 3 });
});

test("there is no figure without rounds, and none where a round is no number", () => {
  // JSON writes NaN as null.
  const read = JSON.parse(JSON.stringify([1, Number.NaN])) as number[];
  for (const rounds of [[], [1, Number.NaN], [Number.POSITIVE_INFINITY], read]) {
    assert.equal(figureOf(withRounds({ a: rounds }), "a", "rate"), undefined);
  }
  assert.equal(figureOf(withRounds({ a: [1] }), "a", "p50"), undefined);
  assert.equal(figureOf(withRounds({ a: [1] }), "b", "rate"), undefined);
  assert.equal(figureOf(madeUpCase({}, { ...contender("a", {}), failure: "fell over" }), "a", "rate"), undefined);
});

test("a ratio pairs the rounds", () => {
  const measured = withRounds({ a: [20, 10, 2], b: [10, 5, 1] });
  assert.deepEqual(ratioOf(measured, "a", "b", "rate"), { median: 2, min: 2, max: 2 });
});

test("there is no ratio to what was not measured, has other rounds, or is zero", () => {
  const measured = withRounds({ a: [1, 2], short: [1], zero: [0, 1], none: [] });
  for (const baseline of ["absent", "short", "zero", "none"]) {
    assert.equal(ratioOf(measured, "a", baseline, "rate"), undefined, baseline);
  }
  assert.deepEqual(ratioOf(measured, "zero", "a", "rate"), { median: 0.25, min: 0, max: 0.5 });
});

test("a difference pairs the rounds too, and may be negative", () => {
  assert.deepEqual(differenceOf([5, 1], [1, 3]), { median: 1, min: -2, max: 4 });
  assert.equal(differenceOf([1], [1, 2]), undefined);
  assert.equal(differenceOf(undefined, [1]), undefined);
});

test("PAIR is compared with PAIR, and with a peer that knows no socket types", () => {
  const measured = withRounds({
    ours: [4],
    "ours-pair": [4],
    libzmq: [1],
    "libzmq-pair": [2],
    "zeromq.js": [8],
    raw: [16],
  });
  const against = (id: string, baseline: string) => comparedWith(measured, id, baseline, "rate")?.median;
  assert.equal(against("ours", "libzmq"), 4);
  assert.equal(against("ours-pair", "libzmq"), 2);
  assert.equal(against("ours-pair", "zeromq.js"), undefined);
  assert.equal(against("ours-pair", "raw"), 0.25);
});
