// SPDX-License-Identifier: MIT
/** `request()`: answers, timeouts, retries, aborts, lost peers and the end, with real sockets within the process and over tcp. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Router } from "../../../src/index.ts";
import { bound, stateOf, texts, turns, withSockets } from "../../support/sockets.ts";

/** Reads a request at a ROUTER: who asks, the number, the question. */
async function question(router: Router): Promise<{ envelope: Buffer[]; body: string }> {
  const [peer, id, delimiter, body] = (await router.receive({ timeout: 5000 })) as [Buffer, Buffer, Buffer, Buffer];
  return { envelope: [peer, id, delimiter], body: String(body) };
}

test("a request resolves with its answer, all parts of it, as Buffers", () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep"), open("req")];
    await rep.bind("inproc://x");
    req.connect("inproc://x");
    const answer = req.request(["a", Buffer.from("b")]);
    assert.deepEqual(texts(await rep.receive()), ["a", "b"]);
    await rep.send(["c", "d"]);
    const parts = await answer;
    assert.deepEqual(texts(parts), ["c", "d"]);
    assert.ok(parts.every((part) => Buffer.isBuffer(part)));
  }));

test("many at once are sent in call order, to all servers in turn, and none waits for another's answer", () =>
  withSockets(async (open) => {
    const routers = [open("router"), open("router")] as const;
    const req = open("req");
    for (const router of routers) req.connect(await bound(router));
    const answers = ["0", "1", "2", "3"].map((each) => req.request(each));
    const questions = [];
    for (const router of routers)
      for (let i = 0; i < 2; i += 1) questions.push({ router, ...(await question(router)) });
    assert.deepEqual(
      questions.map(({ body }) => body),
      ["0", "2", "1", "3"],
    );
    for (const { router, envelope, body } of questions.toReversed()) {
      await router.send([...envelope, `answer ${body}`]);
      assert.deepEqual(texts(await (answers[Number(body)] as Promise<Buffer[]>)), [`answer ${body}`]);
    }
  }));

test("when there is no answer in time it says so, after how many attempts, and the socket is as usable as before", () =>
  withSockets(async (open) => {
    const [router, req] = [open("router"), open("req")];
    req.connect(await bound(router));
    await assert.rejects(req.request("x", { timeout: 30 }), { code: "EAGAIN", message: /30 ms, 1 attempt\)/ });
    await assert.rejects(req.request("y", { timeout: 20, retries: 2 }), { code: "EAGAIN", message: /3 attempts/ });
    const got = [];
    for (let i = 0; i < 4; i += 1) got.push(await question(router));
    assert.deepEqual(
      got.map(({ body }) => body),
      ["x", "y", "y", "y"],
    );
    const next = req.request("z");
    for (const { envelope } of got) await router.send([...envelope, "late"]);
    const { envelope } = await question(router);
    await router.send([...envelope, "in time"]);
    await router.send([...envelope, "twice"]);
    assert.deepEqual(texts(await next), ["in time"]);
    const turn = req.send("plain");
    await turn;
    const [peer, empty, plain] = (await router.receive()) as [Buffer, Buffer, Buffer];
    assert.deepEqual([empty.length, String(plain)], [0, "plain"]);
    await router.send([peer, "", "answer"]);
    assert.deepEqual(texts(await req.receive()), ["answer"]);
  }));

test("a retry goes to the next server, and the answer of either is the answer", () =>
  withSockets(async (open) => {
    for (const answering of [0, 1]) {
      const routers = [open("router"), open("router")] as const;
      const req = open("req");
      for (const router of routers) req.connect(await bound(router));
      const answer = req.request("x", { timeout: answering === 0 ? 200 : 20, retries: 5 });
      const asked = [];
      for (const router of routers) asked.push(await question(router));
      const { envelope } = asked[answering] as (typeof asked)[number];
      await (routers[answering] as Router).send([...envelope, `from ${answering}`]);
      assert.deepEqual(texts(await answer), [`from ${answering}`]);
    }
  }));

test("the socket's receiveTimeout is the default, and a timeout of 0 does not wait", () =>
  withSockets(async (open) => {
    const req = open("req", { receiveTimeout: 20 });
    await assert.rejects(req.request("x"), { code: "EAGAIN", message: /20 ms/ });
    await assert.rejects(req.request("x", { timeout: 0 }), { code: "EAGAIN" });
    assert.equal(await stateOf(req.request("x", { timeout: -1 }).catch(() => {})), "pending");
  }));

test("an abort gives up at once, before and after sending, and takes back what has not left", () =>
  withSockets(async (open) => {
    const [router, req] = [open("router"), open("req")];
    const endpoint = await bound(router);
    await router.unbind(endpoint);
    req.reconnectInterval = 1;
    req.connect(endpoint);
    await assert.rejects(req.request("x", { signal: AbortSignal.abort() }), { code: "ECANCELED", name: "AbortError" });
    const controller = new AbortController();
    const [one, two] = [req.request("one", controller), req.request("two")];
    const rejected = assert.rejects(one, { code: "ECANCELED", name: "AbortError" });
    controller.abort();
    await rejected;
    await router.bind(endpoint);
    const { envelope, body } = await question(router);
    assert.equal(body, "two");
    const answered = new AbortController();
    const three = req.request("three", { signal: answered.signal, retries: 1 });
    await question(router);
    answered.abort();
    await assert.rejects(three, { code: "ECANCELED" });
    await router.send([...envelope, "2"]);
    assert.deepEqual(texts(await two), ["2"]);
  }));

