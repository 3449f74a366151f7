// SPDX-License-Identifier: MIT
/** SUB (RFC 29): its filter, its counted subscriptions. */
import assert from "node:assert/strict";
import test from "node:test";
import { createPipePair } from "../../../src/pipe/local-pipe.ts";
import { FarEnd, octets, PatternHost, peerNamed } from "../../support/pattern-host.ts";

test("SHALL receive only what begins with one of its topics", () => {
  const host = new PatternHost("SUB");
  const peer = new FarEnd(host);
  peer.send("A1");
  assert.equal(host.receive(), undefined);
  host.pattern.subscribe?.(octets("A"));
  host.pattern.subscribe?.(octets("B"));
  for (const topic of ["A1", "C1", "B1", ""]) peer.send(topic, "data");
  assert.deepEqual(host.receiveAll(), [
    ["A1", "data"],
    ["B1", "data"],
  ]);
});

test("the empty topic is everything", () => {
  const host = new PatternHost("SUB");
  const peer = new FarEnd(host);
  host.pattern.subscribe?.(octets(""));
  peer.send("");
  peer.send("x");
  assert.deepEqual(host.receiveAll(), [[""], ["x"]]);
});

test("a topic that was subscribed to twice is cancelled twice", () => {
  const host = new PatternHost("SUB");
  const peer = new FarEnd(host);
  host.pattern.subscribe?.(octets("A"));
  host.pattern.subscribe?.(octets("A"));
  assert.equal(host.pattern.topicsCount?.(), 1);
  host.pattern.unsubscribe?.(octets("A"));
  peer.send("A");
  assert.deepEqual(host.receiveAll(), [["A"]]);
  host.pattern.unsubscribe?.(octets("A"));
  host.pattern.unsubscribe?.(octets("never"));
  peer.send("A");
  assert.deepEqual(host.receiveAll(), []);
  assert.deepEqual(peer.receiveAll(), ["+A", "+A", "-A"]);
  assert.equal(host.pattern.topicsCount?.(), 0);
});

test("having something to receive means a message that matches", () => {
  const host = new PatternHost("SUB");
  const peer = new FarEnd(host);
  host.pattern.subscribe?.(octets("A"));
  for (let i = 0; i < 100_000; i += 1) peer.send("B");
  assert.equal(host.pattern.canReceive(), false);
  peer.send("A1");
  peer.send("A2");
  assert.equal(host.pattern.canReceive(), true);
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [["A1"], ["A2"]]);
});

test("inverted matching receives what does not match", () => {
  const host = new PatternHost("SUB", { invertMatching: true });
  const peer = new FarEnd(host);
  host.pattern.subscribe?.(octets("A"));
  peer.send("A");
  peer.send("B");
  assert.deepEqual(host.receiveAll(), [["B"]]);
});

test("tells its topics to a publisher that was replaced", () => {
  const host = new PatternHost("SUB");
  host.pattern.subscribe?.(octets("A"));
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  assert.deepEqual(peer.receiveAll(), ["+A"]);
  peer.reconnect();
  assert.deepEqual(peer.receiveAll(), ["+A"]);
});

test("messages of a publisher that has left are still received", () => {
  const host = new PatternHost("SUB");
  const peer = new FarEnd(host);
  host.pattern.subscribe?.(octets(""));
  peer.send("last");
  peer.leave();
  assert.deepEqual(host.receiveAll(), [["last"]]);
  assert.equal(host.pipes.size, 0);
});

test("within a process, what is received is a copy of the array that all subscribers share; from the network it is the array", () => {
  for (const [address, isSame] of [
    ["", false],
    ["127.0.0.1:1", true],
  ] as const) {
    const host = new PatternHost("SUB");
    host.pattern.subscribe?.(octets(""));
    const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
    near.peer = peerNamed("", { address });
    host.attach(near, false);
    const message = [octets("x")];
    far.write(message);
    const received = host.pattern.receive();
    assert.deepEqual(received, message);
    assert.equal(received === message, isSame);
  }
});

test("cannot send", () => {
  const host = new PatternHost("SUB");
  assert.equal(host.pattern.canSend(), false);
  assert.throws(() => host.send("x"), { code: "ENOTSUP" });
});
