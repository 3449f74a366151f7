// SPDX-License-Identifier: MIT
/** PUSH (RFC 30): round robin, would-block, and nothing to receive. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL route outgoing messages to available peers using a round-robin strategy", () => {
  const host = new PatternHost("PUSH");
  const peers = [new FarEnd(host), new FarEnd(host), new FarEnd(host)];
  for (let i = 0; i < 6; i += 1) assert.ok(host.send(`${i}`));
  assert.deepEqual(
    peers.map((peer) => peer.receiveAll()),
    [
      [["0"], ["3"]],
      [["1"], ["4"]],
      [["2"], ["5"]],
    ],
  );
});

test("SHALL block on sending when it has no available peers", () => {
  const host = new PatternHost("PUSH");
  assert.equal(host.pattern.canSend(), false);
  assert.equal(host.send("x"), false);
});

test("sends into the pipe of a connection that does not stand yet", () => {
  const host = new PatternHost("PUSH");
  const peer = new FarEnd(host, { isLocal: true });
  assert.ok(host.send("early"));
  peer.connect();
  assert.deepEqual(peer.receiveAll(), [["early"]]);
});

test("what a peer sends is dropped, and does not keep a closed pipe", () => {
  const host = new PatternHost("PUSH");
  const peer = new FarEnd(host, { inbound: 2 });
  for (let i = 0; i < 10; i += 1) assert.ok(peer.send("junk"));
  assert.equal(peer.unread, 0);
  peer.leave();
  assert.equal(host.pipes.size, 0);
});

test("cannot receive", () => {
  const host = new PatternHost("PUSH");
  assert.equal(host.pattern.canReceive(), false);
  assert.throws(() => host.receive(), { code: "ENOTSUP" });
});
