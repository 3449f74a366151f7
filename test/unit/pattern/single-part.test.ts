// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import test from "node:test";
import { requireSinglePart } from "../../../src/pattern/single-part.ts";

const part = new Uint8Array(1);

test("one part passes, with the address that goes before it", () => {
  requireSinglePart([part], "CLIENT");
  requireSinglePart([part, part], "SERVER", 1);
});

test("any other number of parts is refused, and the error says how many", () => {
  assert.throws(() => requireSinglePart([part, part], "CLIENT"), {
    code: "EINVAL",
    message: /CLIENT.*one part, not 2/,
  });
  assert.throws(() => requireSinglePart([part], "SERVER", 1), { code: "EINVAL", message: /not 0/ });
  assert.throws(() => requireSinglePart([part, part, part], "RADIO", 1), { code: "EINVAL", message: /not 2/ });
});
