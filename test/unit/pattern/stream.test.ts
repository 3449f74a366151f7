// SPDX-License-Identifier: MIT
/** STREAM: connections by id, notices, closing. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

/** Receives a message; the id as octets, the rest as text. */
function take(host: PatternHost): { id: Uint8Array; data: string[] } {
  const [id, ...data] = host.pattern.receive() ?? [];
  assert.ok(id !== undefined);
  return { id, data: data.map(text) };
}

test("an empty piece tells of a connection, then its octets come with the same id", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host);
  peer.send("GET /");
  const notice = take(host);
  assert.deepEqual(notice.data, [""]);
  assert.equal(notice.id.length, 5);
  assert.equal(notice.id[0], 0);
  const piece = take(host);
  assert.deepEqual(piece.data, ["GET /"]);
  assert.equal(piece.id, notice.id);
  assert.ok(host.pattern.send([notice.id, octets("200")]));
  assert.deepEqual(peer.receiveAll(), [["200"]]);
});

test("an empty piece tells that a connection has gone, behind its last octets", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host);
  take(host);
  peer.send("last");
  peer.leave();
  assert.deepEqual(take(host).data, ["last"]);
  assert.deepEqual(take(host).data, [""]);
  assert.equal(host.pattern.receive(), undefined);
  assert.equal(host.pipes.size, 0);
});

test("a connection that goes with nothing unread is told of too", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host);
  take(host);
  peer.leave();
  assert.equal(host.pipes.size, 0);
  assert.deepEqual(take(host).data, [""]);
});

test("without notify only octets come", () => {
  const host = new PatternHost("STREAM", { notify: false });
  const peer = new FarEnd(host);
  peer.send("x");
  peer.leave();
  assert.deepEqual(take(host).data, ["x"]);
  assert.equal(host.pattern.canReceive(), false);
});

test("an outgoing connection tells each time it stands or is lost, and once when it ends", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host, { isLocal: true });
  assert.equal(host.pattern.canReceive(), false);
  peer.connect();
  assert.equal(host.receiveAll().length, 1);
  peer.disconnect();
  peer.leave();
  assert.equal(host.receiveAll().length, 1);
});

test("the id made last is found in the options", () => {
  const host = new PatternHost("STREAM");
  new FarEnd(host, { isLocal: true }).connect();
  assert.deepEqual(take(host).id, host.options.routingId);
});

test("an id may be chosen for a connection", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host, { isLocal: true, connectRoutingId: "conn" });
  assert.ok(host.send("conn", "early"));
  peer.connect();
  assert.deepEqual(peer.receiveAll(), [["early"]]);
  assert.equal(text(take(host).id), "conn");
});

test("sending an empty piece closes the connection after what was sent before", () => {
  const host = new PatternHost("STREAM");
  const peer = new FarEnd(host);
  const { id } = take(host);
  host.pattern.send([id, octets("bye")]);
  assert.ok(host.pattern.send([id, octets("")]));
  assert.equal(peer.isLeft, true);
  assert.deepEqual(peer.receiveAll(), [["bye"]]);
  assert.throws(() => host.pattern.send([id, octets("x")]), { code: "EHOSTUNREACH" });
  assert.equal(host.pattern.canReceive(), false);
});

test("a connection that we close is told of no more, not even that it came", () => {
  const host = new PatternHost("STREAM");
  new FarEnd(host, { isLocal: true, connectRoutingId: "conn" }).connect();
  host.send("conn", "");
  assert.deepEqual(host.receiveAll(), []);
});

test("an unknown or closed connection is an error, a full one would block, an id alone is nothing", () => {
  const host = new PatternHost("STREAM");
  assert.throws(() => host.send("nobody", "x"), { code: "EHOSTUNREACH" });
  assert.ok(host.send("nobody"));
  const peer = new FarEnd(host, { outbound: 1 });
  const { id } = take(host);
  assert.ok(host.pattern.send([id, octets("1")]));
  assert.equal(host.pattern.send([id, octets("2")]), false);
  assert.equal(host.pattern.canSend(), true);
  peer.send("unread");
  peer.leave();
  assert.throws(() => host.pattern.send([id, octets("3")]), { code: "EHOSTUNREACH" });
});
