// SPDX-License-Identifier: MIT
/** CHANNEL (RFC 52): a PAIR of single parts. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("talks to its peer in both directions, and to no second one", () => {
  const host = new PatternHost("CHANNEL");
  const peer = new FarEnd(host);
  const second = new FarEnd(host);
  assert.ok(host.send("a"));
  peer.send("b");
  assert.deepEqual([peer.receiveAll(), host.receiveAll(), second.isLeft], [[["a"]], [["b"]], true]);
});

test("messages of several parts are refused when sent, and dropped when received", () => {
  const host = new PatternHost("CHANNEL");
  const peer = new FarEnd(host);
  assert.throws(() => host.send("a", "b"), { code: "EINVAL" });
  peer.send("a", "b");
  assert.equal(host.pattern.canReceive(), false);
  peer.send("whole");
  assert.deepEqual([host.pattern.canReceive(), host.receiveAll()], [true, [["whole"]]]);
});

test("a peer that has left makes room at once, and its last messages come first", () => {
  const host = new PatternHost("CHANNEL");
  const first = new FarEnd(host);
  first.send("1");
  first.leave();
  const second = new FarEnd(host);
  second.send("2");
  assert.ok(host.send("to second"));
  assert.deepEqual([host.receiveAll(), second.receiveAll()], [[["1"], ["2"]], [["to second"]]]);
});

test("without a peer, and with a full one, it cannot send", () => {
  const host = new PatternHost("CHANNEL");
  assert.deepEqual([host.pattern.canSend(), host.send("x")], [false, false]);
  new FarEnd(host, { outbound: 1 });
  assert.deepEqual(
    [host.pattern.canSend(), host.send("1"), host.send("2"), host.pattern.canSend()],
    [true, true, false, false],
  );
});
