// SPDX-License-Identifier: MIT
/** One socket's hold on the program: while operations wait, always, or never, and a change takes effect at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Hold } from "../../../src/api/hold.ts";

function open(): { hold: Hold; held: () => number } {
  let count = 0;
  const hold = new Hold({
    hold: () => {
      count += 1;
    },
    release: () => {
      count -= 1;
    },
  });
  return { hold, held: () => count };
}

test("by itself it holds once while anything waits", () => {
  const { hold, held } = open();
  assert.equal(held(), 0);
  hold.hold();
  hold.hold();
  assert.equal(held(), 1);
  hold.release();
  assert.equal(held(), 1);
  hold.release();
  assert.equal(held(), 0);
});

test("after ref it holds whatever waits, after unref never, and the last word counts", () => {
  const { hold, held } = open();
  hold.ref();
  hold.ref();
  assert.equal(held(), 1);
  hold.hold();
  hold.release();
  assert.equal(held(), 1);
  hold.unref();
  assert.equal(held(), 0);
  hold.hold();
  assert.equal(held(), 0);
  hold.ref();
  assert.equal(held(), 1);
  hold.release();
  assert.equal(held(), 1);
});

test("closing ends what ref began; what still waits counts, unless unref was said", () => {
  const { hold, held } = open();
  hold.ref();
  hold.hold();
  hold.close();
  assert.equal(held(), 1);
  hold.release();
  assert.equal(held(), 0);
  hold.ref();
  assert.equal(held(), 0, "a closed socket holds nothing that does not wait");
  const other = open();
  other.hold.unref();
  other.hold.hold();
  other.hold.close();
  assert.equal(other.held(), 0);
});
