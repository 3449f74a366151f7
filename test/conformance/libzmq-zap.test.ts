// SPDX-License-Identifier: MIT
/**
 * What an authenticator may do, under each mechanism, as libzmq's test_security_zap and test_security_no_zap_handler pin it:
 * every status, every breach of its protocol, silence, and its end. RFC 27; who is let in is in `libzmq-security.test.ts`.
 */
import assert from "node:assert/strict";
import type { Dealer, Socket } from "../../src/index.ts";
import { testBothWatched, type Watch } from "../support/event-watch.ts";
import { boundTo, isOurs, type OpenEither, receiveSoon } from "../support/implementations.ts";
import { MECHANISMS, type MechanismSides } from "../support/mechanisms.ts";
import { gate } from "../support/sockets.ts";
import { answerZap, type ZapAnswer, type ZapHandler, type ZapQuestion, zapReply } from "../support/zap.ts";

interface Scene {
  readonly handler: ZapHandler | undefined;
  readonly server: Dealer;
  readonly client: Dealer;
  readonly ofServer: Watch;
  readonly ofClient: Watch;
}

type Observe = (socket: Socket) => Watch;

/** A server, a client that has connected and does not try twice, and the authenticator between them. */
async function stage(
  [open, observe]: [OpenEither, Observe],
  { server: ofServer, client: ofClient }: MechanismSides,
  answer: ZapAnswer | undefined,
  more: object = {},
): Promise<Scene> {
  const handler = answer === undefined ? undefined : await answerZap(open, answer, observe);
  const server = open("dealer", { routingId: "IDENT", ...ofServer, ...more });
  const client = open("dealer", { ...ofClient, reconnectInterval: 10_000 });
  const scene = { handler, server, client, ofServer: observe(server), ofClient: observe(client) };
  client.connect(await boundTo(server));
  await scene.ofServer.next("bind", "accept");
  await scene.ofClient.next("connect:delay", "connect");
  return scene;
}

async function served({ server, client }: Pick<Scene, "server" | "client">): Promise<void> {
  await client.send(["question", "2"]);
  assert.deepEqual(await receiveSoon(server), ["question", "2"]);
  await server.send("answer");
  assert.deepEqual(await receiveSoon(client), ["answer"]);
}

