// SPDX-License-Identifier: MIT
/** The project's test runner, shown folders of small test files: what it counts, what it says, how it exits. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../scripts/test.mjs", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly last: string;
  readonly output: string;
}

/** Runs the runner over files with these contents. */
function run(files: Record<string, string>, args: readonly string[] = [], environment = {}): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-runner-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), `import test from "node:test";\n${text}\n`);
    }
    const env = { ...process.env, CI: "", ...environment };
    const { status, stdout } = spawnSync(process.execPath, [script, "--folder", folder, ...args], {
      env,
      encoding: "utf8",
    });
    return { code: status, last: stdout.trimEnd().split("\n").at(-1) ?? "", output: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("counts tests, also inner ones, over all files", () => {
  const { code, last } = run({
    "a.test.ts": 'test("one", () => {}); test("two", async (t) => { await t.test("inner", () => {}); });',
    "b/c.test.ts": 'test.describe("suite", () => { test("three", () => {}); });',
    "helper.ts": "throw new Error();",
  });
  assert.deepEqual([code, last], [0, "4 passed, 0 failed"]);
});

test("a failure is told with its name and message, counted once, and ends in exit code 1", () => {
  const { code, last, output } = run({
    "a.test.ts": 'test("fine", () => {}); test("outer", (t) => t.test("inner", () => { throw new Error("boom"); }));',
  });
  assert.deepEqual([code, last], [1, "1 passed, 1 failed"]);
  assert.match(output, /✗ outer › inner\n {4}Error: boom/);
});

test("a skipped test is named with its reason, and fails in CI", () => {
  const files = { "a.test.ts": 'test("one", () => {}); test("two", (t) => t.skip("jeromq: not installed"));' };
  const here = run(files);
  assert.deepEqual([here.code, here.last], [0, "1 passed, 0 failed, 1 skipped"]);
  assert.match(here.output, /two \(jeromq: not installed\)/);
  const ci = run(files, [], { CI: "true" });
  assert.deepEqual([ci.code, ci.last], [1, "1 passed, 0 failed, 1 skipped"]);
});

test("no test at all is a failure", () => {
  assert.deepEqual(run({}).code, 1);
  assert.deepEqual(run({}).last, "0 passed, 0 failed");
  assert.deepEqual(run({ "a.test.ts": "" }).code, 1);
});

test("only files whose path contains a word are run", () => {
  const files = { "a.test.ts": 'test("a", () => {});', "b.test.ts": 'throw new Error("not wanted");' };
  assert.deepEqual(run(files, ["a.test"]).last, "1 passed, 0 failed");
});

test("a file that ends early, breaks down or never ends is a failure, and what it was doing is told", () => {
  const { code, last, output } = run(
    {
      "early.test.ts": 'test("leaves", async () => { await new Promise(setImmediate); process.exit(0); });',
      "breaks.test.ts": 'throw new Error("at the top");',
      "hangs.test.ts": 'test("waits for ever", () => new Promise(() => { setInterval(() => {}, 1000); }));',
      "open.test.ts": 'test("leaves a timer", () => { setInterval(() => {}, 1000); });',
    },
    ["--test-timeout", "2"],
  );
  assert.deepEqual([code, last], [1, "1 passed, 4 failed"]);
  assert.match(output, /ended in the middle of a test: leaves/);
  assert.match(output, /at the top/);
  assert.match(output, /nothing happened for 2 s: waits for ever/);
  assert.match(output, /nothing happened for 2 s, although all its tests had ended/);
});
