// SPDX-License-Identifier: MIT
/** `subscriptions()` and `waitForSubscribers()`: driven by the subscriptions that arrive. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bound, receiveTexts, stateOf, withSockets } from "../../support/sockets.ts";

function shown(list: readonly { topic: Uint8Array; count: number }[]): string[] {
  return list.map(({ topic, count }) => `${topic}:${count}`).sort();
}

for (const type of ["pub", "xpub"] as const) {
  test(`${type}: nothing is lost of what is sent once the subscribers are there`, () =>
    withSockets(async (open) => {
      const publisher = open(type);
      const endpoint = await bound(publisher);
      const subscribers = [open("sub"), open("sub"), open("sub")];
      const all = publisher.waitForSubscribers({ topic: "goal", count: 3 });
      for (const subscriber of subscribers) {
        subscriber.connect(endpoint);
        subscriber.subscribe("goal");
      }
      assert.equal(await all, 3);
      await publisher.send("goal 1:0");
      for (const subscriber of subscribers) assert.deepEqual(await receiveTexts(subscriber), ["goal 1:0"]);
    }));
}

test("a topic counts who would get it, by any prefix; without one, who subscribed at all", () =>
  withSockets(async (open) => {
    const pub = open("pub");
    await pub.bind("inproc://topics");
    const [a, b, c] = [open("sub"), open("sub"), open("sub")];
    for (const sub of [a, b, c]) sub.connect("inproc://topics");
    assert.deepEqual(pub.subscriptions(), []);
    assert.equal(await stateOf(pub.waitForSubscribers({ timeout: 1000 })), "pending");
    a.subscribe("go", "goal");
    b.subscribe("goal");
    c.subscribe("card");
    assert.equal(await pub.waitForSubscribers({ topic: "goal 1:0", count: 0 }), 2);
    assert.equal(await pub.waitForSubscribers(), 3);
    assert.equal(await pub.waitForSubscribers({ topic: Buffer.from("card") }), 1);
    assert.equal(await stateOf(pub.waitForSubscribers({ topic: "weather", timeout: 1000 })), "pending");
    assert.deepEqual(shown(pub.subscriptions()), ["card:1", "go:1", "goal:2"]);
    assert.ok(pub.subscriptions()[0]?.topic instanceof Buffer);
    a.unsubscribe("goal");
    await b.close();
    assert.deepEqual(shown(pub.subscriptions()), ["card:1", "go:1"]);
  }));

test("where matching is inverted, those count who have not subscribed", () =>
  withSockets(async (open) => {
    const pub = open("pub", { invertMatching: true });
    await pub.bind("inproc://inverted");
    const sub = open("sub", { invertMatching: true });
    sub.connect("inproc://inverted");
    sub.subscribe("noise");
    assert.equal(await pub.waitForSubscribers({ topic: "news" }), 1);
    assert.equal(await stateOf(pub.waitForSubscribers({ topic: "noise 1", timeout: 1000 })), "pending");
  }));

test("an XPUB in manual mode counts what its application has granted", () =>
  withSockets(async (open) => {
    const xpub = open("xpub", { manual: true });
    await xpub.bind("inproc://granted");
    const sub = open("sub");
    sub.connect("inproc://granted");
    sub.subscribe("a");
    const waiting = xpub.waitForSubscribers({ timeout: 1000 });
    assert.equal(await stateOf(waiting), "pending");
    await xpub.receive();
    xpub.subscribe("b");
    assert.deepEqual(shown(xpub.subscriptions()), ["b:1"]);
    assert.equal(await waiting, 1);
  }));

test("a RADIO counts by group", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    dish.connect(await bound(radio));
    const joined = radio.waitForSubscribers({ topic: "tv" });
    dish.join("tv", "movies");
    assert.equal(await joined, 1);
    assert.deepEqual(shown(radio.subscriptions()), ["movies:1", "tv:1"]);
  }));

test("the wait can be given up, and ends with the socket", () =>
  withSockets(async (open) => {
    const pub = open("pub");
    await assert.rejects(pub.waitForSubscribers({ timeout: 1 }), { code: "EAGAIN", message: /waitForSubscribers/ });
    await assert.rejects(pub.waitForSubscribers({ timeout: 0 }), { code: "EAGAIN" });
    await assert.rejects(pub.waitForSubscribers({ signal: AbortSignal.abort() }), { name: "AbortError" });
    const stop = new AbortController();
    const aborted = pub.waitForSubscribers({ signal: stop.signal });
    stop.abort();
    await assert.rejects(aborted, { code: "ECANCELED" });
    await assert.rejects(pub.waitForSubscribers({ count: -1 }), { code: "EINVAL" });
    await assert.rejects(pub.waitForSubscribers({ count: "1" as unknown as number }), TypeError);
    await assert.rejects(pub.waitForSubscribers({ topic: 1 as unknown as string }), TypeError);
    const waiting = [pub.waitForSubscribers(), pub.waitForSubscribers({ topic: "x" })];
    void pub.close();
    for (const each of waiting) await assert.rejects(each, { code: "EAGAIN" });
    await assert.rejects(pub.waitForSubscribers(), { code: "EBADF" });
  }));
