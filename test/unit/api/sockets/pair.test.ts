// SPDX-License-Identifier: MIT
/** PAIR in its first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("PAIR sends and receives, both ways", () =>
  withSockets(async (open) => {
    const [a, b] = [open("pair"), open("pair")];
    await join(a, b);
    await a.send("1");
    await b.send("2");
    assert.deepEqual([await receiveTexts(b), await receiveTexts(a)], [["1"], ["2"]]);
  }));
