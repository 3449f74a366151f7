// SPDX-License-Identifier: MIT
/** A loop that never has to wait still lets the rest of the program have its turns. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../src/api/turns.ts";
import { FakeClock } from "../../support/fake-clock.ts";

test("one operation in so many waits for the next turn", () => {
  const turns = new Turns(new FakeClock());
  const over = Array.from({ length: 5000 }, () => turns.isOver());
  const first = over.indexOf(true);
  assert.ok(first >= 100 && first < 2000);
  assert.equal(over.indexOf(true, first + 1) - first, first + 1);
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
