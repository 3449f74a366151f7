// SPDX-License-Identifier: MIT
/** XSUB (RFC 29): what it tells publishers, and when. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost } from "../../support/pattern-host.ts";

test("tells every publisher each subscription, also a repeated one", () => {
  const host = new PatternHost("XSUB");
  const peers = [new FarEnd(host), new FarEnd(host)];
  host.send("\x01A");
  host.send("\x01A");
  for (const peer of peers) assert.deepEqual(peer.receiveAll(), ["+A", "+A"]);
});

test("tells only the last cancel of a topic, and none of a topic it does not have", () => {
  const host = new PatternHost("XSUB");
  const peer = new FarEnd(host);
  host.send("\x00B");
  host.send("\x01A");
  host.send("\x01A");
  host.send("\x00A");
  assert.deepEqual(peer.receiveAll(), ["+A", "+A"]);
  host.send("\x00A");
  assert.deepEqual(peer.receiveAll(), ["-A"]);
});

test("verbose: tells every cancel", () => {
  const host = new PatternHost("XSUB", { verboseUnsubscribe: true });
  const peer = new FarEnd(host);
  host.send("\x01A");
  host.send("\x01A");
  host.send("\x00A");
  host.send("\x00A");
  assert.deepEqual(peer.receiveAll(), ["+A", "+A", "-A", "-A"]);
});

test("tells a new publisher what it is subscribed to, each topic once", () => {
  const host = new PatternHost("XSUB");
  host.send("\x01B");
  host.send("\x01A");
  host.send("\x01A");
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  assert.deepEqual(peer.receiveAll().sort(), ["+A", "+B"]);
  assert.equal(host.pattern.topicsCount?.(), 2);
});

test("tells a publisher that was replaced again", () => {
  const host = new PatternHost("XSUB");
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  host.send("\x01A");
  peer.receiveAll();
  peer.reconnect();
  assert.deepEqual(peer.receiveAll(), ["+A"]);
});

test("a publisher that was replaced before it read anything is told once", () => {
  const host = new PatternHost("XSUB");
  const peer = new FarEnd(host, { isLocal: true });
  host.send("\x01A");
  peer.reconnect();
  assert.deepEqual(peer.receiveAll(), ["+A"]);
});

test("other messages go to all publishers, and a full one misses them but never a subscription", () => {
  const host = new PatternHost("XSUB");
  const full = new FarEnd(host, { outbound: 1 });
  const free = new FarEnd(host);
  assert.ok(host.send("1"));
  assert.ok(host.send("2"));
  host.send("\x01A");
  assert.deepEqual(full.receiveAll(), [["1"], "+A"]);
  assert.deepEqual(free.receiveAll(), [["1"], ["2"], "+A"]);
  assert.equal(host.pattern.canSend(), true);
});

test("each frame may be a subscription, unless only the first counts", () => {
  for (const onlyFirstSubscribe of [false, true]) {
    const host = new PatternHost("XSUB", { onlyFirstSubscribe });
    const peer = new FarEnd(host);
    host.send("user", "\x01A");
    host.send("\x01B", "\x01C");
    const expected = onlyFirstSubscribe ? [["user", "\x01A"]] : ["+A", ["user"]];
    assert.deepEqual(peer.receiveAll(), [...expected, "+B", "+C"]);
  }
});

test("receives everything, from each publisher in turn", () => {
  const host = new PatternHost("XSUB");
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.send("a1");
  a.send("a2");
  b.send("b1");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [["a1"], ["b1"], ["a2"]]);
});

test("a topic is its own copy", () => {
  const host = new PatternHost("XSUB");
  const peer = new FarEnd(host);
  const message = [octets("\x01A")];
  host.pattern.send(message);
  message[0]?.fill(66);
  assert.deepEqual(peer.receiveAll(), ["+A"]);
});

test("a publisher that is leaving is told nothing more", () => {
  const host = new PatternHost("XSUB");
  const peer = new FarEnd(host);
  peer.send("unread");
  peer.leave();
  host.pattern.hiccuped(peer.near);
  host.send("\x01A");
  assert.deepEqual(host.receiveAll(), [["unread"]]);
  assert.equal(host.pipes.size, 0);
});
