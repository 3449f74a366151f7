// SPDX-License-Identifier: MIT
/** Publishers and subscribers as libzmq's test_xpub_* (but for manual mode), test_xsub_verbose, test_sub_forward and test_pub_invert_matching pin them. */
import assert from "node:assert/strict";
import { boundTo, type OpenEither, receiveSoon, sendNow, setByNumber, testBoth } from "../support/implementations.ts";

const XSUB_VERBOSE_UNSUBSCRIBE = 115;

/** An XPUB and subscribers that are connected to it within the process. */
async function meet(
  open: OpenEither,
  options: object,
  ...types: ("sub" | "xsub")[]
): Promise<ReturnType<typeof pairUp>> {
  return pairUp(open, options, types);
}

async function pairUp(open: OpenEither, options: object, types: readonly ("sub" | "xsub")[]) {
  const xpub = open("xpub", options);
  await xpub.bind("inproc://news");
  const subs = types.map((type) => {
    const sub = open(type);
    sub.connect("inproc://news");
    return sub;
  });
  return { xpub, subs };
}

testBoth("a topic is told of once, however many subscribe to it", async (open) => {
  const { xpub, subs } = await meet(open, {}, "xsub", "xsub");
  const [first, second] = subs as [(typeof subs)[0] & { send(message: string): Promise<void> }, never];
  await first.send("\u0001A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
  await first.send("\u0001B");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001B"]);
  await (second as typeof first).send("\u0001A");
  assert.equal(await receiveSoon(xpub, 30), undefined);
  await first.send("\u0000A");
  assert.equal(await receiveSoon(xpub, 30), undefined);
  await (second as typeof first).send("\u0000A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
});

testBoth("verbosity allSubs tells of every subscription, allSubsUnsubs of every cancel as well", async (open) => {
  const { xpub, subs } = await meet(open, { verbosity: "allSubs" }, "sub", "sub");
  const [first, second] = subs as [{ subscribe(t: string): void; unsubscribe(t: string): void }, never] & typeof subs;
  first.subscribe("A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
  (second as typeof first).subscribe("A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
  first.unsubscribe("A");
  assert.equal(await receiveSoon(xpub, 30), undefined);
  xpub.verbosity = "allSubsUnsubs";
  first.subscribe("A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
  first.unsubscribe("A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
  xpub.verbosity = null;
  first.subscribe("A");
  assert.equal(await receiveSoon(xpub, 30), undefined);
});

testBoth("a message of a subscriber that is no subscription is received as it is", async (open) => {
  const { xpub, subs } = await meet(open, {}, "xsub");
  const [xsub] = subs as unknown as [{ send(message: string | string[]): Promise<void> }];
  await xsub.send("\u0002A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0002A"]);
  await xsub.send(["user", "message"]);
  const got = await receiveSoon(xpub);
  assert.equal(got?.[0], "user");
});

testBoth("noDrop: nothing is lost, and a full subscriber makes the publisher wait", async (open) => {
  const xpub = open("xpub", { noDrop: true, sendHighWaterMark: 1000 });
  const sub = open("sub", { receiveHighWaterMark: 1000 });
  await xpub.bind("inproc://news");
  sub.connect("inproc://news");
  sub.subscribe("");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001"]);
  let sent = 0;
  while (await sendNow(xpub, String(sent))) sent += 1;
  assert.equal(sent, 2000);
  for (let i = 0; i < sent; i += 1) assert.deepEqual(await receiveSoon(sub), [String(i)]);
});

testBoth("a welcome message reaches those who have subscribed to it before they came", async (open) => {
  const xpub = open("xpub");
  await xpub.bind("inproc://news");
  xpub.welcomeMessage = "W";
  const sub = open("sub");
  sub.subscribe("W");
  sub.connect("inproc://news");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001W"]);
  assert.deepEqual(await receiveSoon(sub), ["W"]);
  const deaf = open("sub");
  deaf.subscribe("other");
  deaf.connect("inproc://news");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001other"]);
  assert.equal(await receiveSoon(deaf, 10), undefined);
});

testBoth("topics of 245 octets and around it come through, with their cancel", async (open) => {
  const xpub = open("xpub");
  const sub = open("sub");
  sub.connect(await boundTo(xpub));
  for (const length of [1, 244, 245, 246, 247, 255, 256, 1000]) {
    const topic = "t".repeat(length);
    sub.subscribe(topic);
    assert.deepEqual(await receiveSoon(xpub), [`\u0001${topic}`]);
    await xpub.send(topic);
    assert.deepEqual(await receiveSoon(sub), [topic]);
    sub.unsubscribe(topic);
    assert.deepEqual(await receiveSoon(xpub), [`\u0000${topic}`]);
  }
});

testBoth("a forwarder of XSUB and XPUB passes subscriptions up and messages down", async (open) => {
  const [pub, xsub, xpub, sub] = [open("pub"), open("xsub"), open("xpub"), open("sub")];
  await xpub.bind("inproc://below");
  await xsub.bind("inproc://above");
  pub.connect("inproc://above");
  sub.connect("inproc://below");
  sub.subscribe("");
  await xsub.send(await xpub.receive());
  while ((await receiveSoon(xsub, 2)) === undefined) await pub.send("probe");
  await pub.send("through");
  let got = await receiveSoon(xsub);
  while (got?.[0] === "probe") got = await receiveSoon(xsub);
  await xpub.send(got as string[]);
  assert.deepEqual(await receiveSoon(sub), ["through"]);
});

testBoth("invertMatching sends to those who did not subscribe", async (open) => {
  const pub = open("xpub", { invertMatching: true });
  await pub.bind("inproc://news");
  const [a, b] = [open("sub", { invertMatching: true }), open("sub", { invertMatching: true })];
  a.connect("inproc://news");
  b.connect("inproc://news");
  a.subscribe("A");
  b.subscribe("B");
  assert.deepEqual([await receiveSoon(pub), await receiveSoon(pub)].flat().toSorted(), ["\u0001A", "\u0001B"]);
  await pub.send("A1");
  await pub.send("B1");
  assert.deepEqual(await receiveSoon(a), ["B1"]);
  assert.deepEqual(await receiveSoon(b), ["A1"]);
  assert.equal(await receiveSoon(a, 10), undefined);
});

testBoth("an XSUB passes a cancel on when it is the last of its topic, or always where it is verbose", async (open) => {
  const { xpub, subs } = await meet(open, { verbosity: "allSubsUnsubs" }, "xsub");
  const [xsub] = subs as unknown as [{ send(message: string): Promise<void> }];
  for (const text of ["\u0001A", "\u0001A", "\u0000A"]) await xsub.send(text);
  assert.deepEqual([await receiveSoon(xpub), await receiveSoon(xpub)], [["\u0001A"], ["\u0001A"]]);
  assert.equal(await receiveSoon(xpub, 10), undefined);
  await xsub.send("\u0000A");
  assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
  setByNumber(xsub, XSUB_VERBOSE_UNSUBSCRIBE, 1);
  for (const text of ["\u0001A", "\u0001A"]) {
    await xsub.send(text);
    assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
  }
  for (let i = 0; i < 2; i += 1) {
    await xsub.send("\u0000A");
    assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
  }
});
