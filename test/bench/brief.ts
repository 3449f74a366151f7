// SPDX-License-Identifier: MIT
/**
 * Suites of the benchmarks, run as briefly as it goes, with a check that a table and finite figures come out. Nothing here is timed:
 * what the figures are is no business of a test. The suites-*.test.ts beside run a part each, so that they run side by side.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { RunResult } from "../../bench/report-json.ts";
import type { Suite } from "../../bench/suite.ts";
import { suites } from "../../bench/suites.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

/** How the benchmarks ended, all that they printed, and what they wrote. */
interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly result: RunResult | undefined;
}

/** Runs the benchmarks; what they write is read where they went well. */
export async function bench(...options: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-test-"));
  const json = join(folder, "bench.json");
  const child = spawn(process.execPath, ["--import", "tsx", main, ...options, "--json", json], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  const result = code === 0 ? (JSON.parse(readFileSync(json, "utf8")) as RunResult) : undefined;
  rmSync(folder, { recursive: true, force: true });
  return { code, output, result };
}

/** The cases of one suite: each contender has each figure, and all of it is in the table. */
function check(suite: Suite, { output, result }: Outcome): void {
  assert.ok(output.includes(suite.title), output);
  const cases = (result?.suites ?? []).filter(({ name }) => name === suite.name).flatMap((written) => written.cases);
  assert.ok(cases.length > 0);
  const missing = new Set(suite.metrics.map((metric) => metric.name));
  for (const { name, contenders } of cases) {
    assert.ok(output.includes(name), output);
    assert.ok(contenders.some(({ peer }) => peer === "ours"));
    for (const { label, peer, metrics } of contenders) {
      assert.ok(output.includes(label), output);
      for (const metric of suite.metrics) {
        const { median, ratios } = metrics[metric.name] ?? assert.fail(`${label} has no ${metric.name}`);
        // JSON's word for what there is none of: libzmq has no JavaScript heap, and the first figure is everybody's.
        if ((median as number | null) === null && metric !== suite.metrics[0]) continue;
        assert.ok(Number.isFinite(median) && median >= 0, `${label}: ${metric.name} is ${median}`);
        if (peer === "ours") missing.delete(metric.name);
        for (const [id, ratio] of Object.entries(ratios)) assert.ok(ratio.median >= 0, `${label}: × ${id}`);
      }
    }
  }
  assert.deepEqual([...missing], [], "ours has each figure in some case");
}

/** Tests of every suite whose turn it is: the first of `parts` parts has the first, the second the second … */
export function testSuites(part: number, parts: number): void {
  const chosen = suites
    .filter((_, index) => index % parts === part - 1)
    .map((suite) => ({ suite, skip: suite.whyNot?.() ?? false }));
  const names = chosen.flatMap(({ suite, skip }) => (skip === false ? [suite.name] : [])).join(",");
  const brief = ["--quick", "--rounds", "1", "--count", "50", "--sizes", "16"];
  // Compiled once for all of them.
  const running = bench("--suite", names, ...brief);
  for (const { suite, skip } of chosen) {
    test(`the benchmark suite "${suite.name}" prints a table and writes finite figures`, { skip }, async () => {
      const outcome = await running;
      assert.equal(outcome.code, 0, outcome.output);
      check(suite, outcome);
    });
  }
}
