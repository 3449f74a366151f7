// SPDX-License-Identifier: MIT
/** PUB, SUB, XPUB and XSUB, each in its first use; topics by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveAll, receiveTexts, turns, withSockets } from "../../../support/sockets.ts";

test("PUB and SUB: what matches a prefix arrives; without a prefix, everything", () =>
  withSockets(async (open) => {
    const pub = open("pub");
    const [some, all] = [open("sub"), open("sub")];
    await pub.bind("inproc://news");
    some.connect("inproc://news");
    all.connect("inproc://news");
    some.subscribe("a", Buffer.from("b"));
    all.subscribe();
    for (const topic of ["a1", "b1", "c1"]) await pub.send([topic, "body"]);
    assert.deepEqual(receiveAll(some), [
      ["a1", "body"],
      ["b1", "body"],
    ]);
    assert.equal(receiveAll(all).length, 3);
    some.unsubscribe("a");
    all.unsubscribe();
    for (const topic of ["a2", "b2", "c2"]) await pub.send(topic);
    assert.deepEqual(receiveAll(some), [["b2"]]);
    assert.deepEqual(receiveAll(all), []);
  }));

test("a topic that was subscribed to twice has to be taken away twice; an unknown one is no matter", () =>
  withSockets(async (open) => {
    const [pub, sub] = [open("pub"), open("sub")];
    await pub.bind("inproc://news");
    sub.connect("inproc://news");
    sub.subscribe("a", "a");
    sub.unsubscribe("a", "unknown");
    await pub.send("a1");
    assert.deepEqual(receiveAll(sub), [["a1"]]);
    sub.unsubscribe("a");
    await pub.send("a2");
    assert.deepEqual(receiveAll(sub), []);
  }));

test("a topic that is no text or octets is a TypeError, and what came before it stands", () =>
  withSockets(async (open) => {
    const sub = open("sub");
    assert.throws(() => sub.subscribe(5 as never), { name: "TypeError", message: /topic/ });
    assert.throws(() => sub.unsubscribe(undefined as never), TypeError);
  }));

test("XPUB hears of subscriptions as messages, XSUB makes them with messages", () =>
  withSockets(async (open) => {
    const [xpub, xsub] = [open("xpub"), open("xsub")];
    await join(xpub, xsub);
    await xsub.send("\u0001topic");
    assert.deepEqual(await receiveTexts(xpub), ["\u0001topic"]);
    await xpub.send(["topic", "x"]);
    assert.deepEqual(await receiveTexts(xsub), ["topic", "x"]);
    await xsub.send("to the publisher");
    assert.deepEqual(await receiveTexts(xpub), ["to the publisher"]);
    await xsub.send("\u0000topic");
    assert.deepEqual(await receiveTexts(xpub), ["\u0000topic"]);
  }));

test("an XPUB in manual mode subscribes its peers itself", () =>
  withSockets(async (open) => {
    const xpub = open("xpub", { manual: true });
    const sub = open("sub");
    sub.subscribe("a", "b");
    await join(xpub, sub);
    const topics = [...(await receiveTexts(xpub)), ...(await receiveTexts(xpub))];
    assert.deepEqual(topics.sort(), ["\u0001a", "\u0001b"]);
    xpub.subscribe("b");
    await xpub.send("a");
    await xpub.send("b");
    assert.deepEqual(await receiveTexts(sub), ["b"]);
    xpub.unsubscribe("b");
    await xpub.send("b again");
    await turns(20);
    assert.deepEqual(receiveAll(sub), []);
  }));
