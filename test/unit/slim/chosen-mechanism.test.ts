// SPDX-License-Identifier: MIT
/** The mechanism of a page's sockets is the one that sockets elsewhere would have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseMechanism as choose } from "../../../src/slim/chosen-mechanism.ts";
import { optionRows } from "../../../src/slim/option-rows.ts";
import { chooseMechanism } from "../../../src/socket/chosen-mechanism.ts";

test("each option of a page chooses as in the whole library", () => {
  for (const { name } of optionRows) {
    for (const value of ["x", null]) {
      const whole = chooseMechanism(name, value, { isSecurityServer: false });
      assert.deepEqual(choose(name, value), whole && { mechanism: whole.mechanism }, name);
      assert.notEqual(whole?.isSecurityServer, true, name);
    }
  }
});
