// SPDX-License-Identifier: MIT
/** The options of browsers say the same as the whole table's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { optionRows as slimRows } from "../../../src/slim/option-rows.ts";
import { optionRows } from "../../../src/socket/option-rows.ts";

/** What libzmq's numbers take besides is no matter where there are none. */
const UNEQUAL = new Set(["affinity", "topicsCount"]);

for (const row of slimRows) {
  test(`${row.name} is the option of the whole table`, () => {
    const whole = optionRows.find(({ name }) => name === row.name);
    assert.ok(whole !== undefined);
    if (UNEQUAL.has(row.name)) return;
    const { truths, ...type } = whole.type as { truths?: string; kind: string };
    assert.deepEqual(row.type, type, `type; ${truths ?? ""}`);
    assert.deepEqual(row.default, whole.default);
    assert.equal(row.immediate === true, whole.immediate === true);
    assert.deepEqual(row.on && [...row.on].sort(), whole.on && [...whole.on].sort());
  });
}
