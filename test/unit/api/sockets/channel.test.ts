// SPDX-License-Identifier: MIT
/** CHANNEL in its first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("CHANNEL sends and receives one part, both ways", () =>
  withSockets(async (open) => {
    const [left, right] = [open("channel"), open("channel")];
    await join(left, right);
    await left.send("to the right");
    await right.send("to the left");
    assert.deepEqual([await receiveTexts(right), await receiveTexts(left)], [["to the right"], ["to the left"]]);
    await assert.rejects(left.send(["a", "b"]), { code: "EINVAL" });
  }));
