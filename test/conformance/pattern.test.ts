// SPDX-License-Identifier: MIT
/** The pattern suite, for every row of the table. REQ, which must ask to be answered, has more in `req.test.ts`. */
import assert from "node:assert/strict";
import test from "node:test";
import { socketTypes } from "../../src/pattern/index.ts";
import { patternConformance } from "./pattern.ts";
import { DRIVES } from "./pattern-drives.ts";

for (const drive of DRIVES) patternConformance(drive);

test("every socket type is driven through the suite", () => {
  assert.deepEqual(
    DRIVES.map((drive) => drive.type),
    [...socketTypes.keys()],
  );
});
