// SPDX-License-Identifier: MIT
/** Every sentence of the RFCs that is listed has a test, or a reason for having none. The list is in `sentences/`. */
import assert from "node:assert/strict";
import test from "node:test";
import { contradictory, coverage, missing } from "../../scripts/spec-coverage.ts";

const all = coverage();

function ids(sentences: readonly { readonly id: string }[]): string[] {
  return sentences.map(({ id }) => id);
}

test("every sentence has a test, or a reason for having none", () => {
  assert.ok(all.length > 0);
  assert.deepEqual(ids(missing(all)), []);
});

test("no sentence has both a test and a reason for having none", () => {
  assert.deepEqual(ids(contradictory(all)), []);
});

test("every sentence is said once", () => {
  assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
});

test("every reason says something", () => {
  for (const { id, untested } of all) assert.ok(untested === undefined || untested.length > 20, id);
});
