// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { giveToPublisher } from "../../../src/engine/publisher-intake.ts";
import { octets, show } from "../../support/pattern-host.ts";

function given(onlyFirst: boolean, ...frames: string[]): unknown[] {
  const items: unknown[] = [];
  giveToPublisher(frames.map(octets), onlyFirst, (item) => items.push(show(item)));
  return items;
}

test("frames that begin with 1 or 0 are subscriptions, and the rest is one message behind them", () => {
  assert.deepEqual(given(false, "\x01A"), ["+A"]);
  assert.deepEqual(given(false, "\x00"), ["-"]);
  assert.deepEqual(given(false, "a", "\x01B", "", "\x00C"), ["+B", "-C", ["a", ""]]);
});

test("with onlyFirst none is one any more, once a frame was none", () => {
  assert.deepEqual(given(true, "a", "\x01B"), [["a", "\x01B"]]);
  assert.deepEqual(given(true, "\x01A", "\x01B", "a", "\x01C"), ["+A", "+B", ["a", "\x01C"]]);
});
