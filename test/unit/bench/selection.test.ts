// SPDX-License-Identifier: MIT
/** Unit tests of bench/selection.ts: a run of all suites measures whatever the targets and charts rest on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chartsOf } from "../../../bench/charts/charts.ts";
import { readOptions } from "../../../bench/options.ts";
import type { Results } from "../../../bench/results.ts";
import { casesToRun } from "../../../bench/selection.ts";
import type { Suite, Workbench } from "../../../bench/suite.ts";
import { suites } from "../../../bench/suites.ts";
import { judgeAll } from "../../../bench/targets/targets.ts";
import { contender, madeUpSuite } from "./made-up-results.ts";

const workbench: Workbench = {
  script: () => ({ command: "", arguments: [] }),
  native: { folder: "", version: "4.0.0" },
  place: (launch) => launch,
};

const names = suites.map(({ name }) => name);

/** What a run with these options would write, with made-up figures. */
function resultsOf(...argv: readonly string[]): Results {
  const options = readOptions(argv, names);
  return {
    suites: suites.map((suite) => ({
      ...madeUpSuite(suite.name),
      cases: casesToRun(suite, options).map(({ name, parameters }) => ({
        name,
        parameters,
        contenders: contendersOf(suite),
      })),
    })),
  };
}

function contendersOf(suite: Suite): ReturnType<typeof contender>[] {
  const figures = Object.fromEntries(suite.metrics.map(({ name }) => [name, 1]));
  return suite.contenders(workbench).map(({ id, peer, label }) => ({ ...contender(id, figures), peer, label }));
}

test("a run of all suites leaves no target without its figures", () => {
  const gaps = judgeAll(resultsOf())
    .flatMap(({ atLeast, stretch }) => [...atLeast.gaps, ...(stretch?.gaps ?? [])])
    .filter(({ reason }) => reason !== "not there yet")
    // Suites that are still to come.
    .filter(({ reason }) => names.some((name) => reason.includes(name)));
  assert.deepEqual(gaps, []);
});

test("a run of all suites draws every chart that all cases would", () => {
  const drawn = (results: Results) => chartsOf(results).map(({ name }) => name);
  assert.deepEqual(drawn(resultsOf()), drawn(resultsOf("--full")));
});

test("who names suites, sizes or transports, or asks for everything, gets every case", () => {
  for (const suite of suites) {
    const count = (...argv: readonly string[]) => casesToRun(suite, readOptions(argv, names)).length;
    assert.ok(count() > 0, suite.name);
    assert.ok(count() <= count("--full"), suite.name);
    assert.equal(count("--suite", suite.name), count("--full"), suite.name);
  }
});
