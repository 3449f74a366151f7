// SPDX-License-Identifier: MIT
/** PAIR (RFC 31): one peer at a time. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("talks to its peer in both directions", () => {
  const host = new PatternHost("PAIR");
  const peer = new FarEnd(host);
  host.send("a", "b");
  peer.send("c");
  assert.deepEqual(peer.receiveAll(), [["a", "b"]]);
  assert.deepEqual(host.receiveAll(), [["c"]]);
});

test("SHALL NOT accept a second peer while it has one", () => {
  const host = new PatternHost("PAIR");
  const first = new FarEnd(host);
  const second = new FarEnd(host);
  assert.equal(second.isLeft, true);
  assert.equal(second.send("x"), false);
  host.send("hello");
  assert.deepEqual(first.receiveAll(), [["hello"]]);
});

test("SHALL block on sending when it has no peer or the peer is full", () => {
  const host = new PatternHost("PAIR");
  assert.equal(host.pattern.canSend(), false);
  assert.equal(host.send("x"), false);
  assert.equal(host.pattern.canReceive(), false);
  assert.equal(host.receive(), undefined);
  new FarEnd(host, { outbound: 1 });
  assert.ok(host.send("x"));
  assert.equal(host.send("x"), false);
  assert.equal(host.pattern.canSend(), false);
});

test("a peer that has left makes room at once, and its last messages come first", () => {
  const host = new PatternHost("PAIR");
  const first = new FarEnd(host);
  first.send("1");
  first.send("2");
  first.leave();
  const second = new FarEnd(host);
  assert.equal(second.isLeft, false);
  second.send("3");
  assert.ok(host.send("to second"));
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [["1"], ["2"], ["3"]]);
  assert.deepEqual(second.receiveAll(), [["to second"]]);
});

test("peers that come and go while nothing is received pile nothing up", () => {
  const host = new PatternHost("PAIR");
  let admitted = 0;
  for (let i = 0; i < 10; i += 1) {
    const peer = new FarEnd(host);
    if (peer.send(`${i}`)) admitted += 1;
    peer.leave();
  }
  assert.equal(admitted, 2);
  assert.deepEqual(host.receiveAll(), [["0"], ["1"]]);
  assert.equal(host.pattern.canReceive(), false);
  new FarEnd(host).send("new");
  assert.deepEqual(host.receiveAll(), [["new"]]);
});

test("a peer that was dropped with unread messages is forgotten with them", () => {
  const host = new PatternHost("PAIR");
  const peer = new FarEnd(host);
  peer.send("x");
  host.drop(peer.near);
  assert.equal(host.pattern.canReceive(), false);
  const next = new FarEnd(host);
  next.send("y");
  assert.deepEqual(host.receiveAll(), [["y"]]);
});

test("asking whether something came finds the next peer's message behind an emptied one", () => {
  const host = new PatternHost("PAIR");
  const first = new FarEnd(host);
  first.send("1");
  first.leave();
  const second = new FarEnd(host);
  second.send("2");
  assert.deepEqual(host.receive(), ["1"]);
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receive(), ["2"]);
});
