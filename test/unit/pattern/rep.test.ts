// SPDX-License-Identifier: MIT
/** REP (RFC 28): strict turns, the envelope, requesters that have gone. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL restore the envelope, with all its frames, on the reply", () => {
  const host = new PatternHost("REP");
  const peer = new FarEnd(host);
  peer.send("hop 2", "hop 1", "", "request", "", "more");
  assert.deepEqual(host.receive(), ["request", "", "more"]);
  host.send("reply", "more");
  assert.deepEqual(peer.receiveAll(), [["hop 2", "hop 1", "", "reply", "more"]]);
});

test("alternates strictly between receive and send", () => {
  const host = new PatternHost("REP");
  const peer = new FarEnd(host);
  assert.throws(() => host.send("x"), { code: "EFSM" });
  assert.equal(host.pattern.canSend(), false);
  peer.send("", "1");
  peer.send("", "2");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receive(), ["1"]);
  assert.equal(host.pattern.canReceive(), false);
  assert.throws(() => host.receive(), { code: "EFSM" });
  assert.equal(host.pattern.canSend(), true);
  host.send("one");
  assert.throws(() => host.send("one again"), { code: "EFSM" });
  assert.deepEqual(host.receive(), ["2"]);
});

test("SHALL receive incoming messages from its peers using a fair-queuing strategy, and reply to the last", () => {
  const host = new PatternHost("REP");
  const peers = [new FarEnd(host), new FarEnd(host)];
  for (const [i, peer] of peers.entries()) for (let n = 0; n < 2; n += 1) peer.send("", `${i}.${n}`);
  for (const expected of ["0.0", "1.0", "0.1", "1.1"]) {
    assert.deepEqual(host.receive(), [expected]);
    host.send(`re ${expected}`);
  }
  assert.deepEqual(peers[0]?.receiveAll(), [
    ["", "re 0.0"],
    ["", "re 0.1"],
  ]);
  assert.equal(peers[1]?.receiveAll().length, 2);
});

test("a request whose envelope does not end is skipped", () => {
  const host = new PatternHost("REP");
  const peer = new FarEnd(host);
  peer.send("no", "delimiter");
  peer.send("nothing behind it", "");
  peer.send("");
  assert.equal(host.pattern.canReceive(), false);
  peer.send("", "good");
  assert.deepEqual(host.receive(), ["good"]);
});

test("SHALL discard the reply when the requester has gone, and go on", () => {
  const host = new PatternHost("REP");
  const [leaver, stayer] = [new FarEnd(host), new FarEnd(host)];
  leaver.send("", "1");
  assert.deepEqual(host.receive(), ["1"]);
  leaver.leave();
  assert.ok(host.send("lost"));
  stayer.send("", "2");
  assert.deepEqual(host.receive(), ["2"]);
  host.send("kept");
  assert.deepEqual(stayer.receiveAll(), [["", "kept"]]);
});

test("a request is answered although its pipe was dropped between", () => {
  const host = new PatternHost("REP");
  const peer = new FarEnd(host);
  peer.send("", "1");
  assert.equal(host.pattern.canReceive(), true);
  host.drop(peer.near);
  assert.deepEqual(host.receive(), ["1"]);
  assert.ok(host.send("lost"));
});

test("a reply to a requester that takes nothing is dropped: nobody else waits for it", () => {
  const host = new PatternHost("REP");
  const peer = new FarEnd(host, { outbound: 1 });
  for (let i = 0; i < 3; i += 1) {
    peer.send("", "request");
    host.receive();
    assert.ok(host.send(`${i}`));
  }
  assert.deepEqual(peer.receiveAll(), [["", "0"]]);
});
