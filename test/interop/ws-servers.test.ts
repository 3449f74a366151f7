// SPDX-License-Identifier: MIT
/**
 * ws among other servers: behind nginx, on paths of HTTP and HTTPS servers that answer others as well, and with npm `ws` as a client that
 * uses WebSocket in all the ways that RFC 6455 allows.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Request } from "zeromq";
import { metadataOf, type Socket } from "../../src/index.ts";
import { Authority, noCertificates } from "../support/certificates.ts";
import { Nginx, noNginx } from "../support/nginx.ts";
import { bound, nextEvent, type Open, receiveTexts, withSockets } from "../support/sockets.ts";
import { hasIpv6 } from "../support/tcp.ts";

/** What is used of npm `ws`, which has no types of its own. */
interface WebSocket extends NodeJS.EventEmitter {
  readonly extensions: string;
  send(data: Buffer | string, options?: { fin?: boolean; compress?: boolean }): void;
  ping(data: string): void;
  close(): void;
  terminate(): void;
}

interface WebSocketPackage {
  WebSocket: new (url: string, protocols?: string[], options?: object) => WebSocket;
  WebSocketServer: new (
    options: object,
  ) => NodeJS.EventEmitter & {
    handleUpgrade(request: unknown, socket: unknown, ahead: Buffer, done: (each: WebSocket) => void): void;
  };
}

const { WebSocket, WebSocketServer } = createRequire(import.meta.url)("ws") as WebSocketPackage;

function check(what: string, run: (open: Open) => Promise<void>, lack?: string): void {
  test(what, { timeout: 20_000, skip: lack ?? false }, () => withSockets(run));
}

type Talker = Socket & { send(part: string): Promise<void>; receive(): Promise<Uint8Array[]> };

async function talk(req: Talker, rep: Talker): Promise<void> {
  await req.send("question");
  assert.deepEqual(await receiveTexts(rep), ["question"]);
  await rep.send("answer");
  assert.deepEqual(await receiveTexts(req), ["answer"]);
}

/** A client without a mechanism whose connection stands. */
async function dial(endpoint: string): Promise<WebSocket> {
  const client = new WebSocket(endpoint, ["ZWS2.0"], { perMessageDeflate: true });
  await once(client, "open");
  // Its routing id, as in ZMTP 2.0.
  client.send(Buffer.of(0));
  return client;
}

check(
  "behind nginx, with TLS at its side and without, ours and libzmq's",
  async (open) => {
    const authority = new Authority();
    const rep = open("rep", { messageDetails: true, heartbeatInterval: 50 });
    const to = Number((await bound(rep, "ws://127.0.0.1:*")).split(":")[2]?.replace("/", ""));
    const nginx = await Nginx.start(to, authority.issue());
    try {
      const plain = open("req");
      plain.connect(`ws://127.0.0.1:${nginx.port}/zmq/prices`);
      await plain.send("question");
      const question = await rep.receive();
      assert.equal(String(metadataOf(question).get("Ws-Path")), "/prices");
      await rep.send("answer");
      assert.deepEqual(await receiveTexts(plain), ["answer"]);
      const secret = open("req", { tlsTrust: authority.certificate });
      secret.connect(`wss://localhost:${nginx.tlsPort}/zmq/`);
      await talk(secret, rep);
      const theirs = new Request({ linger: 0, receiveTimeout: 5000 });
      try {
        // Of a longer path libzmq asks for the last segment only.
        theirs.connect(`ws://127.0.0.1:${nginx.port}/zmq`);
        await theirs.send("question");
        assert.deepEqual(await receiveTexts(rep), ["question"]);
        await rep.send("x".repeat(200_000));
        assert.equal((await theirs.receive())[0]?.length, 200_000);
      } finally {
        theirs.close();
      }
      const lost = open("req", { reconnectInterval: -1 });
      const failed = nextEvent(lost, "handshake:error:protocol");
      lost.connect(`ws://127.0.0.1:${nginx.port}/elsewhere`);
      await failed;
    } finally {
      await nginx.stop();
    }
  },
  noNginx ?? noCertificates,
);

