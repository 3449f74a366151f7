// SPDX-License-Identifier: MIT
/** REQ (RFC 28): strict turns, the envelope, correlation, relaxation. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("prefixes the outgoing message with an empty delimiter and takes it off the reply", () => {
  const host = new PatternHost("REQ");
  const peer = new FarEnd(host);
  host.send("a", "b");
  assert.deepEqual(peer.receiveAll(), [["", "a", "b"]]);
  peer.send("", "c", "d");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receive(), ["c", "d"]);
});

test("alternates strictly between send and receive", () => {
  const host = new PatternHost("REQ");
  const peer = new FarEnd(host);
  assert.throws(() => host.receive(), { code: "EFSM" });
  assert.equal(host.pattern.canReceive(), false);
  host.send("1");
  assert.throws(() => host.send("2"), { code: "EFSM" });
  assert.equal(host.pattern.canSend(), false);
  assert.equal(host.receive(), undefined);
  peer.send("", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
  assert.throws(() => host.receive(), { code: "EFSM" });
  assert.equal(host.pattern.canSend(), true);
  assert.ok(host.send("2"));
});

test("SHALL route outgoing messages to connected peers using a round-robin strategy", () => {
  const host = new PatternHost("REQ");
  const peers = [new FarEnd(host), new FarEnd(host)];
  for (const expected of [0, 1, 0]) {
    host.send("request");
    const peer = peers[expected] as FarEnd;
    assert.deepEqual(peer.receiveAll(), [["", "request"]]);
    peer.send("", "reply");
    assert.deepEqual(host.receive(), ["reply"]);
  }
});

test("SHALL block on sending, in an unchanged state, when it has no connected peers", () => {
  const host = new PatternHost("REQ");
  assert.equal(host.send("x"), false);
  assert.throws(() => host.receive(), { code: "EFSM" });
  new FarEnd(host);
  assert.ok(host.send("x"));
});

test("SHALL accept an incoming message only from the last peer that it sent a request to", () => {
  const host = new PatternHost("REQ");
  const [asked, other] = [new FarEnd(host), new FarEnd(host)];
  host.send("request");
  other.send("", "not asked");
  assert.equal(host.pattern.canReceive(), false);
  asked.send("", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
});

test("a reply without its delimiter, or without anything behind it, is skipped", () => {
  const host = new PatternHost("REQ");
  const peer = new FarEnd(host);
  host.send("request");
  peer.send("no delimiter");
  peer.send("");
  peer.send("x", "", "y");
  assert.equal(host.receive(), undefined);
  peer.send("", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
});

test("what came before a request is never its reply", () => {
  const host = new PatternHost("REQ");
  const peer = new FarEnd(host);
  peer.send("", "stale");
  host.send("request");
  assert.equal(host.receive(), undefined);
});

test("a strict requester waits on when its replier has gone", () => {
  const host = new PatternHost("REQ");
  const [asked, other] = [new FarEnd(host), new FarEnd(host)];
  host.send("request");
  asked.leave();
  other.send("", "stranger");
  assert.equal(host.receive(), undefined);
  assert.throws(() => host.send("again"), { code: "EFSM" });
});

test("the reply of a replier that left right after it is received", () => {
  const host = new PatternHost("REQ");
  const asked = new FarEnd(host);
  host.send("request");
  asked.send("", "reply");
  asked.leave();
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receive(), ["reply"]);
});

test("correlate puts a request id in front, and takes no reply with another", () => {
  const host = new PatternHost("REQ", { correlate: true });
  const peer = new FarEnd(host);
  host.send("request");
  const request = peer.receive() as string[];
  const [id] = request as [string];
  assert.equal(id.length, 4);
  assert.deepEqual(request.slice(1), ["", "request"]);
  peer.send("", "no id");
  peer.send("wrng", "", "wrong id");
  peer.send(id, "no delimiter");
  peer.send(id, "");
  assert.equal(host.receive(), undefined);
  peer.send(id, "", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
  host.send("next");
  assert.notEqual((peer.receive() as string[])[0], id);
});

test("with correlate, a reply that comes on a new connection is known by its id", () => {
  const host = new PatternHost("REQ", { correlate: true });
  const asked = new FarEnd(host);
  host.send("request");
  const [id] = asked.receive() as [string];
  asked.leave();
  const again = new FarEnd(host);
  again.send("????", "", "stranger");
  again.send(id, "", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
});

test("relaxed allows another request while one is waiting, and then only its reply counts", () => {
  const host = new PatternHost("REQ", { relaxed: true, correlate: true });
  const peer = new FarEnd(host);
  host.send("1");
  assert.equal(host.pattern.canSend(), true);
  const [first] = peer.receive() as [string];
  peer.send(first, "", "stale");
  host.send("2");
  const [second] = peer.receive() as [string];
  peer.send(first, "", "stale again");
  peer.send(second, "", "reply");
  assert.deepEqual(host.receive(), ["reply"]);
});

test("relaxed drops a reply that was seen but not received", () => {
  const host = new PatternHost("REQ", { relaxed: true });
  const peer = new FarEnd(host);
  host.send("1");
  peer.send("", "first");
  assert.equal(host.pattern.canReceive(), true);
  host.send("2");
  assert.equal(host.pattern.canReceive(), false);
  peer.send("", "second");
  assert.deepEqual(host.receive(), ["second"]);
});

test("relaxed may ask another peer when the replier has gone", () => {
  const host = new PatternHost("REQ", { relaxed: true });
  const asked = new FarEnd(host);
  const other = new FarEnd(host);
  host.send("1");
  asked.leave();
  assert.ok(host.send("2"));
  assert.deepEqual(other.receiveAll(), [["", "2"]]);
});
