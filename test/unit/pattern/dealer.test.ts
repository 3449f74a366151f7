// SPDX-License-Identifier: MIT
/** DEALER (RFC 28): round robin out, fair queuing in, and the hiccup message. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost } from "../../support/pattern-host.ts";

test("SHALL route outgoing messages to available peers using a round-robin strategy", () => {
  const host = new PatternHost("DEALER");
  const peers = [new FarEnd(host), new FarEnd(host)];
  for (let i = 0; i < 4; i += 1) host.send("", `${i}`);
  assert.deepEqual(peers[0]?.receiveAll(), [
    ["", "0"],
    ["", "2"],
  ]);
  assert.equal(peers[1]?.receiveAll().length, 2);
});

test("SHALL receive incoming messages from its peers using a fair-queuing strategy", () => {
  const host = new PatternHost("DEALER");
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.send("a1");
  a.send("a2");
  b.send("b1");
  assert.deepEqual(host.receiveAll(), [["a1"], ["b1"], ["a2"]]);
});

test("SHALL block on sending when it has no available peers, and goes on when one has room", () => {
  const host = new PatternHost("DEALER");
  assert.equal(host.send("x"), false);
  const peer = new FarEnd(host, { outbound: 1 });
  assert.ok(host.send("1"));
  assert.equal(host.send("2"), false);
  assert.equal(host.pattern.canSend(), false);
  peer.receive();
  assert.equal(host.pattern.canSend(), true);
  assert.ok(host.send("2"));
});

test("a lost connection puts the hiccup message behind what had come", () => {
  const host = new PatternHost("DEALER", { hiccupMessage: octets("HICCUP") });
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  peer.send("1");
  peer.reconnect();
  peer.send("2");
  assert.deepEqual(host.receiveAll(), [["1"], ["HICCUP"], ["2"]]);
});

test("no hiccup message is made without one", () => {
  for (const hiccupMessage of [null, octets("")]) {
    const host = new PatternHost("DEALER", { hiccupMessage });
    const peer = new FarEnd(host, { isLocal: true });
    peer.connect();
    peer.reconnect();
    assert.deepEqual(host.receiveAll(), []);
  }
});
