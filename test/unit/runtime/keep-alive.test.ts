// SPDX-License-Identifier: MIT
/** The hold on the process: held while operations wait, let go a moment after the last. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { holdProcess } from "../../../src/runtime/keep-alive.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function open(): { clock: FakeClock; log: string[]; keep: ReturnType<typeof holdProcess> } {
  const clock = new FakeClock();
  const log: string[] = [];
  const handle = { ref: () => log.push("ref"), unref: () => log.push("unref") };
  const keep = holdProcess(() => {
    log.push("made");
    return handle;
  }, clock);
  return { clock, log, keep };
}

test("nothing is made before the first operation waits", () => {
  assert.deepEqual(open().log, []);
});

test("the hold is let go a moment after the last operation, not between two", () => {
  const { clock, log, keep } = open();
  keep.hold();
  assert.deepEqual(log, ["made", "ref"]);
  keep.hold();
  keep.release();
  clock.advance(1000);
  assert.deepEqual(log, ["made", "ref"]);
  for (let i = 0; i < 10; i += 1) {
    keep.release();
    keep.hold();
    clock.advance(1);
  }
  clock.advance(1000);
  assert.deepEqual(log, ["made", "ref"]);
  keep.release();
  clock.advance(1000);
  assert.deepEqual(log, ["made", "ref", "unref"]);
});

test("one handle serves for ever", () => {
  const { clock, log, keep } = open();
  for (let i = 0; i < 3; i += 1) {
    keep.hold();
    keep.release();
    clock.advance(1000);
  }
  assert.deepEqual(log, ["made", "ref", "unref", "ref", "unref", "ref", "unref"]);
  assert.equal(clock.running, 0);
});
