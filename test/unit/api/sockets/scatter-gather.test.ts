// SPDX-License-Identifier: MIT
/** SCATTER and GATHER in their first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("SCATTER sends and GATHER receives one part, and neither has the methods of the other", () =>
  withSockets(async (open) => {
    const [scatter, gather] = [open("scatter"), open("gather")];
    await join(gather, scatter);
    await scatter.send("job");
    assert.deepEqual(await receiveTexts(gather), ["job"]);
    await assert.rejects(scatter.send(["a", "b"]), { code: "EINVAL" });
    assert.throws(() => scatter.trySend(["a", "b"]), { code: "EINVAL" });
    assert.deepEqual(["receive" in scatter, "send" in gather], [false, false]);
  }));

test("conflate keeps the newest message", () =>
  withSockets(async (open) => {
    const [scatter, gather] = [open("scatter"), open("gather", { conflate: true })];
    await gather.bind("inproc://newest");
    scatter.connect("inproc://newest");
    await scatter.sendBatch(["1", "2", "3"]);
    assert.deepEqual(await gather.receiveBatch(), [[Buffer.from("3")]]);
  }));
