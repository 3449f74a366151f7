// SPDX-License-Identifier: MIT
/**
 * The conformance of all transports on other runtimes than the one that runs the tests; the rest of the suites there is
 * `npm run runtimes`. And the page about runtimes is as the results of that have it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { install } from "./installed.ts";
import { runFile } from "./runs.ts";
import { page, writeTables } from "./tables.ts";

const FILE = "conformance/transport.test.ts";

for (const name of ["node-26", "bun", "deno"]) {
  test(`${name}: every transport conforms`, { timeout: 110_000 }, async () => {
    const ended = await runFile(install(name), FILE, 60_000);
    const failures = ended.filter(({ failure }) => failure !== undefined);
    assert.ok(failures.length === 0, failures.map(({ title, failure }) => `${title}: ${failure}`).join("\n"));
    assert.ok(ended.filter(({ skip }) => skip === undefined).length > 80, `${ended.length} tests`);
  });
}

test("docs/runtimes.md is as test/runtimes/results.json has it; if not: npm run runtimes", () => {
  assert.equal(readFileSync(page, "utf8"), writeTables());
});
