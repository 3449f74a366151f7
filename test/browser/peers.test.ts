// SPDX-License-Identifier: MIT
/**
 * The browser's entry in real browsers, with peers of this library in Node.js and of libzmq: pages and workers publish, subscribe,
 * ask and answer, and hear of it when a server is restarted. Browsers that are not installed are skipped by name.
 */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Publisher, Pull, Push, Reply, Router, Subscriber } from "../../src/index.ts";
import { noCertificates } from "../support/certificates.ts";
import { server as certified } from "../support/tls.ts";
import { browsers, openBrowser, type Place, type Trusted } from "./browsers.ts";
import { curveScenarios } from "./curve.ts";
import { drafts, marks, replies, restarts, silence } from "./scenarios.ts";

const require = createRequire(import.meta.url);
const within = { timeout: 60_000 };

function loadNative(): typeof import("zeromq") | undefined {
  try {
    return require("zeromq") as typeof import("zeromq");
  } catch {
    return undefined;
  }
}

const native = loadNative();

/** What the tests use of either library. */
interface Library {
  readonly Publisher: typeof Publisher;
  readonly Subscriber: typeof Subscriber;
  readonly Reply: typeof Reply;
  readonly Router: typeof Router;
}

async function asks(place: Place, { Reply: Answering }: Library): Promise<void> {
  const reply = new Answering({ linger: 0 });
  await reply.bind("ws://127.0.0.1:*");
  const answered = (async () => {
    for (let i = 0; i < 3; i += 1) {
      const [question] = await reply.receive();
      await reply.send(`${question} and an answer`);
    }
  })();
  const answers = await place.run(async ({ Request }, endpoint) => {
    const request = new Request({ linger: 0 });
    request.connect(endpoint);
    const found: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      await request.send(`question ${i}`);
      const [answer] = await request.receive();
      found.push(new TextDecoder().decode(answer));
    }
    request.close();
    return found;
  }, reply.lastEndpoint as string);
  await answered;
  assert.deepEqual(answers, ["question 0 and an answer", "question 1 and an answer", "question 2 and an answer"]);
  reply.close();
}

async function answers(place: Place, { Router: Asking }: Library): Promise<void> {
  const router = new Asking({ linger: 0 });
  await router.bind("ws://127.0.0.1:*");
  const served = place.run(async ({ Reply: Answering, Dealer }, endpoint) => {
    const hello = new Dealer({ routingId: "page", linger: 1000 });
    hello.connect(endpoint);
    await hello.send("ready");
    const [empty, question] = await hello.receive();
    await hello.send([empty as Uint8Array, `${new TextDecoder().decode(question)}!`]);
    hello.close();
    return typeof Answering;
  }, router.lastEndpoint as string);
  const [id] = await router.receive();
  assert.equal(String(id), "page");
  await router.send([id as Buffer, "", "what"]);
  const [, , said] = await router.receive();
  assert.equal(String(said), "what!");
  assert.equal(await served, "function");
  router.close();
}

