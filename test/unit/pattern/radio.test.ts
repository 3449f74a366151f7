// SPDX-License-Identifier: MIT
/** RADIO (RFC 48): to everybody who has joined the group. The fan-out itself is tested in `broadcaster.test.ts`. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost } from "../../support/pattern-host.ts";

test("a message goes to those who have joined its group, and to no others", () => {
  const host = new PatternHost("RADIO");
  const [a, ab, none] = [new FarEnd(host), new FarEnd(host), new FarEnd(host)];
  a.join("a");
  ab.join("a");
  ab.join("ab");
  for (const group of ["a", "ab", "abc", ""]) assert.ok(host.send(group, `to ${group}`));
  assert.deepEqual(a.receiveAll(), [["a", "to a"]]);
  assert.deepEqual(ab.receiveAll(), [
    ["a", "to a"],
    ["ab", "to ab"],
  ]);
  assert.deepEqual(none.receiveAll(), []);
});

test("the empty group is a group like any other", () => {
  const host = new PatternHost("RADIO");
  const [peer, other] = [new FarEnd(host), new FarEnd(host)];
  peer.join("");
  other.join("x");
  host.send("", "1");
  host.send("x", "2");
  assert.deepEqual([peer.receiveAll(), other.receiveAll()], [[["", "1"]], [["x", "2"]]]);
});

test("leaving ends it at once, however often the group was joined; what was not joined cannot be left", () => {
  const host = new PatternHost("RADIO");
  const [peer, stayer] = [new FarEnd(host), new FarEnd(host)];
  for (const each of [peer, peer, stayer]) each.join("g");
  host.send("g", "1");
  peer.leaveGroup("other");
  peer.leaveGroup("g");
  peer.leaveGroup("g");
  host.send("g", "2");
  assert.deepEqual(
    [peer.receiveAll(), stayer.receiveAll()],
    [
      [["g", "1"]],
      [
        ["g", "1"],
        ["g", "2"],
      ],
    ],
  );
});

test("a group ends before its first zero octet, and one that is too long is nobody's", () => {
  const host = new PatternHost("RADIO");
  const peer = new FarEnd(host);
  peer.join("ab\0cd");
  peer.join("x".repeat(255));
  peer.join("y".repeat(256));
  host.send("ab", "1");
  host.send("x".repeat(255), "2");
  host.send("y".repeat(256), "3");
  assert.deepEqual(
    peer.receiveAll().map((item) => item[1]),
    ["1", "2"],
  );
});

test("subscriptions of publishers' kind mean nothing, and what a peer says besides is dropped at once", () => {
  const host = new PatternHost("RADIO");
  const peer = new FarEnd(host, { inbound: 2 });
  for (let i = 0; i < 10; i += 1) {
    assert.ok(peer.subscribe(""));
    assert.ok(peer.send("\x01g"));
    assert.ok(peer.cancel(""));
  }
  assert.equal(peer.unread, 0);
  host.send("g", "1");
  host.send("", "1");
  assert.deepEqual(peer.receiveAll(), []);
  assert.throws(() => host.receive(), { code: "ENOTSUP" });
});

test("messages of several parts are refused", () => {
  const host = new PatternHost("RADIO");
  assert.throws(() => host.send("g", "a", "b"), { code: "EINVAL" });
  assert.throws(() => host.send("g"), { code: "EINVAL" });
});

test("a full peer misses messages; with noDrop nobody gets one that it would miss", () => {
  const host = new PatternHost("RADIO");
  const [slow, fast] = [new FarEnd(host, { outbound: 1 }), new FarEnd(host)];
  for (const each of [slow, fast]) each.join("g");
  for (const content of ["1", "2"]) assert.ok(host.send("g", content));
  assert.deepEqual([slow.receiveAll().length, fast.receiveAll().length], [1, 2]);
  host.options.noDrop = true;
  assert.deepEqual([host.send("g", "3"), host.send("g", "4"), host.pattern.canSend()], [true, false, false]);
  assert.equal(fast.receiveAll().length, 1);
  assert.ok(host.send("nobody's", "x"));
  slow.receiveAll();
  assert.equal(host.pattern.canSend(), true);
  assert.ok(host.send("g", "4"));
});

test("a peer that leaves while it is full no longer holds back the others", () => {
  const host = new PatternHost("RADIO", { noDrop: true });
  const [slow, fast] = [new FarEnd(host, { outbound: 1 }), new FarEnd(host)];
  for (const each of [slow, fast]) each.join("g");
  assert.deepEqual([host.send("g", "1"), host.send("g", "2")], [true, false]);
  slow.leave();
  assert.deepEqual([host.pattern.canSend(), host.send("g", "2")], [true, true]);
});

test("groups outlive a lost connection, and are not doubled when they are said again", () => {
  const host = new PatternHost("RADIO");
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  peer.join("g");
  peer.disconnect();
  host.send("g", "while away");
  peer.connect();
  peer.join("g");
  host.send("g", "back");
  assert.deepEqual(peer.receiveAll(), [
    ["g", "while away"],
    ["g", "back"],
  ]);
  peer.leaveGroup("g");
  host.send("g", "late");
  assert.deepEqual(peer.receiveAll(), []);
});

test("a pipe that wants everything gets all groups, beside those who joined", () => {
  const host = new PatternHost("RADIO");
  const joined = new FarEnd(host);
  joined.join("a");
  const network = new FarEnd(host, { peer: { wantsEverything: true }, outbound: 3 });
  network.join("a");
  for (const group of ["a", "b"]) host.send(group, "x");
  assert.deepEqual(network.receiveAll(), [
    ["a", "x"],
    ["b", "x"],
  ]);
  assert.deepEqual(joined.receiveAll(), [["a", "x"]]);
  host.options.noDrop = true;
  for (let i = 0; i < 3; i += 1) assert.ok(host.send("c", `${i}`));
  assert.equal(host.send("c", "4"), false);
  network.leave();
  assert.ok(host.send("c", "4"));
});

test("a message that was given to send is the one that travels", () => {
  const host = new PatternHost("RADIO");
  const peer = new FarEnd(host);
  peer.join("g");
  const message = [octets("g"), octets("x")];
  host.pattern.send(message);
  assert.deepEqual(peer.receiveAll(), [["g", "x"]]);
});