for (const scheme of ["ws", "wss"] as const) {
  check(
    `two paths of a server of ${scheme}, whose program has a WebSocket of its own and pages`,
    async (open) => {
      const authority = scheme === "wss" ? new Authority() : undefined;
      const answer = (_: unknown, response: { end(text: string): void }): void => response.end("the page");
      const identity = authority?.issue();
      const server =
        identity === undefined
          ? createServer(answer)
          : createTlsServer({ key: identity.key, cert: identity.certificate }, answer);
      const others = new WebSocketServer({ noServer: true });
      others.on("connection", (socket: WebSocket) => socket.on("message", (data) => socket.send(`echo ${data}`)));
      server.on("upgrade", (request, socket, ahead) => {
        if (request.url === "/chat")
          others.handleUpgrade(request, socket, ahead, (each) => others.emit("connection", each));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const at = `${scheme}://127.0.0.1:${port}`;
      try {
        const [ask, work] = [open("rep"), open("rep")];
        await ask.bind(`${scheme}://*:*/ask`, { server });
        await work.bind(`${scheme}://*:*/work/now`, { server });
        assert.equal(ask.lastEndpoint, `${at}/ask`);
        const trust = { tlsTrust: authority?.certificate ?? null };
        const [asker, worker] = [open("req", trust), open("req", trust)];
        asker.connect(`${at}/ask?who=me`);
        worker.connect(`${at}/work/now`);
        await talk(asker, ask);
        await talk(worker, work);
        const chat = new WebSocket(`${at}/chat`, [], { rejectUnauthorized: false });
        await once(chat, "open");
        const echo = once(chat, "message");
        chat.send("hello");
        assert.equal(String((await echo)[0]), "echo hello");
        chat.close();
        if (scheme === "ws") assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "the page");
        // What goes leaves the rest as it is.
        await ask.unbind(`${at}/ask`);
        await talk(worker, work);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
    scheme === "wss" ? noCertificates : undefined,
  );
}

check("compression is offered, and declined", async (open) => {
  const pull = open("pull");
  const client = await dial(await bound(pull, "ws://127.0.0.1:*"));
  assert.equal(client.extensions, "");
  client.send(Buffer.concat([Buffer.of(0), Buffer.alloc(50_000, "a")]), { compress: true });
  assert.equal((await receiveTexts(pull))[0], "a".repeat(50_000));
  client.terminate();
});

check("a message in pieces, with a ping between them, is one message", async (open) => {
  const pull = open("pull");
  const client = await dial(await bound(pull, "ws://127.0.0.1:*"));
  const pong = once(client, "pong");
  client.send(Buffer.from("\0one "), { fin: false });
  client.ping("between");
  assert.equal(String((await pong)[0]), "between");
  client.send(Buffer.from("two "), { fin: false });
  client.send(Buffer.from("three"), { fin: true });
  client.send(Buffer.from("\0whole"));
  assert.deepEqual(await receiveTexts(pull), ["one two three"]);
  assert.deepEqual(await receiveTexts(pull), ["whole"]);
  client.terminate();
});

check("text is refused, and the next client is served", async (open) => {
  const pull = open("pull");
  const endpoint = await bound(pull, "ws://127.0.0.1:*");
  const client = await dial(endpoint);
  const closed = once(client, "close");
  client.send("text");
  await closed;
  const next = await dial(endpoint);
  next.send(Buffer.from("\0fine"));
  assert.deepEqual(await receiveTexts(pull), ["fine"]);
  next.terminate();
});

check("sub-protocols that do not meet end in 400, whichever side has none", async (open) => {
  const rep = open("rep");
  const endpoint = await bound(rep, "ws://127.0.0.1:*");
  for (const protocols of [["chat"], ["ZWS1.0"], ["ZWS2.0-CURVE"], []]) {
    const client = new WebSocket(endpoint, protocols);
    client.once("error", () => {});
    const [, response] = (await once(client, "unexpected-response")) as [unknown, { statusCode?: number }];
    assert.equal(response.statusCode, 400, protocols.join());
    client.terminate();
  }
});

check("IPv6, with heartbeats by WebSocket's own pings", async (open) => {
  if (!(await hasIpv6())) return;
  const beats = { ipv6: true, heartbeatInterval: 10, heartbeatTimeout: 2000 };
  const [rep, req] = [open("rep", beats), open("req", beats)];
  const endpoint = await bound(rep, "ws://[::1]:*/six");
  assert.match(endpoint, /^ws:\/\/\[::1\]:\d+\/six$/);
  req.connect(endpoint);
  await talk(req, rep);
  while (req.peers()[0]?.roundTripTime === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  await talk(req, rep);
  assert.equal(rep.statistics().reconnections, 0);
});
