// SPDX-License-Identifier: MIT
/** What one peer may subscribe to, or join. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ZmqError } from "../../../src/base/errors.ts";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

/** A far end from the network, which notes why it is cut off. */
function networkPeer(host: PatternHost): { peer: FarEnd; reasons: (string | undefined)[] } {
  const peer = new FarEnd(host, { peer: { address: "192.0.2.1:1" } });
  const reasons: (string | undefined)[] = [];
  Object.assign(peer, { cutOff: (_: unknown, why?: ZmqError) => reasons.push(why?.limit?.option) });
  return { peer, reasons };
}

for (const changes of [{}, { manual: true }]) {
  const mode = "manual" in changes ? "manual XPUB" : "XPUB";

  test(`${mode}: so many subscriptions, and no more`, () => {
    const host = new PatternHost("XPUB", { maxSubscriptions: 2, ...changes });
    const { peer, reasons } = networkPeer(host);
    for (const topic of ["A", "B", "A", "B"]) peer.subscribe(topic);
    assert.deepEqual(reasons, [], "what it has already is nothing new");
    peer.cancel("A");
    peer.subscribe("C");
    assert.deepEqual(reasons, []);
    peer.subscribe("D");
    assert.deepEqual(reasons, ["maxSubscriptions"]);
    assert.ok(!host.receiveAll().some(([notice]) => notice === "\x01D"));
    const other = networkPeer(host);
    other.peer.subscribe("D");
    assert.deepEqual(other.reasons, [], "others have their own");
  });

  test(`${mode}: so many octets of subscriptions, and no more`, () => {
    const host = new PatternHost("XPUB", { maxSubscriptionBytes: 10, ...changes });
    const { peer, reasons } = networkPeer(host);
    for (const topic of ["", "12345", "6789"]) peer.subscribe(topic);
    peer.cancel("12345");
    peer.subscribe("654321");
    assert.deepEqual(reasons, []);
    peer.subscribe("!");
    peer.cancel("a cancel as long as this");
    assert.deepEqual(reasons, ["maxSubscriptionBytes", "maxSubscriptionBytes"]);
    assert.ok(!host.receiveAll().some(([notice]) => (notice ?? "").length > 11));
  });
}

test("RADIO: so many groups, and no more", () => {
  const host = new PatternHost("RADIO", { maxSubscriptions: 2 });
  const { peer, reasons } = networkPeer(host);
  for (const group of ["A", "B", "C"]) peer.join(group);
  assert.deepEqual(reasons, ["maxSubscriptions"]);
});

test("0 is no limit, and sockets of the same process have none", () => {
  const free = networkPeer(new PatternHost("PUB", { maxSubscriptions: 0, maxSubscriptionBytes: 0 }));
  for (let i = 0; i < 100; i += 1) free.peer.subscribe(`${i}`);
  assert.deepEqual(free.reasons, []);
  const host = new PatternHost("PUB", { maxSubscriptions: 1, maxSubscriptionBytes: 1 });
  const near = new FarEnd(host, { peer: { address: "" } });
  const reasons: unknown[] = [];
  Object.assign(near, { cutOff: (...why: unknown[]) => reasons.push(why) });
  for (let i = 0; i < 100; i += 1) near.subscribe(`${i}`);
  assert.deepEqual(reasons, []);
});
