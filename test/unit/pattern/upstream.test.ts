// SPDX-License-Identifier: MIT
/** Upstream messages: which frames are subscriptions. */
import assert from "node:assert/strict";
import test from "node:test";
import { takeSubscriptions } from "../../../src/pattern/upstream.ts";
import { octets, show } from "../../support/pattern-host.ts";

function split(frames: string[], onlyFirst = false): { taken: unknown[]; rest: unknown } {
  const taken: unknown[] = [];
  const rest = takeSubscriptions(frames.map(octets), onlyFirst, (subscription) => taken.push(show(subscription)));
  return { taken, rest: show(rest) };
}

test("a frame that begins with 1 subscribes, one that begins with 0 cancels", () => {
  assert.deepEqual(split(["\x01topic"]), { taken: ["+topic"], rest: undefined });
  assert.deepEqual(split(["\x00topic"]), { taken: ["-topic"], rest: undefined });
  assert.deepEqual(split(["\x01"]), { taken: ["+"], rest: undefined });
});

test("all else, and an empty frame, is a message", () => {
  assert.deepEqual(split(["topic"]), { taken: [], rest: ["topic"] });
  assert.deepEqual(split([""]), { taken: [], rest: [""] });
  assert.deepEqual(split(["\x02", "x"]), { taken: [], rest: ["\x02", "x"] });
});

test("a message of one frame that is none is passed on as it is", () => {
  const message = [octets("x")];
  assert.equal(
    takeSubscriptions(message, false, () => {}),
    message,
  );
});

test("every frame of a message may be a subscription", () => {
  assert.deepEqual(split(["\x01A", "\x01B", "\x00C"]), { taken: ["+A", "+B", "-C"], rest: undefined });
  assert.deepEqual(split(["user", "\x01B", "data"]), { taken: ["+B"], rest: ["user", "data"] });
});

test("when only the first frame counts, a message stays whole unless it begins with a subscription", () => {
  assert.deepEqual(split(["user", "\x01B", "\x00C"], true), { taken: [], rest: ["user", "\x01B", "\x00C"] });
  assert.deepEqual(split(["\x01A", "\x01B", "data"], true), { taken: ["+A", "+B"], rest: ["data"] });
});
