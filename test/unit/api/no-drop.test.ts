// SPDX-License-Identifier: MIT
/** A publisher that must not drop: whoever waits for room is told when there is some, and not before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withSockets } from "../../support/sockets.ts";

test("whenWritable waits for room after a refusal, and then there is room", () =>
  withSockets(async (open) => {
    const pub = open("pub", { noDrop: true, sendHighWaterMark: 2 });
    const sub = open("sub", { receiveHighWaterMark: 2 });
    await pub.bind("inproc://no-drop");
    sub.connect("inproc://no-drop");
    sub.subscribe("");
    let sent = 0;
    while (pub.trySend(`${sent}`)) sent += 1;
    assert.ok(sent > 0 && sent < 10, `${sent} were sent`);
    await assert.rejects(pub.whenWritable({ timeout: 1 }), { code: "EAGAIN" });
    const writable = pub.whenWritable();
    for (let i = 0; i < sent; i += 1) assert.equal(String((await sub.receive())[0]), `${i}`);
    await writable;
    assert.equal(pub.trySend("more"), true);
    assert.equal(String((await sub.receive())[0]), "more");
  }));

test("a subscriber that leaves makes room too", () =>
  withSockets(async (open) => {
    const pub = open("pub", { noDrop: true, sendHighWaterMark: 2 });
    const sub = open("sub", { receiveHighWaterMark: 2 });
    await pub.bind("inproc://no-drop-leaves");
    sub.connect("inproc://no-drop-leaves");
    sub.subscribe("");
    while (pub.trySend("x"));
    const writable = pub.whenWritable();
    await sub.close();
    await writable;
    assert.equal(pub.trySend("x"), true);
  }));
