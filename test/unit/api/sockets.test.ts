// SPDX-License-Identifier: MIT
/** The typed classes, each in its first use; topics and connections by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveAll, receiveTexts, texts, turns, withSockets } from "../../support/sockets.ts";

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

test("REQ and REP, DEALER and ROUTER, PAIR", () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep"), open("req")];
    await join(rep, req);
    await req.send(["what", "time"]);
    assert.deepEqual(await receiveTexts(rep), ["what", "time"]);
    await rep.send("noon");
    assert.deepEqual(await receiveTexts(req), ["noon"]);
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    await join(router, dealer);
    await dealer.send("hello");
    assert.deepEqual(await receiveTexts(router), ["D", "hello"]);
    await router.send(["D", "you too"]);
    assert.deepEqual(await receiveTexts(dealer), ["you too"]);
    const [a, b] = [open("pair"), open("pair")];
    await join(a, b);
    await a.send("1");
    await b.send("2");
    assert.deepEqual([await receiveTexts(b), await receiveTexts(a)], [["1"], ["2"]]);
  }));

test("a ROUTER names its own connections, whatever the peers call themselves", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    await dealer.bind("inproc://x");
    router.connect("inproc://x", { routingId: "mine" });
    await router.send(["mine", "hello"]);
    assert.deepEqual(await receiveTexts(dealer), ["hello"]);
    await dealer.send("back");
    assert.deepEqual(await receiveTexts(router), ["mine", "back"]);
    assert.throws(() => router.connect("inproc://y", { routingId: 5 as never }), TypeError);
  }));

test("STREAM tells of peers that come and go, passes octets, and closes with an empty part", () =>
  withSockets(async (open) => {
    const [server, client] = [open("stream"), open("stream")];
    await server.bind("tcp://127.0.0.1:*");
    client.connect(server.lastEndpoint as string, { routingId: "S" });
    const [id, empty] = await server.receive({ timeout: 2000 });
    assert.equal(empty?.length, 0);
    assert.deepEqual(await receiveTexts(client), ["S", ""]);
    await client.send(["S", "octets"]);
    assert.deepEqual(texts(await server.receive({ timeout: 2000 }))[1], "octets");
    await server.send([id as Buffer, ""]);
    assert.deepEqual(await receiveTexts(client), ["S", ""]);
  }));
