// SPDX-License-Identifier: MIT
/** ROUTER (RFC 28): ids, who has one, mandatory routing, handover, notices. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

test("SHALL prefix each incoming message with the routing id of its peer, and route by it", () => {
  const host = new PatternHost("ROUTER");
  const [a, b] = [new FarEnd(host, { routingId: "A" }), new FarEnd(host, { routingId: "B" })];
  a.send("from a", "more");
  b.send("from b");
  assert.deepEqual(host.receiveAll(), [
    ["A", "from a", "more"],
    ["B", "from b"],
  ]);
  host.send("B", "", "to b");
  assert.deepEqual(b.receiveAll(), [["", "to b"]]);
  assert.deepEqual(a.receiveAll(), []);
});

test("gives ids of five octets that begin with a zero to peers without one, and keeps them", () => {
  const host = new PatternHost("ROUTER");
  const peer = new FarEnd(host);
  peer.send("1");
  peer.send("2");
  const [first, second] = [host.pattern.receive()?.[0], host.pattern.receive()?.[0]];
  assert.equal(first?.length, 5);
  assert.equal(first?.[0], 0);
  assert.equal(first, second);
  host.pattern.send([first, octets("hello")]);
  assert.deepEqual(peer.receiveAll(), [["hello"]]);
});

test("SHALL drop messages for peers it does not know, and messages that are only an id", () => {
  const host = new PatternHost("ROUTER");
  const peer = new FarEnd(host, { routingId: "A" });
  assert.ok(host.send("nobody", "x"));
  assert.ok(host.send("A"));
  assert.deepEqual(peer.receiveAll(), []);
  assert.equal(host.pattern.canSend(), true);
});

test("drops messages for a full peer", () => {
  const host = new PatternHost("ROUTER");
  const peer = new FarEnd(host, { routingId: "A", outbound: 1 });
  assert.ok(host.send("A", "1"));
  assert.ok(host.send("A", "2"));
  assert.deepEqual(peer.receiveAll(), [["1"]]);
});

test("mandatory: an unknown peer is an error, a full one would block", () => {
  const host = new PatternHost("ROUTER", { mandatory: true });
  assert.throws(() => host.send("A", "x"), { code: "EHOSTUNREACH", message: /0x41/ });
  assert.equal(host.pattern.canSend(), false);
  const peer = new FarEnd(host, { routingId: "A", outbound: 1 });
  assert.equal(host.pattern.canSend(), true);
  assert.ok(host.send("A", "1"));
  assert.equal(host.send("A", "2"), false);
  assert.equal(host.pattern.canSend(), false);
  peer.receive();
  assert.equal(host.pattern.canSend(), true);
  assert.ok(host.send("A", "2"));
  assert.ok(host.send("A"));
});

test("mandatory: a peer that has left cannot be reached, even while its messages are unread", () => {
  const host = new PatternHost("ROUTER", { mandatory: true });
  const peer = new FarEnd(host, { routingId: "A" });
  peer.send("last");
  peer.leave();
  assert.throws(() => host.send("A", "x"), { code: "EHOSTUNREACH" });
  assert.deepEqual(host.receiveAll(), [["A", "last"]]);
});

test("a second peer with an id in use is ignored, and cannot stall, until the first has left", () => {
  const host = new PatternHost("ROUTER");
  const first = new FarEnd(host, { routingId: "A" });
  const second = new FarEnd(host, { routingId: "A", inbound: 1 });
  for (let i = 0; i < 5; i += 1) assert.ok(second.send("ignored"));
  first.send("heard");
  assert.deepEqual(host.receiveAll(), [["A", "heard"]]);
  host.send("A", "x");
  assert.deepEqual(first.receiveAll(), [["x"]]);
  assert.deepEqual(second.receiveAll(), []);
  first.leave();
  assert.deepEqual(host.receiveAll(), []);
  assert.ok(second.send("now heard"));
  assert.deepEqual(host.receiveAll(), [["A", "now heard"]]);
  host.send("A", "y");
  assert.deepEqual(second.receiveAll(), [["y"]]);
  second.leave();
  assert.equal(host.pipes.size, 0);
});

test("of several who were refused an id the first that is still there gets it, with a notice", () => {
  const host = new PatternHost("ROUTER", { routerNotify: 3 });
  const [first, second, third, fourth] = ["A", "A", "B", "A"].map((routingId) => new FarEnd(host, { routingId }));
  for (const end of [second, third, fourth]) end?.send("early");
  assert.deepEqual(host.receiveAll(), [
    ["A", ""],
    ["B", ""],
    ["B", "early"],
  ]);
  second?.leave();
  first?.leave();
  assert.deepEqual(host.receiveAll(), [
    ["A", ""],
    ["A", ""],
  ]);
  fourth?.send("heard");
  assert.deepEqual(host.receiveAll(), [["A", "heard"]]);
});

test("handover: a new peer takes the id, and the old one is closed; what it had sent is still read", () => {
  const host = new PatternHost("ROUTER", { handover: true });
  const first = new FarEnd(host, { routingId: "A" });
  first.send("unread");
  const second = new FarEnd(host, { routingId: "A" });
  assert.equal(first.isLeft, true);
  second.send("heard");
  assert.deepEqual(host.receiveAll(), [
    ["A", "unread"],
    ["A", "heard"],
  ]);
  host.send("A", "x");
  assert.deepEqual(second.receiveAll(), [["x"]]);
});

test("handover: the old peer's notice stays before its messages, and the new one's comes after them", () => {
  const host = new PatternHost("ROUTER", { handover: true, routerNotify: 3 });
  new FarEnd(host, { routingId: "A" }).send("unread");
  new FarEnd(host, { routingId: "A" });
  assert.deepEqual(host.receiveAll(), [
    ["A", ""],
    ["A", "unread"],
    ["A", ""],
  ]);
});

test("an id is free again once its peer has left, and the unread messages keep it", () => {
  const host = new PatternHost("ROUTER");
  const first = new FarEnd(host, { routingId: "A" });
  first.send("old");
  first.leave();
  const second = new FarEnd(host, { routingId: "A" });
  second.send("new");
  assert.ok(host.send("A", "reply"));
  assert.deepEqual(second.receiveAll(), [["reply"]]);
  assert.deepEqual(host.receiveAll(), [
    ["A", "old"],
    ["A", "new"],
  ]);
  assert.ok(host.send("A", "again"));
  assert.deepEqual(second.receiveAll(), [["again"]]);
});

test("a connecting pipe can be written to once its peer is known", () => {
  const host = new PatternHost("ROUTER", { mandatory: true });
  const peer = new FarEnd(host, { isLocal: true, routingId: "A" });
  assert.throws(() => host.send("A", "x"), { code: "EHOSTUNREACH" });
  peer.connect();
  assert.ok(host.send("A", "x"));
  peer.reconnect();
  assert.ok(host.send("A", "y"));
  assert.deepEqual(peer.receiveAll(), [["x"], ["y"]]);
});

test("an id chosen for a connection is there at once, and the peer's own is ignored", () => {
  const host = new PatternHost("ROUTER", { mandatory: true });
  const peer = new FarEnd(host, { isLocal: true, connectRoutingId: "mine", routingId: "theirs" });
  assert.ok(host.send("mine", "early"));
  peer.connect();
  peer.send("x");
  assert.deepEqual(host.receiveAll(), [["mine", "x"]]);
  assert.throws(() => host.send("theirs", "x"), { code: "EHOSTUNREACH" });
  assert.deepEqual(peer.receiveAll(), [["early"]]);
});

test("the state of a peer is told by its id", () => {
  const host = new PatternHost("ROUTER");
  const peer = new FarEnd(host, { routingId: "A", outbound: 1 });
  const state = (): unknown => host.pattern.peerState?.(octets("A"));
  assert.deepEqual(state(), { readable: false, writable: true });
  peer.send("x");
  host.send("A", "x");
  assert.deepEqual(state(), { readable: true, writable: false });
  assert.throws(() => host.pattern.peerState?.(octets("B")), { code: "EHOSTUNREACH" });
});

test("notices of connect and disconnect stand around what came between", () => {
  const host = new PatternHost("ROUTER", { routerNotify: 3 });
  const peer = new FarEnd(host, { routingId: "A" });
  peer.send("x");
  peer.leave();
  assert.deepEqual(host.receiveAll(), [
    ["A", ""],
    ["A", "x"],
    ["A", ""],
  ]);
  assert.equal(host.pipes.size, 0);
});

test("a peer that leaves with nothing unread is told of, once", () => {
  const host = new PatternHost("ROUTER", { routerNotify: 2, disconnectMessage: octets("bye") });
  new FarEnd(host, { routingId: "A" }).leave();
  assert.equal(host.pipes.size, 0);
  assert.deepEqual(host.receiveAll(), [
    ["A", ""],
    ["A", "bye"],
  ]);
  const local = new FarEnd(host, { isLocal: true, routingId: "B" });
  local.connect();
  local.disconnect();
  local.leave();
  assert.deepEqual(host.receiveAll(), [["B", ""]]);
});

test("each notice has its bit, and comes for each connection", () => {
  for (const [bits, count] of [
    [0, 0],
    [1, 2],
    [2, 1],
  ] as const) {
    const host = new PatternHost("ROUTER", { routerNotify: bits });
    const peer = new FarEnd(host, { isLocal: true, routingId: "A" });
    assert.deepEqual(host.receiveAll(), []);
    peer.connect();
    peer.reconnect();
    assert.equal(host.receiveAll().length, count);
  }
});

test("no notice tells of a peer that was refused, or that we dropped ourselves", () => {
  const host = new PatternHost("ROUTER", { routerNotify: 3 });
  const first = new FarEnd(host, { routingId: "A" });
  const second = new FarEnd(host, { routingId: "A" });
  assert.deepEqual(host.receiveAll(), [["A", ""]]);
  second.leave();
  host.drop(first.near);
  assert.deepEqual(host.receiveAll(), []);
});

test("the disconnect message stands in for an accepted peer that has gone", () => {
  const host = new PatternHost("ROUTER", { disconnectMessage: octets("bye") });
  const accepted = new FarEnd(host, { routingId: "A" });
  const local = new FarEnd(host, { isLocal: true, routingId: "B" });
  local.connect();
  accepted.send("x");
  accepted.leave();
  local.leave();
  assert.deepEqual(host.receiveAll(), [
    ["A", "x"],
    ["A", "bye"],
  ]);
});

test("raw: ids are made at once, an empty message closes the connection, and nothing else is said", () => {
  const host = new PatternHost("ROUTER", { routerRaw: true, probeRouter: true, routerNotify: 3 });
  const peer = new FarEnd(host, { routingId: "A" });
  peer.send("data");
  const message = host.pattern.receive();
  assert.deepEqual(message?.slice(1).map(text), ["data"]);
  const id = message?.[0] as Uint8Array;
  assert.equal(id.length, 5);
  host.pattern.send([id, octets("answer")]);
  assert.deepEqual(peer.receiveAll(), [["answer"]]);
  host.pattern.send([id, octets("")]);
  assert.equal(peer.isLeft, true);
  host.options.mandatory = true;
  assert.throws(() => host.pattern.send([id, octets("x")]), { code: "EHOSTUNREACH" });
});

test("the application's message is left as it is", () => {
  const host = new PatternHost("ROUTER");
  new FarEnd(host, { routingId: "A" });
  const message = [octets("A"), octets("x")];
  host.pattern.send(message);
  assert.deepEqual(message.map(text), ["A", "x"]);
});
