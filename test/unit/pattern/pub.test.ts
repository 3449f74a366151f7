// SPDX-License-Identifier: MIT
/** PUB (RFC 29): an XPUB that tells its application nothing. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, joinHosts, octets, PatternHost } from "../../support/pattern-host.ts";

test("SHALL send each message to the subscribers it matches, and drop it when there are none", () => {
  const host = new PatternHost("PUB");
  assert.ok(host.send("nobody"));
  const peer = new FarEnd(host);
  peer.subscribe("A");
  host.send("A1");
  host.send("B1");
  assert.deepEqual(peer.receiveAll(), [["A1"]]);
  peer.cancel("A");
  host.send("A2");
  assert.deepEqual(peer.receiveAll(), []);
  assert.equal(host.pattern.topicsCount?.(), 0);
});

test("SHALL NOT receive", () => {
  const host = new PatternHost("PUB");
  new FarEnd(host).subscribe("A");
  assert.equal(host.pattern.canReceive(), false);
  assert.throws(() => host.receive(), { code: "ENOTSUP" });
});

test("a subscriber of the same process gets what it asks for from then on", () => {
  const [publisher, subscriber] = [new PatternHost("PUB"), new PatternHost("SUB")];
  subscriber.pattern.subscribe?.(octets("A"));
  joinHosts(publisher, subscriber);
  publisher.send("A1");
  subscriber.pattern.subscribe?.(octets("B"));
  publisher.send("B1");
  assert.deepEqual(subscriber.receiveAll(), [["A1"], ["B1"]]);
  subscriber.pattern.unsubscribe?.(octets("A"));
  publisher.send("A2");
  assert.deepEqual(subscriber.receiveAll(), []);
  assert.equal(publisher.pattern.topicsCount?.(), 1);
});

test("a subscriber that leaves is forgotten", () => {
  const host = new PatternHost("PUB");
  const peer = new FarEnd(host);
  peer.subscribe("A");
  peer.leave();
  assert.equal(host.pattern.topicsCount?.(), 0);
  assert.equal(host.pipes.size, 0);
  assert.ok(host.send("A"));
});

test("one message object goes to all subscribers", () => {
  const host = new PatternHost("PUB");
  const peers = [new FarEnd(host), new FarEnd(host)];
  for (const peer of peers) peer.subscribe("");
  const message = [octets("x")];
  host.pattern.send(message);
  for (const peer of peers) assert.equal(peer.read(), message);
});
