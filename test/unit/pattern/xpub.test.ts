// SPDX-License-Identifier: MIT
/** XPUB (RFC 29): fan-out, what its application is told, manual mode. Memory and back-pressure: `xpub-limits.test.ts`. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, joinHosts, octets, PatternHost } from "../../support/pattern-host.ts";

test("SHALL send each message to the subscribers it matches", () => {
  const host = new PatternHost("XPUB");
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  b.subscribe("");
  host.send("A1", "data");
  host.send("B1");
  assert.deepEqual(a.receiveAll(), [["A1", "data"]]);
  assert.deepEqual(b.receiveAll(), [["A1", "data"], ["B1"]]);
});

test("a subscriber with several matching topics gets a message once", () => {
  const host = new PatternHost("XPUB");
  const peer = new FarEnd(host);
  for (const topic of ["", "A", "AB"]) peer.subscribe(topic);
  host.send("ABC");
  assert.deepEqual(peer.receiveAll(), [["ABC"]]);
});

test("subscriptions that were there before the pipe was attached count", () => {
  const [publisher, subscriber] = [new PatternHost("XPUB"), new PatternHost("SUB")];
  subscriber.pattern.subscribe?.(octets("A"));
  joinHosts(publisher, subscriber);
  assert.deepEqual(publisher.receiveAll(), [["\x01A"]]);
  publisher.send("A");
  assert.deepEqual(subscriber.receiveAll(), [["A"]]);
});

test("tells its application the first subscription and the last cancel of a topic", () => {
  const host = new PatternHost("XPUB");
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  b.subscribe("A");
  a.subscribe("A");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [["\x01A"]]);
  assert.equal(host.pattern.topicsCount?.(), 1);
  a.cancel("A");
  assert.deepEqual(host.receiveAll(), []);
  b.cancel("A");
  assert.deepEqual(host.receiveAll(), [["\x00A"]]);
  assert.equal(host.pattern.topicsCount?.(), 0);
  b.cancel("A");
  assert.deepEqual(host.receiveAll(), [["\x00A"]]);
});

test("verbose tells every subscription, and with cancels every cancel", () => {
  for (const verbosity of ["allSubs", "allSubsUnsubs"] as const) {
    const host = new PatternHost("XPUB", { verbosity });
    const [a, b] = [new FarEnd(host), new FarEnd(host)];
    a.subscribe("A");
    b.subscribe("A");
    a.cancel("A");
    b.cancel("A");
    const cancels = verbosity === "allSubs" ? [["\x00A"]] : [["\x00A"], ["\x00A"]];
    assert.deepEqual(host.receiveAll(), [["\x01A"], ["\x01A"], ...cancels]);
  }
});

test("a subscriber that leaves is cancelled for", () => {
  const host = new PatternHost("XPUB");
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  a.subscribe("B");
  b.subscribe("B");
  host.receiveAll();
  a.leave();
  assert.deepEqual(host.receiveAll(), [["\x00A"]]);
  host.drop(b.near);
  assert.deepEqual(host.receiveAll(), [["\x00B"]]);
});

test("with all cancels told, a subscriber that leaves is cancelled for in full", () => {
  const host = new PatternHost("XPUB", { verbosity: "allSubsUnsubs" });
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  b.subscribe("A");
  host.receiveAll();
  a.leave();
  assert.deepEqual(host.receiveAll(), [["\x00A"]]);
});

test("messages from subscribers come in order with their subscriptions", () => {
  const host = new PatternHost("XPUB");
  const peer = new FarEnd(host);
  peer.send("before", "more");
  peer.subscribe("A");
  peer.send("");
  assert.deepEqual(host.receiveAll(), [["before", "more"], ["\x01A"], [""]]);
});

test("frames of 1 or 0 and a topic are subscriptions too, unless only the first frame counts", () => {
  for (const onlyFirstSubscribe of [false, true]) {
    const host = new PatternHost("XPUB", { onlyFirstSubscribe });
    const peer = new FarEnd(host);
    peer.send("\x01A");
    peer.send("user", "\x01B");
    const user = onlyFirstSubscribe ? [["user", "\x01B"]] : [["\x01B"], ["user"]];
    assert.deepEqual(host.receiveAll(), [["\x01A"], ...user]);
    assert.equal(host.pattern.topicsCount?.(), onlyFirstSubscribe ? 1 : 2);
  }
});

test("the welcome message is the first that a subscriber gets", () => {
  const host = new PatternHost("XPUB", { welcomeMessage: octets("welcome") });
  const peer = new FarEnd(host);
  peer.subscribe("");
  host.send("x");
  assert.deepEqual(peer.receiveAll(), [["welcome"], ["x"]]);
  host.options.welcomeMessage = octets("");
  assert.deepEqual(new FarEnd(host).receiveAll(), []);
});

test("inverted matching sends to those who did not ask", () => {
  const host = new PatternHost("XPUB", { invertMatching: true });
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  host.send("A1");
  assert.deepEqual(
    [a, b].map((peer) => peer.receiveAll()),
    [[], [["A1"]]],
  );
});

test("a peer that filters for itself gets everything, as if it had subscribed to it", () => {
  const host = new PatternHost("XPUB");
  const peer = new FarEnd(host, { peer: { wantsEverything: true } });
  assert.deepEqual(host.receiveAll(), [["\x01"]]);
  host.send("x");
  assert.deepEqual(peer.receiveAll(), [["x"]]);
  peer.leave();
  assert.deepEqual(host.receiveAll(), [["\x00"]]);
});

test("manual: subscriptions are only told, and granted by the application to who asked last", () => {
  const host = new PatternHost("XPUB", { manual: true });
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  b.subscribe("B");
  host.send("A");
  host.send("B");
  assert.deepEqual(host.receive(), ["\x01A"]);
  host.pattern.subscribe?.(octets("XA"));
  assert.deepEqual(host.receive(), ["\x01B"]);
  host.pattern.subscribe?.(octets("XB"));
  host.send("A");
  host.send("XA");
  host.send("XB");
  assert.deepEqual(
    [a, b].map((peer) => peer.receiveAll()),
    [[["XA"]], [["XB"]]],
  );
  b.cancel("B");
  assert.deepEqual(host.receive(), ["\x00B"]);
  host.pattern.unsubscribe?.(octets("XB"));
  host.send("XB");
  assert.deepEqual(b.receiveAll(), []);
});

test("manual: a subscriber that leaves is cancelled for with what it asked for, and cannot be granted anything", () => {
  const host = new PatternHost("XPUB", { manual: true });
  const peer = new FarEnd(host);
  peer.subscribe("A");
  peer.subscribe("B");
  assert.deepEqual(host.receive(), ["\x01A"]);
  host.pattern.subscribe?.(octets("XA"));
  assert.deepEqual(host.receive(), ["\x01B"]);
  peer.leave();
  host.pattern.subscribe?.(octets("XB"));
  assert.deepEqual(host.receiveAll().sort(), [["\x00A"], ["\x00B"]]);
  host.pattern.unsubscribe?.(octets("XA"));
  host.pattern.subscribe?.(octets("XC"));
  assert.equal(host.pattern.topicsCount?.(), 0);
});

test("manual: a message between notices does not change who asked last", () => {
  const host = new PatternHost("XPUB", { manual: true });
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  a.subscribe("A");
  b.send("hello");
  host.receiveAll();
  host.pattern.subscribe?.(octets("A"));
  host.send("A");
  assert.deepEqual(
    [a, b].map((peer) => peer.receiveAll()),
    [[["A"]], []],
  );
});

test("manual with last value: the first message after a grant goes to that subscriber alone", () => {
  const host = new PatternHost("XPUB", { manualLastValue: true });
  const [a, b] = [new FarEnd(host), new FarEnd(host)];
  for (const peer of [a, b]) {
    peer.subscribe("A");
    host.receive();
    host.pattern.subscribe?.(octets("A"));
    host.send("A", "last value");
  }
  host.send("A", "new");
  for (const peer of [a, b])
    assert.deepEqual(peer.receiveAll(), [
      ["A", "last value"],
      ["A", "new"],
    ]);
});

test("what is granted is refused where nothing is manual", () => {
  const host = new PatternHost("XPUB");
  assert.throws(() => host.pattern.subscribe?.(octets("A")), { code: "EINVAL" });
  assert.throws(() => host.pattern.unsubscribe?.(octets("A")), { code: "EINVAL" });
});
