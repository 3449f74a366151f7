// SPDX-License-Identifier: MIT
/**
 * ws with others: libzmq through npm `zeromq` with security and heartbeats, jszmq, plain WebSocket peers, HTTP servers that have
 * other things to do, and octets that are none of it.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, connect, type Socket as TcpSocket } from "node:net";
import { test } from "node:test";
import type * as native from "zeromq";
import { curveKeyPair, type Event, metadataOf, type Socket } from "../../src/index.ts";
import { Authority, noCertificates } from "../support/certificates.ts";
import { bound, nextEvent, type Open, receiveTexts, withSockets } from "../support/sockets.ts";

const require = createRequire(import.meta.url);
const within = { timeout: 20_000 };

type Native = typeof native;

/** A package that may not be there. */
function load<T>(name: string, get: () => T): { module: T; skip: false } | { module: undefined; skip: string } {
  try {
    return { module: get(), skip: false };
  } catch {
    return { module: undefined, skip: `npm ${name} cannot be loaded` };
  }
}

const zeromq = load("zeromq", () => require("zeromq") as Native);
const jszmq = load("jszmq", () => require("jszmq") as Record<"Req" | "Rep" | "Sub" | "Dealer", new () => Jszmq>);
const ws = load("ws", () => require("ws") as WsPackage);

/** What is used of npm `jszmq`. */
interface Jszmq {
  bind(endpoint: string): void;
  connect(endpoint: string): void;
  send(message: string | (string | Buffer)[]): void;
  subscribe(topic: string): void;
  once(event: "message", listener: (...parts: Buffer[]) => void): void;
  close(): void;
  readonly options: { routingId: Buffer };
}

/** What is used of npm `ws`. */
interface WsPackage {
  WebSocket: new (
    url: string,
    protocols: string[],
    options?: object,
  ) => {
    on(event: string, listener: (...details: never[]) => void): void;
    once(event: string, listener: (...details: never[]) => void): void;
    send(data: Buffer): void;
    ping(data: Buffer): void;
    close(): void;
  };
}

async function nextMessage(socket: Jszmq): Promise<string[]> {
  return new Promise((resolve) => {
    socket.once("message", (...parts) => {
      // Its ROUTER gives the routing id as text, all others give octets.
      resolve(parts.map(String));
    });
  });
}

function check(what: string, run: (open: Open) => Promise<void>, skip: string | false = false): void {
  test(what, { ...within, skip }, () => withSockets(run));
}

