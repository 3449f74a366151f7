// SPDX-License-Identifier: MIT
/** Runs `mechanism.ts` for every mechanism, and tries each pair of mechanisms over a connection. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Router } from "../../src/index.ts";
import { SodiumLibrary } from "../../src/runtime/sodium.ts";
import { CurveClient } from "../../src/security/curve-client.ts";
import { CurveServer } from "../../src/security/curve-server.ts";
import { NullMechanism } from "../../src/security/null.ts";
import { PlainClient, PlainServer } from "../../src/security/plain.ts";
import { bound, married, nextEvent, type Open, receiveTexts, texts, within, withSockets } from "../support/sockets.ts";
import { testMechanism } from "./mechanism.ts";

testMechanism({
  name: "NULL",
  client: () => new NullMechanism(),
  server: () => new NullMechanism(),
  asks: false,
});

testMechanism({
  name: "PLAIN",
  client: () => new PlainClient("user", "word"),
  server: () => new PlainServer(),
  asks: true,
});

const curve = new SodiumLibrary();
await curve.load();
const ofServer = curve.keyPair();
const ofClient = curve.keyPair();

testMechanism({
  name: "CURVE",
  client: () => new CurveClient(curve, { ...ofClient, serverKey: ofServer.publicKey }),
  server: () => new CurveServer(curve, ofServer, () => 0),
  asks: true,
});

/** An authenticator that lets "user" with "word" in; with `status`, it says that to everybody. */
async function authenticate(open: Open, status?: string): Promise<{ handler: Router; asked: string[][] }> {
  const handler = open("router");
  await handler.bind("inproc://zeromq.zap.01");
  const asked: string[][] = [];
  void (async () => {
    for await (const [id, delimiter, version, requestId, ...rest] of handler) {
      const question = texts(rest);
      asked.push(question);
      const [, , , , user, word] = question;
      const isGood = question[3] === "NULL" || (user === "user" && word === "word");
      const answer = [status ?? (isGood ? "200" : "400"), "text", user ?? "", ""];
      await handler.send([id as Buffer, delimiter as Buffer, version as Buffer, requestId as Buffer, ...answer]);
    }
  })();
  return { handler, asked };
}

test("a client with the right name and password comes in; what the authenticator is asked is RFC 27's", () =>
  withSockets(async (open) => {
    const { asked } = await authenticate(open);
    const server = open("rep", { plainServer: true, zapDomain: "global", routingId: "IDENT" });
    const endpoint = await bound(server);
    const client = open("req", { plainUsername: "user", plainPassword: "word" });
    const both = married(server, client);
    client.connect(endpoint);
    await within(3000, "the handshake", both);
    await client.send("hello");
    assert.deepEqual(await receiveTexts(server), ["hello"]);
    assert.deepEqual(asked, [["global", "127.0.0.1", "IDENT", "PLAIN", "user", "word"]]);
  }));

test("a wrong password is refused on both sides with 400, and nobody tries again", () =>
  withSockets(async (open) => {
    await authenticate(open);
    const server = open("rep", { plainServer: true });
    const client = open("req", { plainUsername: "user", plainPassword: "wrong", reconnectInterval: 1 });
    const endpoint = await bound(server);
    const refused = [nextEvent(server, "handshake:error:auth"), nextEvent(client, "handshake:error:auth")];
    client.connect(endpoint);
    await within(3000, "the refusal", Promise.all(refused));
    assert.equal(client.works.core.endpoints.size, 0);
  }));

test("a temporary refusal lets the client try again until it is let in", () =>
  withSockets(async (open) => {
    const first = await authenticate(open, "300");
    const server = open("rep", { plainServer: true });
    const client = open("req", { plainUsername: "user", plainPassword: "word", reconnectInterval: 5 });
    const endpoint = await bound(server);
    const refused = nextEvent(server, "handshake:error:auth");
    client.connect(endpoint);
    await within(3000, "the refusal", refused);
    await first.handler.close();
    await authenticate(open);
    await client.send("at last");
    assert.deepEqual(await receiveTexts(server), ["at last"]);
  }));

