// SPDX-License-Identifier: MIT
/** Subscriptions as ZMTP 3.0 and older spell them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { subscriptionIn } from "../../../src/pipe/message.ts";
import { show } from "../../support/pattern-host.ts";

test("1 subscribes, 0 cancels, all else is data", () => {
  assert.equal(show(subscriptionIn(Uint8Array.of(1, 97))), "+a");
  assert.equal(show(subscriptionIn(Uint8Array.of(0, 97, 98))), "-ab");
  assert.equal(show(subscriptionIn(Uint8Array.of(1))), "+");
  for (const data of [[], [2, 97], [255], [48]]) assert.equal(subscriptionIn(Uint8Array.from(data)), undefined);
});
