// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import test from "node:test";
import { toGroup } from "../../../src/pattern/groups.ts";
import { octets, text } from "../../support/pattern-host.ts";

test("a group ends before its first zero octet", () => {
  assert.deepEqual(
    ["", "a", "a\0b", "\0b", "ab\0"].map((name) => text(toGroup(octets(name)))),
    ["", "a", "a", "", "ab"],
  );
});
