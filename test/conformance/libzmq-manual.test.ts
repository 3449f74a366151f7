// SPDX-License-Identifier: MIT
/**
 * XPUB in manual mode as libzmq's test_xpub_manual and test_xpub_manual_last_value pin it. npm `zeromq` has no method to confirm a
 * subscription: both packages are told by libzmq's numbers.
 */
import assert from "node:assert/strict";
import { boundTo, receiveSoon, sendNow, setByNumber, testBoth } from "../support/implementations.ts";

const [SUBSCRIBE, UNSUBSCRIBE, XPUB_MANUAL_LAST_VALUE, ONLY_FIRST_SUBSCRIBE] = [6, 7, 98, 108];

testBoth("manual: what was subscribed to is what the application says", async (open) => {
  const [xpub, xsub] = [open("xpub", { manual: true }), open("xsub")];
  await xpub.bind("inproc://manual");
  xsub.connect("inproc://manual");
  for (const topic of ["A", "B"]) {
    await xsub.send(`\u0001${topic}`);
    assert.deepEqual(await receiveSoon(xpub), [`\u0001${topic}`]);
    setByNumber(xpub, SUBSCRIBE, `X${topic}`);
  }
  for (const text of ["A", "B", "XA", "XB"]) await xpub.send(text);
  assert.deepEqual([await receiveSoon(xsub), await receiveSoon(xsub)], [["XA"], ["XB"]]);
  await xsub.send("\u0000A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
  setByNumber(xpub, UNSUBSCRIBE, "XA");
  for (const text of ["XA", "XB"]) await xpub.send(text);
  assert.deepEqual(await receiveSoon(xsub), ["XB"]);
});

testBoth("manual: subscribers that go are told of with what they had asked for, each for itself", async (open) => {
  const xpub = open("xpub", { manual: true });
  const endpoint = await boundTo(xpub);
  const subs = [open("sub"), open("sub")];
  for (const [index, sub] of subs.entries()) {
    sub.subscribe("A");
    sub.connect(endpoint);
    assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
    setByNumber(xpub, SUBSCRIBE, `X${index}`);
  }
  for (const sub of subs) {
    await sub.close();
    assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
    // Whom it is about has gone: nothing more can be taken away, and nothing fails.
    setByNumber(xpub, UNSUBSCRIBE, "X0");
  }
});

testBoth(
  "manual: a proxy that confirms each subscription when it comes loses none, however close they come",
  async (open) => {
    const [pub, sub] = [open("pub"), open("sub")];
    const [front, back] = [open("xsub"), open("xpub", { manual: true })];
    pub.connect(await boundTo(front));
    sub.subscribe("1", "2", "3");
    sub.connect(await boundTo(back));
    for (const topic of ["1", "2", "3"]) {
      assert.deepEqual(await receiveSoon(back), [`\u0001${topic}`]);
      setByNumber(back, SUBSCRIBE, topic);
      await front.send(`\u0001${topic}`);
    }
    for (const topic of ["1", "2", "3"]) {
      // When a subscription reaches a PUB is not told; the last of its messages is what counts.
      let got: string[] | undefined;
      while (got === undefined) {
        await pub.send([topic, "X"]);
        got = await receiveSoon(front, 5);
      }
      while (got !== undefined) {
        assert.deepEqual(got, [topic, "X"]);
        await back.send(got);
        assert.deepEqual(await receiveSoon(sub), [topic, "X"]);
        got = await receiveSoon(front, 5);
      }
    }
  },
);

testBoth(
  "manual: subscribers that leave a proxy take their subscriptions back, and the publisher is told",
  async (open) => {
    const [source, front, back] = [open("xpub"), open("xsub"), open("xpub", { manual: true })];
    source.connect(await boundTo(front));
    const endpoint = await boundTo(back);
    const subs = [open("sub"), open("sub")];
    for (const sub of subs) {
      sub.subscribe("1");
      sub.connect(endpoint);
      assert.deepEqual(await receiveSoon(back), ["\u00011"]);
      setByNumber(back, SUBSCRIBE, "1");
      await front.send("\u00011");
    }
    assert.deepEqual(await receiveSoon(source), ["\u00011"]);
    for (const sub of subs) {
      await sub.close();
      assert.deepEqual(await receiveSoon(back), ["\u00001"]);
      setByNumber(back, UNSUBSCRIBE, "1");
      await front.send("\u00001");
    }
    assert.deepEqual(await receiveSoon(source), ["\u00001"]);
    await source.send(["1", "nobody is there"]);
    assert.equal(await receiveSoon(front, 20), undefined);
  },
);

testBoth("manual: messages of a subscriber that are no subscriptions are received as they are", async (open) => {
  const [xpub, xsub] = [open("xpub", { manual: true }), open("xsub")];
  await xpub.bind("inproc://manual");
  xsub.connect("inproc://manual");
  for (const text of ["\u0002A", "\u0001A", "A", "\u0000B"]) {
    await xsub.send(text);
    if (text !== "\u0000B") assert.deepEqual(await receiveSoon(xpub), [text]);
  }
});

testBoth("onlyFirstSubscribe: what follows the first part of a message is never a subscription", async (open) => {
  const [xpub, xsub] = [open("xpub", { manual: true }), open("xsub")];
  for (const socket of [xpub, xsub]) setByNumber(socket, ONLY_FIRST_SUBSCRIBE, 1);
  await xpub.bind("inproc://manual");
  xsub.connect("inproc://manual");
  for (const message of [
    ["\u0002A", "\u0001B"],
    ["user", "\u0000B", "\u0001C"],
  ]) {
    await xsub.send(message);
    assert.deepEqual(await receiveSoon(xpub), message);
  }
  await xsub.send("\u0001A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
});

testBoth("manualLastValue: the first message after a confirmation goes to the newest subscriber only", async (open) => {
  const xpub = open("xpub");
  setByNumber(xpub, XPUB_MANUAL_LAST_VALUE, 1);
  await xpub.bind("inproc://manual");
  const subs = [open("sub"), open("sub")] as const;
  for (const sub of subs) {
    sub.subscribe("A");
    sub.connect("inproc://manual");
    assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
    setByNumber(xpub, SUBSCRIBE, "A");
    await xpub.send("A cached");
    assert.deepEqual(await receiveSoon(sub), ["A cached"]);
  }
  assert.equal(await receiveSoon(subs[0], 10), undefined);
  assert.ok(await sendNow(xpub, "A new"));
  for (const sub of subs) assert.deepEqual(await receiveSoon(sub), ["A new"]);
});