for (const mechanism of MECHANISMS) {
  const { name } = mechanism;

  testBothWatched(`${name}: the authenticator is asked with the frames of RFC 27, and says 200`, async (...with_) => {
    const scene = await stage(with_, mechanism, (question) => zapReply(question, 200));
    await scene.ofServer.next("handshake");
    await scene.ofClient.next("handshake");
    await served(scene);
    assert.deepEqual(scene.handler?.asked, [
      {
        version: "1.0",
        id: "1",
        domain: "TEST",
        address: "127.0.0.1",
        routingId: Buffer.from("IDENT"),
        mechanism: name,
        credentials: mechanism.credentials,
      },
    ]);
  });

  for (const status of [300, 400, 500]) {
    testBothWatched(`${name}: the authenticator says ${status}: what both sides hear`, async (...with_) => {
      const { ofServer, ofClient, server } = await stage(with_, mechanism, (question) => zapReply(question, status));
      const [refused] = await ofServer.next("handshake:error:auth");
      assert.equal(refused?.error?.status, status);
      // RFC 27: of a temporary error the client is not told, and libzmq's server may leave it waiting.
      if (status === 300) return;
      if (isOurs(server)) await ofServer.next("disconnect");
      const [told] = await ofClient.next("handshake:error:auth", "disconnect");
      assert.equal(told?.error?.status, status);
      await ofClient.close();
    });
  }

  for (const [what, code, reply] of [
    ["another version", "ERR_ZAP_BAD_VERSION", ({ id }: ZapQuestion) => ["2.0", id, "200", "", "", ""]],
    ["the id of no question", "ERR_ZAP_BAD_REQUEST_ID", () => ["1.0", "invalid", "200", "", "", ""]],
    ["no number", "ERR_ZAP_INVALID_STATUS_CODE", ({ id }: ZapQuestion) => ["1.0", id, "invalid", "", "", ""]],
    ["a status too large", "ERR_ZAP_INVALID_STATUS_CODE", ({ id }: ZapQuestion) => ["1.0", id, "600", "", "", ""]],
    ["a status between", "ERR_ZAP_INVALID_STATUS_CODE", ({ id }: ZapQuestion) => ["1.0", id, "201", "", "", ""]],
    ["a status too long", "ERR_ZAP_INVALID_STATUS_CODE", ({ id }: ZapQuestion) => ["1.0", id, "2000", "", "", ""]],
    ["a part too many", "ERR_ZAP_MALFORMED_REPLY", ({ id }: ZapQuestion) => ["1.0", id, "200", "OK", "me", "", ""]],
    ["a part too few", "ERR_ZAP_MALFORMED_REPLY", ({ id }: ZapQuestion) => ["1.0", id, "200", "OK", "me"]],
    ["cut metadata", "ERR_ZAP_INVALID_METADATA", ({ id }: ZapQuestion) => ["1.0", id, "200", "", "", "\x05ab"]],
  ] as const) {
    testBothWatched(`${name}: the authenticator says ${what}: ${code}, and nobody is let in`, async (...with_) => {
      const { ofServer, ofClient, server, client } = await stage(with_, mechanism, reply);
      await client.send("sneaky");
      const [failed] = await ofServer.next("handshake:error:protocol");
      assert.equal(failed?.error?.code, code);
      assert.match(failed?.error?.message ?? "", /^ZAP protocol error/);
      // libzmq's server may leave the connection as it is: who waits is not let in either.
      if (isOurs(server)) {
        await ofServer.next("disconnect");
        await ofClient.next("handshake:error:other", "disconnect", "connect:retry");
      }
      assert.equal(await receiveSoon(server, 20), undefined);
    });
  }

  testBothWatched(`${name}: no authenticator where the domain is enforced: EFAULT`, async (...with_) => {
    const { ofServer, ofClient, server } = await stage(with_, mechanism, undefined, { zapEnforceDomain: true });
    const [failed] = await ofServer.next("handshake:error:other");
    assert.equal(failed?.error?.code, "EFAULT");
    // libzmq's may tell it twice, and may leave the client waiting.
    if (isOurs(server)) await ofClient.next("handshake:error:other", "disconnect", "connect:retry");
  });

  const alone = mechanism.needsAuthenticator ? "EFAULT" : "everybody is let in";
  testBothWatched(`${name}: no authenticator, and the domain is not enforced: ${alone}`, async (...with_) => {
    const scene = await stage(with_, mechanism, undefined);
    if (mechanism.needsAuthenticator) {
      const [failed] = await scene.ofServer.next("handshake:error:other");
      assert.equal(failed?.error?.code, "EFAULT");
    } else {
      await scene.ofServer.next("handshake");
      await served(scene);
    }
  });

  testBothWatched(
    `${name}: the authenticator reads and never answers: EPIPE when the client goes`,
    async (...with_) => {
      const { promise: asked, resolve } = gate();
      const { ofServer, client } = await stage(with_, mechanism, () => {
        resolve();
        return undefined;
      });
      await asked;
      await client.close();
      const [failed] = await ofServer.next("handshake:error:other", "disconnect");
      assert.equal(failed?.error?.code, "EPIPE");
    },
  );

  testBothWatched(`${name}: the authenticator closes with a question unanswered: EPIPE at last`, async (...with_) => {
    const { promise: asked, resolve } = gate();
    const { ofServer, client, handler } = await stage(with_, mechanism, () => {
      resolve();
      return undefined;
    });
    await asked;
    // This library's server hears of it at once, libzmq's when its client goes.
    await handler?.close();
    await client.close();
    const [failed] = await ofServer.next("handshake:error:other");
    assert.equal(failed?.error?.code, "EPIPE");
  });

  testBothWatched(`${name}: the authenticator never reads: an error when the client goes`, async (open, observe) => {
    const handler = open("rep");
    observe(handler);
    await handler.bind("inproc://zeromq.zap.01");
    const { ofServer, client } = await stage([open, observe], mechanism, undefined);
    await client.close();
    const [failed] = await ofServer.next("handshake:error:other");
    // A client that has not read the server's greeting yet leaves with a reset.
    assert.match(failed?.error?.code ?? "none", /^(EPIPE|ECONNRESET)$/);
  });

  testBothWatched(`${name}: an authenticator that never answers costs the handshake's time`, async (...with_) => {
    const { ofServer, ofClient } = await stage(with_, mechanism, () => undefined, { handshakeInterval: 50 });
    await ofServer.next("handshake:error:other", "disconnect");
    await ofClient.next("handshake:error:other", "disconnect", "connect:retry");
  });

  testBothWatched(
    `${name}: a slow answer to one client holds up no other, and lets it in at last`,
    async (...with_) => {
      const { promise: slow, resolve } = gate();
      let count = 0;
      const scene = await stage(with_, mechanism, async (question) => {
        if (count++ === 0) await slow;
        return zapReply(question, 200);
      });
      const [open, observe] = with_;
      const quick = open("dealer", mechanism.client);
      const ofQuick = observe(quick);
      await scene.client.send("early");
      quick.connect(scene.server.lastEndpoint as string);
      await ofQuick.next("connect:delay", "connect", "handshake");
      await served({ server: scene.server, client: quick });
      resolve();
      await scene.ofClient.next("handshake");
      assert.deepEqual(await receiveSoon(scene.server), ["early"]);
    },
  );
}
