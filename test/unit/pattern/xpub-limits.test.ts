// SPDX-License-Identifier: MIT
/** XPUB and PUB at their limits: full subscribers, applications that never receive, floods. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost } from "../../support/pattern-host.ts";

test("a full subscriber misses messages, the others do not", () => {
  for (const type of ["PUB", "XPUB"]) {
    const host = new PatternHost(type);
    const [slow, fast] = [new FarEnd(host, { outbound: 2 }), new FarEnd(host)];
    slow.subscribe("");
    fast.subscribe("");
    for (let i = 0; i < 5; i += 1) assert.ok(host.send(`${i}`));
    assert.deepEqual(slow.receiveAll(), [["0"], ["1"]]);
    assert.equal(fast.receiveAll().length, 5);
    host.send("5");
    assert.deepEqual(slow.receiveAll(), [["5"]]);
    assert.equal(host.pattern.canSend(), true);
  }
});

test("without drops, a message for a full subscriber goes to nobody and would block", () => {
  for (const type of ["PUB", "XPUB"]) {
    const host = new PatternHost(type, { noDrop: true });
    const [slow, fast] = [new FarEnd(host, { outbound: 1 }), new FarEnd(host)];
    slow.subscribe("A");
    fast.subscribe("");
    assert.ok(host.send("A1"));
    assert.equal(host.send("A2"), false);
    assert.ok(host.send("B"));
    assert.deepEqual(fast.receiveAll(), [["A1"], ["B"]]);
    const before = host.activations;
    assert.deepEqual(slow.receiveAll(), [["A1"]]);
    assert.ok(host.activations > before);
    assert.ok(host.send("A2"));
    assert.deepEqual(fast.receiveAll(), [["A2"]]);
  }
});

test("without drops, a subscriber that was full before the option was set blocks too", () => {
  const host = new PatternHost("PUB");
  const slow = new FarEnd(host, { outbound: 1 });
  slow.subscribe("");
  host.send("1");
  host.send("2");
  host.options.noDrop = true;
  assert.equal(host.send("3"), false);
});

test("a last value that would block is still for its subscriber alone", () => {
  const host = new PatternHost("XPUB", { manualLastValue: true, noDrop: true });
  const [a, b] = [new FarEnd(host, { outbound: 1 }), new FarEnd(host)];
  b.subscribe("A");
  host.receive();
  host.pattern.subscribe?.(octets("A"));
  host.send("A", "for b");
  a.subscribe("A");
  host.receive();
  host.pattern.subscribe?.(octets("A"));
  host.send("A", "for a");
  host.pattern.subscribe?.(octets("A"));
  assert.equal(host.send("A", "again"), false);
  assert.deepEqual(a.receiveAll(), [["A", "for a"]]);
  assert.ok(host.send("A", "again"));
  assert.deepEqual(a.receiveAll(), [["A", "again"]]);
  assert.deepEqual(b.receiveAll(), [["A", "for b"]]);
});

test("an application that never receives holds back the subscriber that floods, and nobody else", () => {
  const host = new PatternHost("XPUB", { receiveHighWaterMark: 3 });
  const [flood, calm] = [new FarEnd(host, { inbound: 2 }), new FarEnd(host)];
  let sent = 0;
  while (flood.subscribe(`${sent}`)) sent += 1;
  assert.equal(sent, 5);
  calm.subscribe("calm");
  assert.equal(host.pattern.topicsCount?.(), 4);
  const received = host.receiveAll();
  assert.equal(received.length, 6);
  assert.deepEqual(received[3], ["\x01calm"]);
  assert.equal(flood.unread, 0);
  assert.ok(flood.subscribe("more"));
});

test("user messages are held back in the same way", () => {
  const host = new PatternHost("XPUB", { receiveHighWaterMark: 1 });
  const peer = new FarEnd(host, { inbound: 1 });
  let sent = 0;
  while (peer.send(`${sent}`)) sent += 1;
  assert.equal(sent, 2);
  assert.deepEqual(host.receive(), ["0"]);
  assert.ok(peer.send("2"));
  assert.deepEqual(host.receiveAll(), [["1"], ["2"]]);
});

test("a subscriber that is held back and leaves is read to its end", () => {
  const host = new PatternHost("XPUB", { receiveHighWaterMark: 1 });
  const peer = new FarEnd(host);
  for (const topic of ["A", "B", "C"]) peer.subscribe(topic);
  peer.leave();
  assert.deepEqual(host.receiveAll().sort(), [["\x00A"], ["\x00B"], ["\x00C"], ["\x01A"], ["\x01B"], ["\x01C"]]);
  assert.equal(host.pipes.size, 0);
  assert.equal(host.pattern.topicsCount?.(), 0);
});

test("PUB takes every subscription at once, however many", () => {
  const host = new PatternHost("PUB", { receiveHighWaterMark: 1 });
  const peer = new FarEnd(host, { inbound: 1 });
  for (let i = 0; i < 1000; i += 1) assert.ok(peer.subscribe(`${i}`));
  for (let i = 0; i < 1000; i += 1) assert.ok(peer.send("user message"));
  assert.equal(peer.unread, 0);
  assert.equal(host.pattern.topicsCount?.(), 1000);
});