async function subscribes(place: Place, { Publisher: Telling }: Library): Promise<void> {
  const publisher = new Telling({ linger: 0 });
  await publisher.bind("ws://127.0.0.1:*");
  let isHeard = false;
  const heard = place.run(async ({ Subscriber: Hearing }, endpoint) => {
    const subscriber = new Hearing({ linger: 0 });
    subscriber.subscribe("a");
    subscriber.connect(endpoint);
    const parts = await subscriber.receive();
    subscriber.close();
    return parts.map((part) => new TextDecoder().decode(part));
  }, publisher.lastEndpoint as string);
  void heard.then(() => {
    isHeard = true;
  });
  while (!isHeard) {
    await publisher.send(["b", "not for the page"]);
    await publisher.send(["a", "for the page"]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(await heard, ["a", "for the page"]);
  publisher.close();
}

async function publishes(place: Place, { Subscriber: Hearing }: Library): Promise<void> {
  const subscriber = new Hearing({ linger: 0 });
  subscriber.subscribe("weather");
  await subscriber.bind("ws://127.0.0.1:*");
  const told = place.run(async ({ XPublisher: Telling }, endpoint) => {
    const publisher = new Telling({ linger: 1000 });
    publisher.connect(endpoint);
    const [subscription] = await publisher.receive();
    await publisher.send(["sports", "1:0"]);
    await publisher.send(["weather", "rain"]);
    await publisher.close();
    return [...(subscription as Uint8Array)];
  }, subscriber.lastEndpoint as string);
  assert.deepEqual((await subscriber.receive()).map(String), ["weather", "rain"]);
  assert.deepEqual(await told, [1, ...Buffer.from("weather")]);
  subscriber.close();
}

for (const kind of browsers) {
  const skip = kind.path === undefined && `${kind.name} is not installed`;
  test(`${kind.name}: pages and workers with peers of both libraries`, { timeout: 120_000, skip }, async (t) => {
    await using secure = new Reply({ linger: 0 });
    await using browser = await openBrowser(kind, await trustedServer(secure));
    const libraries: [string, Library | undefined][] = [
      ["this library", { Publisher, Subscriber, Reply, Router }],
      ["libzmq", native as unknown as Library | undefined],
    ];
    for (const [name, library] of libraries) {
      const without = library === undefined && "npm zeromq cannot be loaded";
      for (const scenario of [asks, answers, subscribes, publishes]) {
        for (const place of ["page", "worker"] as const) {
          await t.test(`a ${place} ${scenario.name}: ${name}`, { ...within, skip: without }, () =>
            scenario(browser[place], library as Library),
          );
        }
      }
    }
    for (const [name, place, scenario] of curveScenarios) {
      await t.test(`CURVE: ${name}`, within, () => scenario(browser[place]));
    }
    await t.test("a page finds a server that was restarted", within, () => restart(browser.page));
    await t.test("100,000 messages to a page, and back", within, () => stream(browser.page));
    await t.test("100,000 messages to a worker, and back", within, () => stream(browser.worker));
    await t.test("PLAIN: a page shows its password, and one without it stays out", within, () => plain(browser.page));
    await t.test("what a page cannot do is said", within, () => refusals(browser.page));
    await t.test("a page that sends more than its server takes waits", within, () => pressure(browser.page));
    await t.test("a page that does not receive closes, says why, and comes back", within, () => flood(browser.page));
    await t.test("REP in a page answers who is bound", within, () => replies(browser.page));
    await t.test("CLIENT, RADIO and DISH in a worker", within, () => drafts(browser.worker));
    await t.test("high-water marks, with trySend", within, () => marks(browser.page));
    await t.test("a server that goes silent is given up", within, () => silence(browser.page));
    await t.test("a server that is restarted twice while messages stream", within, () => restarts(browser.page));
    const uncertified = noCertificates ?? false;
    await t.test("wss", { ...within, skip: uncertified }, () => overTls(browser.page, secure));
    await t.test("inproc within a page", within, () => inproc(browser.page));
  });
}

async function restart(place: Place): Promise<void> {
  const first = new Pull({ linger: 0 });
  await first.bind("ws://127.0.0.1:*");
  const endpoint = first.lastEndpoint as string;
  const pushing = place.run(async ({ Push: Pushing }, to) => {
    const push = new Pushing({ reconnectInterval: 20, linger: 1000 });
    const seen: string[] = [];
    for (const type of ["connect", "disconnect", "connect:retry", "handshake"] as const) {
      push.events.on(type, (event) => seen.push(event.type));
    }
    push.connect(to);
    await push.send("before");
    while (!seen.includes("disconnect")) await new Promise((resolve) => setTimeout(resolve, 5));
    await push.send("after");
    await push.close();
    return seen;
  }, endpoint);
  assert.equal(String(await first.receive()), "before");
  first.close();
  const second = new Pull({ linger: 0 });
  for (;;) {
    try {
      await second.bind(endpoint);
      break;
    } catch (error) {
      assert.equal((error as { code?: string }).code, "EADDRINUSE");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  assert.equal(String(await second.receive()), "after");
  const seen = await pushing;
  assert.deepEqual([...new Set(seen)], ["connect", "handshake", "disconnect", "connect:retry"]);
  second.close();
}

const MANY = 100_000;

async function stream(place: Place): Promise<void> {
  const [push, pull] = [new Push({ linger: 0 }), new Pull({ linger: 0 })];
  await push.bind("ws://127.0.0.1:*");
  await pull.bind("ws://127.0.0.1:*");
  const passed = place.run(
    async ({ Pull: Pulling, Push: Pushing }, { from, to, count }) => {
      const [pulling, pushing] = [new Pulling(), new Pushing({ linger: 5000 })];
      pulling.connect(from);
      pushing.connect(to);
      let inOrder = 0;
      for (let i = 0; i < count; i += 1) {
        const [part] = await pulling.receive();
        const octets = part as Uint8Array;
        if (new DataView(octets.buffer, octets.byteOffset).getUint32(0) === i) inOrder += 1;
        await pushing.send(octets);
      }
      pulling.close();
      await pushing.close();
      return inOrder;
    },
    { from: push.lastEndpoint as string, to: pull.lastEndpoint as string, count: MANY },
  );
  const sending = (async () => {
    for (let i = 0; i < MANY; i += 1) {
      const message = Buffer.alloc(20);
      message.writeUInt32BE(i);
      await push.send(message);
    }
  })();
  let inOrder = 0;
  for (let i = 0; i < MANY; i += 1) {
    const [part] = await pull.receive();
    if ((part as Buffer).readUInt32BE() === i) inOrder += 1;
  }
  await sending;
  assert.deepEqual([await passed, inOrder], [MANY, MANY]);
  push.close();
  pull.close();
}

async function plain(place: Place): Promise<void> {
  const authorize = ({
    username,
    password,
  }: {
    username?: string | undefined;
    password?: string | undefined;
  }): boolean => username === "ann" && password === "open sesame";
  const pull = new Pull({ linger: 0, plainServer: true, authorize });
  await pull.bind("ws://127.0.0.1:*");
  const endpoint = pull.lastEndpoint as string;
  const seen = place.run(async ({ Push: Pushing }, to) => {
    const found: string[] = [];
    for (const plainPassword of ["wrong", "open sesame"]) {
      const push = new Pushing({ plainUsername: "ann", plainPassword, linger: 0 });
      const told = new Promise<string>((resolve) => {
        push.events.on("handshake", () => resolve("in"));
        push.events.on("handshake:error:auth", ({ error }) => resolve(error.code ?? ""));
      });
      push.connect(to);
      found.push(await told);
      if (found.length === 2) await push.send("it is me");
      await push.close({ linger: 1000 });
    }
    return found;
  }, endpoint);
  assert.equal(String(await pull.receive()), "it is me");
  assert.deepEqual((await seen)[1], "in");
  assert.notEqual((await seen)[0], "in");
  pull.close();
}

async function refusals(place: Place): Promise<void> {
  const codes = await place.run(async ({ Pull: Pulling, Push: Pushing }) => {
    const found: unknown[] = [];
    const attempt = async (work: () => unknown): Promise<void> => {
      try {
        found.push(await work());
      } catch (error) {
        found.push((error as { code?: string; name: string }).code ?? (error as Error).name);
      }
    };
    const pull = new Pulling();
    await attempt(() => pull.bind("ws://127.0.0.1:5555"));
    await attempt(() => pull.connect("tcp://127.0.0.1:5555"));
    await attempt(() => pull.connect("ws://"));
    await attempt(() => new Pushing({ tcpKeepalive: 1 }));
    pull.close();
    return found;
  }, undefined);
  assert.deepEqual(codes, ["ENOTSUP", "EPROTONOSUPPORT", "EINVAL", "TypeError"]);
}

/**
 * The server takes nothing until the page waits; then everything comes. Chromium sends messages of more than 64 KiB in pieces when the
 * network does not take them whole.
 */
async function pressure(place: Place): Promise<void> {
  const pull = new Pull({ linger: 0, receiveHighWaterMark: 1 });
  const lost: unknown[] = [];
  pull.events.on("disconnect", ({ error }) => lost.push(error));
  await pull.bind("ws://127.0.0.1:*");
  const endpoint = pull.lastEndpoint as string;
  const sent = await place.run(async ({ Push: Pushing }, to) => {
    const push = new Pushing({ linger: -1, sendHighWaterMark: 10 });
    push.connect(to);
    await push.send(new Uint8Array(1));
    let count = 0;
    try {
      for (;;) {
        await push.send(new Uint8Array(200_000).fill(count), { timeout: 1000 });
        count += 1;
      }
    } catch {
      void push.close();
      return count;
    }
  }, endpoint);
  // The browser's megabyte, ten messages here, and what the system's buffers hold.
  assert.ok(sent > 10 && sent < 200, `${sent} messages of 200 kB were taken`);
  await pull.receive();
  for (let i = 0; i < sent; i += 1) {
    const [part] = await pull.receive();
    assert.ok(part?.equals(Buffer.alloc(200_000, i)), `message ${i}`);
  }
  assert.deepEqual(
    lost.filter((error) => error !== undefined),
    [],
  );
  pull.close();
}

/** A browser reads whatever comes: the page gives up the connection, has what had come, and connects again. */
async function flood(place: Place): Promise<void> {
  await using push = new Push({ linger: 0, sendHighWaterMark: 1 });
  await push.bind("ws://127.0.0.1:*");
  const flooded = place.run(async ({ Pull: Pulling }, from) => {
    const pull = new Pulling({ receiveHighWaterMark: 1, receiveHighWaterMarkBytes: 1_000_000, reconnectInterval: 1 });
    const seen: string[] = [];
    const passed = new Promise<void>((resolve) => {
      pull.events.on("limit", ({ type, error }) => {
        if (seen.length === 1) seen.push(`${type} ${error.limit.option} ${error.code}`);
        resolve();
      });
    });
    for (const type of ["handshake", "disconnect"] as const) pull.events.on(type, () => seen.push(type));
    pull.connect(from);
    await passed;
    let octets = 0;
    while (!seen.includes("disconnect")) octets += (await pull.receive())[0]?.length ?? 0;
    while (seen.length < 4) await pull.receive();
    pull.close();
    return { seen: seen.slice(0, 4), octets };
  }, push.lastEndpoint as string);
  const sending = (async () => {
    try {
      for (;;) await push.send(Buffer.alloc(50_000));
    } catch {
      // Closed, once the page has seen enough.
    }
  })();
  const { seen, octets } = await flooded;
  assert.deepEqual(seen, ["handshake", "limit receiveHighWaterMarkBytes ECONNABORTED", "disconnect", "handshake"]);
  assert.ok(octets > 950_000 && octets < 1_200_000, `${octets} octets were kept`);
  push.close();
  await sending;
}

/** Binds, as a browser must know at its start whose certificate it takes. */
async function trustedServer(secure: Reply): Promise<Trusted | undefined> {
  if (noCertificates !== undefined) return undefined;
  secure.wssKeyPem = certified.key;
  secure.wssCertPem = certified.certificate;
  await secure.bind("wss://127.0.0.1:*");
  const { fingerprint256: fingerprint } = new X509Certificate(certified.certificate);
  return { port: Number(new URL(secure.lastEndpoint as string).port), fingerprint };
}

async function overTls(place: Place, secure: Reply): Promise<void> {
  const asked = place.run(async ({ Request }, to) => {
    const request = new Request({ linger: 0 });
    request.connect(to);
    await request.send("who?");
    const [answer] = await request.receive();
    request.close();
    return new TextDecoder().decode(answer);
  }, secure.lastEndpoint as string);
  const [question] = await secure.receive();
  await secure.send(`${question} me`);
  assert.equal(await asked, "who? me");
}

async function inproc(place: Place): Promise<void> {
  const said = await place.run(async ({ Pair, Context }) => {
    const context = new Context();
    const [a, b] = [new Pair({ context }), new Pair({ context })];
    await a.bind("inproc://here");
    b.connect("inproc://here");
    await a.send(["one", "two"]);
    const parts = await b.receive();
    await context.terminate();
    return parts.map((part) => new TextDecoder().decode(part));
  }, undefined);
  assert.deepEqual(said, ["one", "two"]);
}
