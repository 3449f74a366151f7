// SPDX-License-Identifier: MIT
/** Unit tests of bench/report.ts, the table of the benchmarks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSuite } from "../../../bench/report.ts";
import type { ContenderResult, SuiteResult } from "../../../bench/runner.ts";
import type { Suite } from "../../../bench/suite.ts";

const suite: Suite = {
  name: "demo",
  title: "Demo",
  metrics: [
    { name: "rate", label: "k msg/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "cpu", label: "CPU", better: "lower", scale: 1, digits: 0 },
  ],
  baselines: ["libzmq", "absent"],
  contenders: () => [],
  cases: () => [],
};

function contender(id: string, rate: number, toLibzmq: number): ContenderResult {
  const metric = (value: number, ratio: number) => ({
    median: value,
    min: value / 2,
    max: value * 2,
    rounds: [value],
    ratios: { libzmq: { median: ratio, min: ratio, max: ratio } },
  });
  return {
    id,
    peer: "ours",
    label: id,
    count: 1,
    warmUp: 1,
    metrics: { rate: metric(rate, toLibzmq), cpu: metric(7, 1) },
  };
}

test("a table has a group of rows per case, a ratio column per baseline that ran, and says what failed", () => {
  const failed: ContenderResult = { ...contender("broken", 1, 1), metrics: {}, failure: "it fell over" };
  const result: SuiteResult = {
    name: "demo",
    title: "Demo",
    cases: [
      {
        name: "16 octets",
        parameters: { size: 16 },
        contenders: [contender("ours", 6_000_000, 1.5), contender("libzmq", 4e6, 1), failed],
      },
    ],
  };
  assert.equal(
    formatSuite(suite, result),
    [
      "Demo",
      "           k msg/s            min – max   × libzmq C   CPU",
      "16 octets",
      "  ours     6,000.0   3,000.0 – 12,000.0         1.50     7",
      "  libzmq   4,000.0    2,000.0 – 8,000.0         1.00     7",
      "  broken   failed, see below",
    ].join("\n"),
  );
});
