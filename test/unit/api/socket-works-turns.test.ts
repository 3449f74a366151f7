// SPDX-License-Identifier: MIT
/** REQ and REP out of turn: whoever calls early waits, in call order, and nobody is forgotten or served twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, stateOf, texts, within, withSockets } from "../../support/sockets.ts";

test("a REQ's requests and replies that were all asked for at once come in order, none twice", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const req = open("req");
    await rep.bind("inproc://desk");
    const requests: Promise<string[]>[] = [];
    const replies: Promise<string[]>[] = [];
    const sends: Promise<void>[] = [];
    for (let i = 0; i < 5; i += 1) {
      requests.push(rep.receive().then(texts));
      sends.push(rep.send(`r${i}`), req.send(`q${i}`));
      replies.push(req.receive().then(texts));
    }
    req.connect("inproc://desk");
    await within(2000, "the sends", Promise.all(sends));
    assert.deepEqual((await Promise.all(requests)).flat(), ["q0", "q1", "q2", "q3", "q4"]);
    assert.deepEqual((await Promise.all(replies)).flat(), ["r0", "r1", "r2", "r3", "r4"]);
  }));

test("the same over tcp", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const req = open("req");
    await join(rep, req);
    const all: Promise<unknown>[] = [];
    const replies: Promise<string[]>[] = [];
    for (let i = 0; i < 5; i += 1) {
      all.push(rep.receive(), rep.send(`r${i}`), req.send(`q${i}`));
      replies.push(req.receive().then(texts));
    }
    await within(2000, "the exchange", Promise.all(all));
    assert.deepEqual((await Promise.all(replies)).flat(), ["r0", "r1", "r2", "r3", "r4"]);
  }));

test("a REP's receive that came too early gets the next request as soon as the reply is sent", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const first = open("req");
    const second = open("req");
    await rep.bind("inproc://desk");
    first.connect("inproc://desk");
    second.connect("inproc://desk");
    await first.send("1");
    await second.send("2");
    assert.deepEqual(texts(await rep.receive()), ["1"]);
    const early = rep.receive();
    const readable = rep.whenReadable();
    assert.equal(await stateOf(early), "pending");
    await rep.send("reply");
    assert.deepEqual(texts(await within(2000, "the early receive", early)), ["2"]);
    assert.equal(await stateOf(readable), "pending");
    await rep.send("reply");
    await first.receive();
    await first.send("3");
    await within(2000, "whenReadable", readable);
  }));

test("a REP's send that came too early goes out as soon as the request is received", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const req = open("req");
    await rep.bind("inproc://desk");
    req.connect("inproc://desk");
    const early = rep.send("reply");
    const writable = rep.whenWritable();
    await req.send("request");
    assert.equal(await stateOf(early), "pending");
    assert.deepEqual(texts(await rep.receive()), ["request"]);
    await within(2000, "the early send", early);
    assert.deepEqual(texts(await req.receive()), ["reply"]);
    assert.equal(await stateOf(writable), "pending");
    await req.send("again");
    await rep.receive();
    await within(2000, "whenWritable", writable);
  }));

test("tryReceive and trySend let the other direction go on as well", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const req = open("req");
    await rep.bind("inproc://desk");
    req.connect("inproc://desk");
    const early = rep.send("reply");
    assert.ok(req.trySend("request"));
    assert.deepEqual(texts(rep.tryReceive()), ["request"]);
    await within(2000, "the early send", early);
    const next = req.send("next");
    assert.equal(await stateOf(next), "pending");
    assert.deepEqual(texts(req.tryReceive()), ["reply"]);
    await within(2000, "the next request", next);
  }));

test("out of turn, tryReceive and trySend say EFSM, and so does a receive that may not wait", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const req = open("req");
    assert.throws(() => rep.trySend("x"), { code: "EFSM" });
    assert.throws(() => req.tryReceive(), { code: "EFSM" });
    await assert.rejects(req.receive({ timeout: 0 }), { code: "EFSM" });
    await rep.bind("inproc://desk");
    req.connect("inproc://desk");
    await req.send("request");
    assert.throws(() => req.trySend("x"), { code: "EFSM" });
    await rep.receive();
    assert.throws(() => rep.tryReceive(), { code: "EFSM" });
  }));

test("closing settles an early receive of REQ with EFSM, an early send with EAGAIN", () =>
  withSockets(async (open) => {
    const req = open("req");
    const receiving = req.receive();
    const sending = req.send("x");
    void req.close();
    await assert.rejects(receiving, { code: "EFSM" });
    await assert.rejects(sending, { code: "EAGAIN" });
  }));

test("an iterator over a REQ that never sent does not hide EFSM", () =>
  withSockets(async (open) => {
    const req = open("req");
    const loop = (async () => {
      for await (const message of req) assert.fail(`${message} came`);
    })();
    void req.close();
    await assert.rejects(loop, { code: "EFSM" });
  }));