function closing(sockets: readonly { close(): void }[]): Disposable {
  return {
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

check(
  "CURVE over ws with libzmq, in both roles",
  async (open) => {
    const { Dealer, Router } = zeromq.module as Native;
    const [server, client] = [curveKeyPair(), curveKeyPair()];
    const serving = { curveServer: true, curveSecretKey: server.secretKey, linger: 0 };
    const asking = {
      curveServerKey: server.publicKey,
      curvePublicKey: client.publicKey,
      curveSecretKey: client.secretKey,
      linger: 0,
      heartbeatInterval: 20,
    };
    const [theirs, other] = [new Router(serving), new Dealer(asking)];
    using _ = closing([theirs, other]);
    const [ours, mine] = [open("router", serving), open("dealer", asking)];
    other.connect(await bound(ours, "ws://127.0.0.1:*"));
    await theirs.bind("ws://127.0.0.1:*");
    mine.connect(theirs.lastEndpoint as string);
    const beats = new Promise((resolve) => setTimeout(resolve, 200));
    for (const [dealer, router] of [
      [other, ours],
      [mine, theirs],
    ] as const) {
      await dealer.send(["over", "the wall"]);
      const [id, ...rest] = await router.receive();
      assert.deepEqual(rest.map(String), ["over", "the wall"]);
      await router.send([id as Buffer, "x".repeat(100_000)]);
      assert.equal((await dealer.receive())[0]?.length, 100_000);
    }
    // Heartbeats travel below CURVE, and neither side minds.
    await beats;
    await mine.send("still here");
    assert.equal(String((await theirs.receive())[1]), "still here");
  },
  zeromq.skip,
);

check(
  "PLAIN over ws with libzmq, which is let in or told why not",
  async (open) => {
    const { Push } = zeromq.module as Native;
    const pull = open("pull", { plainServer: true, authorize: ({ password }) => password === "sesame" });
    const endpoint = await bound(pull, "ws://127.0.0.1:*");
    const [good, bad] = [
      new Push({ plainUsername: "ali", plainPassword: "sesame", linger: 0 }),
      new Push({ plainUsername: "ali", plainPassword: "wheat", linger: 0 }),
    ];
    using _ = closing([good, bad]);
    const refused = nextEvent(pull, "handshake:error:auth");
    bad.connect(endpoint);
    await refused;
    good.connect(endpoint);
    await good.send("open");
    assert.deepEqual(await receiveTexts(pull), ["open"]);
  },
  zeromq.skip,
);

check("mechanisms that differ are refused during the upgrade, on either side", async (open) => {
  const rep = open("rep");
  const endpoint = await bound(rep, "ws://127.0.0.1:*");
  const req = open("req", { plainUsername: "a", plainPassword: "b", reconnectInterval: -1 });
  const failures = Promise.all([failure(rep), failure(req)]);
  req.connect(endpoint);
  const [theirs, mine] = await failures;
  assert.match(theirs.error.message, /ZWS2\.0\/PLAIN/);
  assert.match(mine.error.message, /400/);
});

async function failure(socket: Socket): Promise<Extract<Event, { type: "handshake:error:protocol" }>> {
  for await (const event of socket.events) if (event.type === "handshake:error:protocol") return event;
  throw new Error("closed");
}

check(
  "jszmq asks, answers, publishes, subscribes and routes",
  async (open) => {
    const { Req, Sub, Dealer } = jszmq.module as NonNullable<typeof jszmq.module>;
    const rep = open("rep");
    const [req, sub, dealer] = [new Req(), new Sub(), new Dealer()];
    using _ = closing([req, sub, dealer]);
    req.connect(await bound(rep, "ws://127.0.0.1:*"));
    req.send("question");
    assert.deepEqual(await receiveTexts(rep), ["question"]);
    const reply = nextMessage(req);
    await rep.send("answer");
    assert.deepEqual(await reply, ["answer"]);

    const xpub = open("xpub");
    sub.connect(await bound(xpub, "ws://127.0.0.1:*"));
    sub.subscribe("weather");
    assert.deepEqual(await receiveTexts(xpub), ["\x01weather"]);
    const report = nextMessage(sub);
    await xpub.send(["news", "none"]);
    await xpub.send(["weather", "rain"]);
    assert.deepEqual(await report, ["weather", "rain"]);

    const router = open("router");
    dealer.options.routingId = Buffer.from("d");
    dealer.connect(await bound(router, "ws://127.0.0.1:*"));
    dealer.send(["one", "two"]);
    assert.deepEqual(await receiveTexts(router), ["d", "one", "two"]);
  },
  jszmq.skip,
);

check(
  "jszmq is bound, and ours connects",
  async (open) => {
    const { Rep } = jszmq.module as NonNullable<typeof jszmq.module>;
    const rep = new Rep();
    using _ = closing([rep]);
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    rep.bind(`ws://127.0.0.1:${port}`);
    const req = open("req", { reconnectInterval: 10 });
    req.connect(`ws://127.0.0.1:${port}`);
    const question = nextMessage(rep);
    await req.send("question");
    assert.deepEqual(await question, ["question"]);
    rep.send("answer");
    assert.deepEqual(await receiveTexts(req), ["answer"]);
  },
  jszmq.skip,
);

check(
  "a WebSocket client that pings gets its pong, and one that closes is told goodbye",
  async (open) => {
    const { WebSocket } = ws.module as WsPackage;
    const pull = open("pull");
    const endpoint = await bound(pull, "ws://127.0.0.1:*");
    const client = new WebSocket(endpoint, ["ZWS2.0"], { perMessageDeflate: true });
    await new Promise<void>((resolve) => client.once("open", resolve));
    client.send(Buffer.of(0));
    const pong = new Promise<Buffer>((resolve) => client.once("pong", resolve));
    client.ping(Buffer.from("a payload of more than 16 octets"));
    assert.equal(String(await pong), "a payload of more than 16 octets");
    client.send(Buffer.from("\0hello"));
    assert.deepEqual(await receiveTexts(pull), ["hello"]);
    const closed = new Promise<number>((resolve) => client.once("close", resolve));
    const gone = nextEvent(pull, "disconnect");
    client.close();
    assert.equal(await closed, 1005);
    await gone;
  },
  ws.skip,
);

check(
  "a socket that closes says so to WebSocket clients",
  async (open) => {
    const { WebSocket } = ws.module as WsPackage;
    const pull = open("pull");
    const client = new WebSocket(await bound(pull, "ws://127.0.0.1:*"), ["ZWS2.0"]);
    client.once("open", () => client.send(Buffer.of(0)));
    await nextEvent(pull, "handshake");
    const closed = new Promise<number>((resolve) => client.once("close", resolve));
    await pull.close();
    assert.equal(await closed, 1005);
  },
  ws.skip,
);

check("sockets are mounted on the paths of an HTTP server, which goes on with its own work", async (open) => {
  const server = createServer((_, response) => response.end("a page"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const [rep, pull] = [open("rep"), open("pull", { messageDetails: true })];
    await rep.bind("ws://*:*/ask", { server });
    pull.bindSync("ws://*:*/work", { server });
    assert.equal(rep.lastEndpoint, `ws://127.0.0.1:${port}/ask`);
    await assert.rejects(open("rep").bind("ws://*:*/ask", { server }), { code: "EADDRINUSE" });
    const [req, push] = [open("req"), open("push")];
    req.connect(`${rep.lastEndpoint}?by=test`);
    push.connect(pull.lastEndpoint as string);
    await req.send("hello");
    assert.deepEqual(await receiveTexts(rep), ["hello"]);
    await rep.send("you");
    assert.deepEqual(await receiveTexts(req), ["you"]);
    await push.send("job");
    const job = await pull.receive();
    assert.equal(String(metadataOf(job).get("Ws-Path")), "/work");
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "a page");
    const lost = open("req", { reconnectInterval: -1 });
    const refused = failure(lost);
    lost.connect(`ws://127.0.0.1:${port}/nothing`);
    assert.match((await refused).error.message, /404/);
    await rep.unbind(rep.lastEndpoint);
    await open("rep").bind("ws://*:*/ask", { server });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

check(
  "the name that a wss server must show, and the authorities of the runtime beside others",
  async (open) => {
    const authority = new Authority();
    const { key, certificate } = authority.issue({ names: "DNS:shop.example" });
    const rep = open("rep", { wssKeyPem: key, wssCertPem: certificate });
    const endpoint = await bound(rep, "wss://127.0.0.1:*");
    const trust = { wssTrustPem: authority.certificate, wssTrustSystem: true, reconnectInterval: -1 };
    const [stranger, req] = [open("req", trust), open("req", { ...trust, wssHostname: "shop.example" })];
    const refused = nextEvent(stranger, "handshake:error:other");
    stranger.connect(endpoint);
    await refused;
    req.connect(endpoint);
    await req.send("hello");
    assert.deepEqual(await receiveTexts(rep), ["hello"]);
  },
  noCertificates ?? false,
);

check("nobody can claim to come from a page, or to have asked for a path", async (open) => {
  const pull = open("pull", { messageDetails: true });
  await bound(pull, "tcp://127.0.0.1:*");
  const push = open("push", { metadata: { "X-Who": "me" } });
  push.connect(pull.lastEndpoint as string);
  const { core } = push.works as unknown as { core: { options: { metadata: unknown } } };
  core.options.metadata = [["Ws-Origin", Buffer.from("https://shop.example")]];
  push.disconnect(pull.lastEndpoint as string);
  push.connect(pull.lastEndpoint as string);
  await push.send("hello");
  assert.equal(metadataOf(await pull.receive()).get("Ws-Origin"), undefined);
});

check("whoever is no ZeroMQ peer gets an answer in HTTP, and disturbs nobody", async (open) => {
  const pull = open("pull", { handshakeInterval: 500, messageDetails: true });
  const endpoint = await bound(pull, "ws://127.0.0.1:*");
  const { port } = new URL(endpoint.replace("ws:", "http:"));
  const page = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(page.status, 426);
  assert.match(await page.text(), /ZeroMQ/);
  const hostile = [
    "\xff\0\0",
    "\x16\x03\x01",
    "GET /\r\n\r\n",
    "x".repeat(20_000),
    "GET / HTTP/1.1\r\na b\r\n\r\n",
    "G",
  ];
  const ended = hostile.map(async (octets) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(Buffer.from(octets, "latin1"));
    socket.resume();
    await once(socket, "close");
  });
  await Promise.all(ended);
  const push = open("push", { metadata: { "X-Who": "me" } });
  push.connect(endpoint);
  await push.send("fine");
  const message = await pull.receive();
  assert.equal(String(metadataOf(message).get("X-Who")), "me");
});

check("what is not WebSocket after the upgrade costs only its own connection", async (open) => {
  const pull = open("pull");
  const endpoint = await bound(pull, "ws://127.0.0.1:*");
  const { port, host } = new URL(endpoint.replace("ws:", "http:"));
  const request = [
    "GET / HTTP/1.1",
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: ZWS2.0",
    "\r\n",
  ].join("\r\n");
  for (const octets of [
    [0x81, 0x81, 0, 0, 0, 0, 0],
    [0x82, 1, 0],
    [0x82, 0x80, 0, 0, 0, 0],
    // The rest of a message of which nothing has come.
    [0x80, 0x80, 0, 0, 0, 0],
  ]) {
    const failed = failure(pull);
    const socket: TcpSocket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(request);
    socket.write(Buffer.from(octets));
    socket.resume();
    assert.equal((await failed).error.code, "ERR_WS_UNSPECIFIED");
    socket.destroy();
  }
});