test("NULL asks the authenticator where a domain is set, and only there", () =>
  withSockets(async (open) => {
    const { asked } = await authenticate(open);
    for (const zapDomain of [null, "global"]) {
      const [server, client] = [open("pair", { zapDomain }), open("pair")];
      const endpoint = await bound(server);
      const both = married(server, client);
      client.connect(endpoint);
      await within(3000, "the handshake", both);
    }
    assert.deepEqual(asked, [["global", "127.0.0.1", "", "NULL"]]);
  }));

test("without an authenticator PLAIN lets nobody in, and NULL everybody, unless the domain is enforced", () =>
  withSockets(async (open) => {
    const plain = open("pair", { plainServer: true });
    const enforced = open("pair", { zapDomain: "global", zapEnforceDomain: true });
    for (const [server, client] of [
      [plain, open("pair", { plainUsername: "user", plainPassword: "word" })],
      [enforced, open("pair")],
    ] as const) {
      const failed = nextEvent(server, "handshake:error:other");
      client.connect(await bound(server));
      await within(3000, "the failure", failed);
    }
    const lax = open("pair", { zapDomain: "global" });
    const client = open("pair");
    const both = married(lax, client);
    client.connect(await bound(lax));
    await within(3000, "the handshake", both);
  }));

test("an authenticator that breaks RFC 27 lets nobody in, and one that goes away fails who waits for it", () =>
  withSockets(async (open) => {
    const handler = open("rep");
    await handler.bind("inproc://zeromq.zap.01");
    const server = open("pair", { plainServer: true });
    const endpoint = await bound(server);
    const failed = nextEvent(server, "handshake:error:protocol");
    const client = open("pair", { plainUsername: "user", plainPassword: "word", reconnectInterval: -1 });
    client.connect(endpoint);
    await handler.receive();
    await handler.send(["1.0", "1", "777", "", "", ""]);
    await within(3000, "the failure", failed);
    const gone = nextEvent(server, "handshake:error:other");
    const second = open("pair", { plainUsername: "user", plainPassword: "word", reconnectInterval: -1 });
    second.connect(endpoint);
    await handler.receive();
    await handler.close();
    await within(3000, "the end", gone);
  }));

test("mechanisms that differ are told apart on both sides, without asking anybody", () =>
  withSockets(async (open) => {
    const { asked } = await authenticate(open);
    for (const [ofServer, ofClient] of [
      [{ plainServer: true }, {}],
      [{}, { plainUsername: "user", plainPassword: "word" }],
    ]) {
      const [server, client] = [open("pair", ofServer), open("pair", ofClient)];
      const both = [nextEvent(server, "handshake:error:protocol"), nextEvent(client, "handshake:error:protocol")];
      client.connect(await bound(server));
      await within(3000, "the mismatch", Promise.all(both));
    }
    const [a, b] = [open("pair", { plainServer: true }), open("pair", { plainServer: true })];
    const endpoint = await bound(a);
    const stuck = nextEvent(b, "connect");
    b.connect(endpoint);
    await stuck;
    assert.deepEqual(asked, []);
  }));

test("one refused client disturbs nobody else", () =>
  withSockets(async (open) => {
    await authenticate(open);
    const server = open("pull", { plainServer: true });
    const endpoint = await bound(server);
    const good = open("push", { plainUsername: "user", plainPassword: "word" });
    good.connect(endpoint);
    for (let i = 0; i < 20; i += 1) open("push", { plainUsername: "bad", plainPassword: String(i) }).connect(endpoint);
    for (let i = 0; i < 20; i += 1) await good.send(String(i));
    for (let i = 0; i < 20; i += 1) assert.deepEqual(await receiveTexts(server), [String(i)]);
  }));
