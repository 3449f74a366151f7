// SPDX-License-Identifier: MIT
/**
 * The option `authorize` before clients of libzmq in C, of pyzmq and of npm `zeromq`: what is asked about them with each mechanism, and what they
 * do when they are refused, for good (400) and for now (300).
 */
import assert from "node:assert/strict";
import test from "node:test";
import { type AuthorizationQuestion, Certificate, type Router, type Verdict } from "../../src/index.ts";
import type { Peer, PeerKind, PeerSocketOptions } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { bound, type Open, texts, within, withSockets } from "../support/sockets.ts";

const ofServer = Certificate.generate();
const ofClient = Certificate.generate();

/** Each mechanism: options of our server and of the client, and what is known of that. */
const MECHANISMS: readonly {
  name: string;
  server: object;
  client: PeerSocketOptions;
  known: Partial<AuthorizationQuestion>;
}[] = [
  { name: "NULL", server: {}, client: { routingId: "me" }, known: { username: undefined, publicKey: undefined } },
  {
    name: "PLAIN",
    server: { plainServer: true },
    client: { plainUsername: "ann", plainPassword: "sesame" },
    known: { username: "ann", password: "sesame" },
  },
  {
    name: "CURVE",
    server: { curveServer: true, ...ofServer.options },
    client: { routingId: "me", curveServerKey: ofServer.publicKey, ...ofClient.options },
    known: { publicKey: ofClient.publicKey },
  },
];

/** A server that answers as it is told, in the order of the questions. */
function serverOf(
  open: Open,
  options: object,
  ...verdicts: Verdict[]
): { server: Router; asked: AuthorizationQuestion[] } {
  const asked: AuthorizationQuestion[] = [];
  const authorize = async (question: AuthorizationQuestion): Promise<Verdict> => {
    asked.push(question);
    return verdicts[Math.min(asked.length, verdicts.length) - 1];
  };
  return { server: open("router", { ...options, authorize }), asked };
}

async function talks(peer: Peer, { server, client, known, name }: (typeof MECHANISMS)[number]): Promise<void> {
  await withSockets(async (open) => {
    const { server: router, asked } = serverOf(open, server, { status: 300 }, true);
    const endpoint = await bound(router);
    await using dealer = await peer.socket("dealer", client);
    await dealer.connect(endpoint);
    await dealer.put("hello");
    const [, text] = texts(await within(10_000, "a message", router.receive()));
    assert.equal(text, "hello", "refused for now, it comes again");
    assert.equal(asked.length, 2);
    const question = asked[1] as AuthorizationQuestion;
    for (const [key, value] of Object.entries(known)) {
      assert.equal(question[key as keyof AuthorizationQuestion], value, key);
    }
    assert.deepEqual([question.mechanism, question.address], [name, "127.0.0.1"]);
    assert.equal(question.metadata.get("Socket-Type"), name === "PLAIN" ? undefined : "DEALER");
    if (client.routingId !== undefined) assert.equal(question.metadata.get("Identity"), client.routingId);
  });
}

async function refused(peer: Peer, { server, client }: (typeof MECHANISMS)[number]): Promise<void> {
  await withSockets(async (open) => {
    const { server: router, asked } = serverOf(open, server, false);
    const endpoint = await bound(router);
    const over = new Promise<number>((resolve) => {
      router.events.once("handshake:error:auth", ({ error }) => resolve(error.status));
    });
    await using dealer = await peer.socket("dealer", { ...client, reconnectInterval: 10 });
    await dealer.connect(endpoint);
    await dealer.put("for nobody");
    assert.equal(await within(10_000, "the refusal", over), 400);
    assert.deepEqual([asked.length, router.tryReceive()], [1, undefined]);
  });
}

for (const kind of ["c", "python", "zeromq.js"] satisfies PeerKind[]) {
  test(`authorize before ${kind} clients`, { skip: missing(kind) ?? false }, async (t) => {
    await using peer = await startPeer(kind);
    for (const mechanism of MECHANISMS) {
      await t.test(`${mechanism.name}: it is asked, and 300 means later`, () => talks(peer, mechanism));
      await t.test(`${mechanism.name}: whom it does not let in delivers nothing`, () => refused(peer, mechanism));
    }
  });
}
