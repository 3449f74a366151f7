// SPDX-License-Identifier: MIT
/**
 * GSSAPI (RFC 38) with libzmq in C, which Debian builds with it, and with ourselves, against a KDC: both roles, with a ticket
 * and without, ZAP handlers that are told the principal, and peers that encrypt, which this library cannot.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import test, { type TestContext } from "node:test";
import type { Reply, Request, Socket } from "../../src/index.ts";
import { whyNoKerberos } from "../../src/runtime/kerberos.ts";
import { CLIENT, missingKerberos, SERVICE, startRealm } from "../support/kerberos.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { bound, type Open, receiveTexts, withSockets } from "../support/sockets.ts";
import { answerZap, zapReply } from "../support/zap.ts";

const server = { gssapiServer: true, gssapiPrincipal: SERVICE, gssapiPlainText: true };
const client = { gssapiServicePrincipal: SERVICE, gssapiPlainText: true };

test("GSSAPI against a KDC", async (t) => {
  if (whyNoKerberos() !== undefined) return withoutKerberos(t);
  const lack = missingKerberos() ?? missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using realm = await startRealm();
  await using peer = await startPeer("c");
  const check = (title: string, run: (open: Open) => Promise<void>): Promise<void> =>
    t.test(title, { timeout: 20000 }, () => withSockets(run));

  await check("our client and our server, whose messages tell whose they are", async (open) => {
    const reply = open("rep", server);
    const request = open("req", client);
    assert.deepEqual([reply.securityMechanism, request.securityMechanism], ["gssapi", "gssapi"]);
    await roundTrip(request, reply);
  });

  await check("our client talks to libzmq's server", async (open) => {
    await using reply = await peer.socket("rep", server);
    const request = open("req", client);
    request.connect(await reply.bind("tcp://127.0.0.1:0"));
    await request.send("question");
    await reply.echo(1);
    assert.deepEqual(await receiveTexts(request), ["question"]);
  });

  await check("libzmq's client talks to our server, also where that one connects", async (open) => {
    const reply = open("rep", server);
    await using request = await peer.socket("req", client);
    reply.connect(await request.bind("tcp://127.0.0.1:0"));
    await request.put("question");
    await reply.send(await reply.receive());
    assert.equal((await request.take()).join(), "question");
  });

  await check(
    "a ZAP handler is told the principal, of our client and of libzmq's, and its user id is on messages",
    async (open) => {
      const handler = await answerZap(open, (question) => zapReply(question, 200, { userId: "ann" }));
      const pull = open("pull", { ...server, zapDomain: "global", messageDetails: true });
      const endpoint = await bound(pull);
      const push = open("push", client);
      push.connect(endpoint);
      await push.send("ours");
      assert.deepEqual([...(await receiveTexts(pull))], ["ours"]);
      await using theirs = await peer.socket("push", client);
      await theirs.connect(endpoint);
      await theirs.put("theirs");
      assert.deepEqual(await receiveTexts(pull), ["theirs"]);
      const told = handler.asked.map(({ mechanism, domain, credentials }) => [
        mechanism,
        domain,
        ...credentials.map(String),
      ]);
      const asked = ["GSSAPI", "global", CLIENT];
      assert.deepEqual(told, [asked, asked]);
    },
  );

  await check("a client whom the ZAP handler refuses hears 400", async (open) => {
    await answerZap(open, (question) => zapReply(question, 400));
    const push = open("push", client);
    const refused = errorOf(push, "handshake:error:auth");
    push.connect(await bound(open("pull", server)));
    assert.equal((await refused).message.includes("400"), true);
  });

  await check("a client that names itself, and one that names somebody whose ticket is not there", async (open) => {
    const reply = open("rep", server);
    const named = { gssapiPrincipal: CLIENT, gssapiPrincipalNameType: "krb5Principal" } as const;
    await roundTrip(open("req", { ...client, ...named }), reply);
    const stranger = open("req", { ...client, ...named, gssapiPrincipal: "mallory" });
    const failed = errorOf(stranger, "handshake:error:other");
    stranger.connect(reply.lastEndpoint as string);
    assert.equal((await failed).code, "EACCES");
  });

  await check("a server without the key lets nobody in", async (open) => {
    const pull = open("pull", { ...server, gssapiPrincipal: "other@localhost" });
    const failed = errorOf(pull, "handshake:error:other");
    open("push", client).connect(await bound(pull));
    assert.equal((await failed).code, "EACCES");
  });

  await check("a token that is none ends its own connection only", async (open) => {
    const reply = open("rep", server);
    const failed = errorOf(reply, "handshake:error:protocol");
    const raw = connect(Number(new URL(await bound(reply)).port), "127.0.0.1");
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]);
    greeting.write("GSSAPI", 12);
    raw.write(greeting);
    raw.write(Buffer.from("\x04\x12\x08INITIATE\x00\x00\x00\x05hello", "latin1"));
    raw.on("error", () => {}).resume();
    assert.equal((await failed).code, "ERR_ZMTP_CRYPTOGRAPHIC");
    await once(raw, "close");
    await roundTrip(open("req", client), reply);
  });

  await check("libzmq's peers that encrypt are not understood, others are served", async (open) => {
    await using encrypting = await peer.socket("pull", { ...server, gssapiPlainText: false });
    const push = open("push", client);
    const misunderstood = errorOf(push, "handshake:error:protocol");
    push.connect(await encrypting.bind("tcp://127.0.0.1:0"));
    assert.equal((await misunderstood).code, "ERR_ZMTP_UNEXPECTED_COMMAND");
    const pull = open("pull", server);
    const gone = errorOf(pull, "handshake:error:other");
    const endpoint = await bound(pull);
    await using theirs = await peer.socket("push", { ...client, gssapiPlainText: false });
    await theirs.connect(endpoint);
    await gone;
    await using plain = await peer.socket("push", client);
    await plain.connect(endpoint);
    await plain.put("from the client");
    assert.deepEqual(await receiveTexts(pull), ["from the client"]);
  });

  await check("a client without a ticket tries again, and comes in when it has one", async (open) => {
    await realm.logOut();
    const reply = open("rep", server);
    const request = open("req", { ...client, gssapiPrincipal: CLIENT, gssapiPrincipalNameType: "userName" });
    const failed = errorOf(request, "handshake:error:other");
    request.connect(await bound(reply));
    assert.equal((await failed).code, "EACCES");
    await realm.logIn();
    await request.send("question");
    await reply.send(await reply.receive());
    assert.deepEqual(await receiveTexts(request), ["question"]);
  });
});

/** The package is not one of the project's own: without it there is this much to be shown. */
async function withoutKerberos(t: TestContext): Promise<void> {
  t.diagnostic("the package kerberos is not installed: only that GSSAPI says so is tested");
  await withSockets(async (open) => {
    assert.throws(() => open("rep", server), { code: "ENOTSUP", message: /npm install kerberos/ });
    assert.throws(() => open("req", client), { code: "ENOTSUP", message: /npm install kerberos/ });
  });
}

async function roundTrip(request: Request, reply: Reply): Promise<void> {
  request.connect(reply.lastEndpoint ?? (await bound(reply)));
  await request.send("question");
  await reply.send(await reply.receive());
  assert.deepEqual(await receiveTexts(request), ["question"]);
}

/** The error of the next event of this type. To be called before the event can come. */
function errorOf(socket: Socket, type: "handshake:error:auth" | "handshake:error:protocol" | "handshake:error:other") {
  return new Promise<Error & { code?: string }>((resolve) => {
    socket.events.once(type, ({ error }) => resolve(error as Error));
  });
}
