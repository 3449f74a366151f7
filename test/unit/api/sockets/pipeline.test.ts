// SPDX-License-Identifier: MIT
/** PUSH and PULL in their first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("PUSH sends and PULL receives, and neither has the methods of the other", () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    await join(pull, push);
    await push.send(["one", "job"]);
    assert.deepEqual(await receiveTexts(pull), ["one", "job"]);
    assert.deepEqual(["receive" in push, "receiveTimeout" in push], [false, false]);
    assert.deepEqual(["send" in pull, "sendTimeout" in pull], [false, false]);
  }));
