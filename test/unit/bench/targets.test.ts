// SPDX-License-Identifier: MIT
/** Unit tests of bench/targets/ and bench/report-targets.ts: when a target holds, and what is said when nobody can know. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTargets } from "../../../bench/report-targets.ts";
import type { Results } from "../../../bench/results.ts";
import { figure, growth, notThereYet, over, times } from "../../../bench/targets/checks.ts";
import { type Check, type Judgement, judge } from "../../../bench/targets/target.ts";
import { judgeAll } from "../../../bench/targets/targets.ts";
import { contender, madeUp, madeUpCase, madeUpSuite } from "./made-up-results.ts";

const results: Results = {
  suites: [
    madeUpSuite(
      "speed",
      madeUpCase({ transport: "tcp", size: 1 }, contender("ours", { rate: 200 }), contender("peer", { rate: 100 })),
      madeUpCase({ transport: "tcp", size: 64 }, contender("ours", { rate: 90 }), contender("peer", { rate: 100 })),
      madeUpCase({ transport: "ipc", size: 1 }, contender("ours", { rate: 300 })),
    ),
  ],
};

function judged(...checks: readonly Check[]): Judgement["atLeast"] {
  return judge({ number: 1, what: "it", atLeast: { text: "be fast", checks } }, results).atLeast;
}

const fasterAt = (parameters: Record<string, string | number>, atLeast: number) =>
  times({ suite: "speed", parameters }, "ours", ["peer", "the peer"], "rate", { atLeast });

test("a target holds when every case does", () => {
  const { state, findings } = judged(fasterAt({ transport: "tcp" }, 0.9));
  assert.equal(state, "held");
  assert.deepEqual(
    findings.map(({ where, value, unit, limit, holds }) => ({ where, value, unit, limit, holds })),
    [
      { where: "tcp, 1", value: 2, unit: "× the peer", limit: "at least 0.90", holds: true },
      { where: "tcp, 64", value: 0.9, unit: "× the peer", limit: "at least 0.90", holds: true },
    ],
  );
});

test("a target is missed when one case is", () => {
  const { state, findings } = judged(fasterAt({ transport: "tcp" }, 1));
  assert.equal(state, "missed");
  assert.deepEqual(
    findings.map(({ holds }) => holds),
    [true, false],
  );
});

test("what was not measured never counts as held", () => {
  assert.equal(judged(fasterAt({ size: 1 }, 1)).state, "partly measured");
  assert.equal(
    judged(fasterAt({ transport: "tcp", size: 1 }, 1), fasterAt({ size: 1024 }, 1)).state,
    "partly measured",
  );
  assert.equal(judged(fasterAt({ transport: "ipc" }, 1)).state, "not measured");
  assert.equal(judged(fasterAt({ transport: "ipc" }, 1), fasterAt({ size: 64 }, 1)).state, "missed");
});

test("gaps say what is not there", () => {
  const other = figure(
    { suite: "other", parameters: { clients: 1 } },
    "ours",
    "rate",
    { atLeast: 1 },
    { scale: 1, unit: "" },
  );
  const { gaps } = judged(other, fasterAt({ transport: "ipc" }, 1), fasterAt({ size: 16 }, 1));
  assert.deepEqual(gaps, [
    { where: "1 client", reason: "not measured in this run (suite other)" },
    { where: "ipc, 1", reason: "not measured in this run of suite speed (ours or the peer)" },
    { where: "16 octets", reason: "not measured in this run of suite speed" },
  ]);
});

test("limits are kept by equality, on either side", () => {
  const place = { suite: "speed", parameters: { transport: "tcp", size: 1 } };
  const unit = { scale: 1e-2, unit: "hundred" };
  assert.equal(judged(figure(place, "ours", "rate", { atLeast: 200 }, unit)).state, "held");
  assert.equal(judged(figure(place, "ours", "rate", { atMost: 200 }, unit)).state, "held");
  assert.equal(judged(figure(place, "ours", "rate", { atMost: 199.9 }, unit)).state, "missed");
  const [finding] = judged(figure(place, "ours", "rate", { atLeast: 1 }, unit)).findings;
  assert.deepEqual([finding?.shown, finding?.range, finding?.unit], ["2.00", "1.80 – 2.40", "hundred"]);
});

test("what a figure is over another's is its difference, round by round", () => {
  const place = { suite: "speed", parameters: { transport: "tcp", size: 1 } };
  const check = over(place, "ours", ["peer", "the peer"], "rate", { atMost: 100 }, { scale: 1, unit: "octets" });
  const { state, findings } = judged(check);
  assert.equal(state, "held");
  assert.deepEqual([findings[0]?.value, findings[0]?.unit], [100, "octets more than the peer"]);
});

test("growth compares two cases", () => {
  const from = { parameters: { transport: "tcp", size: 1 }, name: "1 octet" };
  const to = { parameters: { transport: "tcp", size: 64 }, name: "64 octets" };
  const { state, findings } = judged(growth("speed", "ours", "rate", from, to, { atLeast: 0.5 }));
  assert.equal(state, "missed");
  assert.deepEqual([findings[0]?.where, findings[0]?.value], ["64 octets against 1 octet", 0.45]);
  const gone = { parameters: { size: 7 }, name: "7 octets" };
  assert.equal(judged(growth("speed", "ours", "rate", from, gone, { atLeast: 0.5 })).state, "not measured");
});

test("a feature that is missing, and a goal without a figure, are called so", () => {
  assert.equal(judged(notThereYet("CURVE")).state, "not there yet");
  assert.equal(judged().state, "nothing to measure");
});

test("there are twelve targets, and a run without results holds none of them", () => {
  const judgements = judgeAll({ suites: [] });
  assert.deepEqual(
    judgements.map(({ number }) => number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  );
  for (const { atLeast, stretch } of judgements) {
    assert.ok(["not measured", "not there yet"].includes(atLeast.state), atLeast.text);
    assert.ok(stretch === undefined || ["not measured", "nothing to measure"].includes(stretch.state));
  }
});

test("made-up results hold the targets that they were made to hold", () => {
  const states = Object.fromEntries(judgeAll(madeUp).map(({ number, atLeast }) => [number, atLeast.state]));
  assert.equal(states[1], "held");
  assert.equal(states[2], "held");
  assert.equal(states[3], "missed");
  assert.equal(states[4], "held");
  assert.equal(states[7], "held");
  assert.equal(states[9], "held");
});

test("targets are printed with their figures, limits and gaps", () => {
  const target = {
    number: 3,
    what: "Speed",
    atLeast: { text: "as fast", checks: [fasterAt({ transport: "tcp" }, 1), fasterAt({ transport: "ipc" }, 1)] },
    stretch: { text: "by design", checks: [] },
    note: "a note",
  };
  assert.equal(
    formatTargets([judge(target, results)], false),
    [
      "Targets",
      "",
      " 3. Speed",
      "    at least: as fast: MISSED",
      "      + tcp, 1   2.00 × the peer (2.00 – 2.00)",
      "      - tcp, 64  0.90 × the peer (0.90 – 0.90), wanted at least 1.00",
      "      ? ipc, 1: not measured in this run of suite speed (ours or the peer)",
      "    stretch: by design: NOTHING TO MEASURE",
      "    (a note)",
    ].join("\n"),
  );
});

test("targets of a quick run come with a caution", () => {
  assert.match(formatTargets(judgeAll({ suites: [] }), true), /^Targets\nThis was a quick look/);
});
