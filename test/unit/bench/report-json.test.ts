// SPDX-License-Identifier: MIT
/** Unit tests of bench/report-json.ts: results that are written, read again, and gathered suite by suite. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { mergeInto, readJson, type SuiteRun, writeJson } from "../../../bench/report-json.ts";
import { madeUpSuite } from "./made-up-results.ts";

function withFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-json-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function suite(name: string, started: string): SuiteRun {
  return { ...madeUpSuite(name), started, cases: [] };
}

test("suites are gathered in their order; the newer one replaces the older", () => {
  withFolder((folder) => {
    const file = join(folder, "gathered.json");
    const order = ["first", "second", "third"];
    writeJson(file, mergeInto(file, [suite("third", "1"), suite("second", "1")], order), []);
    writeJson(file, mergeInto(file, [suite("first", "2"), suite("third", "2")], order), []);
    assert.deepEqual(
      readJson(file).suites.map(({ name, started }) => `${name} ${started}`),
      ["first 2", "second 1", "third 2"],
    );
  });
});

test("a file of another kind is refused, not overwritten", () => {
  withFolder((folder) => {
    const file = join(folder, "other.json");
    writeFileSync(file, '{"schema":"something-else/1","suites":[]}');
    assert.throws(() => readJson(file), /other\.json: not zeromq-ts-bench\/2/);
    assert.throws(() => mergeInto(file, [suite("a", "1")], ["a"]), /not zeromq-ts-bench/);
  });
});