test("requests that wait for a server are sent once it is there, in call order, those given up left out", () =>
  withSockets(async (open) => {
    const req = open("req");
    const early = ["0", "1", "2"].map((each) => req.request(each, { timeout: each === "1" ? 10 : -1 }));
    await assert.rejects(early[1] as Promise<Buffer[]>, { code: "EAGAIN" });
    const rep = open("rep");
    req.connect(await bound(rep));
    for (const each of ["0", "2"]) {
      assert.deepEqual(texts(await rep.receive()), [each]);
      await rep.send(`answer ${each}`);
    }
    assert.deepEqual([texts(await early[0]), texts(await early[2])], [["answer 0"], ["answer 2"]]);
  }));

test("a full pipe makes requests wait; the next one goes when there is room", () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep", { receiveHighWaterMark: 1 }), open("req", { sendHighWaterMark: 1 })];
    await rep.bind("inproc://x");
    req.connect("inproc://x");
    const answers = Array.from({ length: 10 }, (_, i) => req.request(`${i}`));
    for (let i = 0; i < 10; i += 1) {
      assert.deepEqual(texts(await rep.receive()), [`${i}`]);
      await rep.send(`answer ${i}`);
    }
    assert.deepEqual(
      (await Promise.all(answers)).map(String),
      Array.from({ length: 10 }, (_, i) => `answer ${i}`),
    );
  }));

test("a connection that is lost with the request fails it at once, or has it sent again", () =>
  withSockets(async (open) => {
    const req = open("req", { reconnectInterval: 1 });
    const first = open("router");
    const endpoint = await bound(first);
    req.connect(endpoint);
    const failing = assert.rejects(req.request("once"), {
      code: "ECONNRESET",
      address: endpoint,
      message: /1 attempt/,
    });
    const answer = req.request("again", { retries: 1 });
    await question(first);
    await question(first);
    await first.close();
    await failing;
    const second = open("rep");
    await second.bind(endpoint);
    assert.deepEqual(texts(await second.receive()), ["again"]);
    await second.send("answer");
    assert.deepEqual(texts(await answer), ["answer"]);
  }));

test("disconnecting the only server loses what it was asked", () =>
  withSockets(async (open) => {
    const [router, req] = [open("router"), open("req")];
    for (const wildcard of ["tcp://127.0.0.1:*", "inproc://y"]) {
      const endpoint = await bound(router, wildcard);
      req.connect(endpoint);
      const answer = req.request("x");
      const rejected = assert.rejects(answer, { code: "ECONNRESET" });
      await question(router);
      req.disconnect(endpoint);
      await rejected;
    }
  }));

test("closing settles all requests, and nothing that nobody waits for holds up the close", () =>
  withSockets(async (open) => {
    const req = open("req", { linger: -1 });
    req.connect("tcp://127.0.0.1:1");
    const pending = [req.request("a"), req.request("b", { timeout: 1000, retries: 3 })].map((each) =>
      assert.rejects(each, { code: "EAGAIN", message: /closed meanwhile/ }),
    );
    await req.close();
    await Promise.all(pending);
    await assert.rejects(req.request("x"), { code: "EBADF" });
  }));

test("wrong arguments are refused", () =>
  withSockets(async (open) => {
    const req = open("req");
    for (const retries of [-1, 0.5, Number.NaN]) {
      await assert.rejects(req.request("x", { retries }), { code: "EINVAL" });
    }
    await assert.rejects(req.request("x", { retries: "1" as never }), TypeError);
    await assert.rejects(req.request([]), TypeError);
    await assert.rejects(req.request(undefined as never), TypeError);
  }));

test("small parts are copied, so that a retry says what was asked", () =>
  withSockets(async (open) => {
    const [router, req] = [open("router"), open("req")];
    req.connect(await bound(router));
    const buffer = Buffer.from("before");
    const answer = req.request(buffer, { timeout: 30, retries: 10 });
    buffer.write("behind");
    await question(router);
    const { envelope, body } = await question(router);
    assert.equal(body, "before");
    await router.send([...envelope, "x"]);
    await answer;
  }));

test("requests beside a plain send and receive: neither takes the other's answer, and turns stay strict", () =>
  withSockets(async (open) => {
    const [router, req] = [open("router"), open("req")];
    req.connect(await bound(router));
    await req.send("plain");
    const beside = req.request("beside");
    assert.throws(() => req.trySend("out of turn"), { code: "EFSM" });
    const plain = req.receive();
    const [peer] = (await router.receive()) as [Buffer];
    const { envelope } = await question(router);
    await router.send([...envelope, "to beside"]);
    assert.deepEqual(texts(await beside), ["to beside"]);
    assert.equal(await stateOf(plain), "pending");
    await router.send([peer, "", "to plain"]);
    assert.deepEqual(texts(await plain), ["to plain"]);
    await turns(2);
  }));
