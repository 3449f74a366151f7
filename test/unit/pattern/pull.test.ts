// SPDX-License-Identifier: MIT
/** PULL (RFC 30): fair queuing, and nothing to send. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL receive incoming messages from its peers using a fair-queuing strategy", () => {
  const host = new PatternHost("PULL");
  const peers = [new FarEnd(host), new FarEnd(host)];
  for (const [i, peer] of peers.entries()) for (let n = 0; n < 2; n += 1) peer.send(`${i}.${n}`);
  assert.deepEqual(host.receiveAll(), [["0.0"], ["1.0"], ["0.1"], ["1.1"]]);
});

test("messages of a peer that has left are still received", () => {
  const host = new PatternHost("PULL");
  const peer = new FarEnd(host);
  peer.send("last");
  peer.leave();
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [["last"]]);
  assert.equal(host.pipes.size, 0);
});

test("cannot send", () => {
  const host = new PatternHost("PULL");
  assert.equal(host.pattern.canSend(), false);
  assert.throws(() => host.send("x"), { code: "ENOTSUP" });
});
