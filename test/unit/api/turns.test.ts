// SPDX-License-Identifier: MIT
/** A loop that never has to wait still lets the rest of the program have its turns. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../src/api/turns.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** How many operations finish at once before one has to wait, when each takes so many milliseconds. */
function atOnce(turns: Turns, clock: FakeClock, each: number): number {
  for (let count = 0; count < 100_000; count += 1) {
    if (turns.isOver()) {
      void turns.later(undefined);
      clock.endTurn();
      return count;
    }
    clock.advance(each);
  }
  return Number.POSITIVE_INFINITY;
}

test("an operation waits for the next turn once others have finished at once for two milliseconds", () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  atOnce(turns, clock, 0.001);
  const quick = atOnce(turns, clock, 0.001);
  assert.ok(quick >= 2000 && quick < 2300, `${quick} operations of a microsecond`);
  const slow = atOnce(turns, clock, 1);
  assert.ok(slow < 128, `${slow} operations of a millisecond`);
});

test("while no time passes nobody has to wait, but for the first look at the clock", () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  assert.ok(atOnce(turns, clock, 0) < 128);
  assert.equal(atOnce(turns, clock, 0), Number.POSITIVE_INFINITY);
});

test("its value comes with that turn", async () => {
  const clock = new FakeClock();
  let value: string | undefined;
  void new Turns(clock).later("x").then((result) => {
    value = result;
  });
  await Promise.resolve();
  assert.equal(value, undefined);
  clock.endTurn();
  await Promise.resolve();
  assert.equal(value, "x");
});
