// SPDX-License-Identifier: MIT
/** The benchmarks' command: what it says to a wrong option, and that it finds a count of its own where none is given. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "./brief.ts";

test("a wrong option of the benchmarks is named, with the usage", async () => {
  const { code, output } = await bench("--suite", "none");
  assert.equal(code, 2);
  assert.match(output, /--suite none: give one of throughput/);
  assert.match(output, /npm run bench -- \[options\]/);
});

test("without a count, one is found that takes about the time that was asked for", async () => {
  const options = ["--quick", "--rounds", "1", "--sizes", "16", "--peers", "ours", "--suite", "inproc"];
  const { code, output, result } = await bench(...options, "--time", "0.01");
  assert.equal(code, 0, output);
  for (const { contenders } of result?.suites[0]?.cases ?? assert.fail(output)) {
    for (const { label, count } of contenders) assert.ok(count >= 50, `${label}: ${count}`);
  }
});
