// SPDX-License-Identifier: MIT
/**
 * Runs every suite of the benchmarks as briefly as it goes and checks that a table and finite figures come out. Nothing
 * here is timed: what the figures are is no business of a test. Under test: bench/main.ts and all that it starts.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { RunResult } from "../bench/report-json.ts";
import { suites } from "../bench/suites.ts";

const main = fileURLToPath(new URL("../bench/main.ts", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

function bench(...options: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-test-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const suite of suites) {
  test(`the benchmark suite "${suite.name}" prints a table and writes finite figures`, () =>
    withFolder(async (folder) => {
      const json = join(folder, "bench.json");
      const brief = ["--quick", "--rounds", "1", "--time", "0.01", "--sizes", "16"];
      const { code, output } = await bench("--suite", suite.name, ...brief, "--json", json);
      assert.equal(code, 0, output);

      const result = JSON.parse(readFileSync(json, "utf8")) as RunResult;
      assert.ok(output.includes(suite.title), output);
      const cases = result.suites.flatMap((written) => written.cases);
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
    }));
}

test("a wrong option of the benchmarks is named, with the usage", async () => {
  const { code, output } = await bench("--suite", "none");
  assert.equal(code, 2);
  assert.match(output, /--suite none: give one of throughput/);
  assert.match(output, /npm run bench -- \[options\]/);
});
