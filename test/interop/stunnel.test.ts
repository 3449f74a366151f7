// SPDX-License-Identifier: MIT
/**
 * tls+tcp against libzmq behind stunnel, with libzmq in C, pyzmq and npm `zeromq`: stunnel as the server before a peer that binds, and as
 * the client before a peer that connects; with certificates on one side and on both, and with wrong ones.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { Dealer, Pull, Push, Reply, Router } from "../../src/index.ts";
import { Authority, noCertificates } from "../support/certificates.ts";
import { type Corpus, makeMessage, Summarizer, summarize } from "../support/peers/corpus.ts";
import type { Peer, PeerKind } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { within } from "../support/sockets.ts";
import { noStunnel, Stunnel } from "../support/stunnel.ts";

const corpus: Corpus = { seed: 21, count: 30, shapes: [[0], [1], [255], [256, 3], [70_000], [10, 1_000_000]] };
const many: Corpus = { seed: 22, count: 5000, shapes: [[8], [20, 30]] };
const patience = { timeout: 30_000 };
const portOf = (endpoint: string | null): number => Number(endpoint?.split(":").at(-1));

const authority = noCertificates === undefined ? new Authority() : undefined;
const options = { linger: 0, receiveTimeout: 10_000, reconnectInterval: 20 } as const;

/** Our options with a certificate of the authority. */
function certified(subject: string): { tlsKey: string; tlsCertificate: string; tlsTrust: string } {
  const { key, certificate } = (authority as Authority).issue({ subject });
  return { tlsKey: key, tlsCertificate: certificate, tlsTrust: authority?.certificate ?? "" };
}

/** Sends a corpus, and takes each message back as it was. */
async function exchange(socket: Dealer, what: Corpus): Promise<void> {
  const echo = new Summarizer();
  for (let i = 0; i < what.count; i += 1) {
    await socket.send(["", ...makeMessage(what, i)]);
    const [, ...parts] = await socket.receive();
    echo.add(parts);
  }
  assert.deepEqual(echo.finish(), summarize(what));
}

async function behindServer(peer: Peer, mutual: boolean): Promise<void> {
  await using reply = await peer.socket("rep");
  const to = portOf(await reply.bind("tcp://127.0.0.1:0"));
  const identity = (authority as Authority).issue({ subject: "/CN=stunnel" });
  const trust = (authority as Authority).certificate;
  await using stunnel = await Stunnel.start({ role: "server", to, identity, ...(mutual ? { trust } : {}) });
  await using dealer = new Dealer({ ...options, ...(mutual ? certified("/CN=us") : { tlsTrust: trust }) });
  dealer.connect(`tls+tcp://127.0.0.1:${stunnel.port}`);
  await Promise.all([reply.echo(corpus.count), exchange(dealer, corpus)]);
  const subject = dealer.peers()[0]?.metadata.get("Tls-Subject");
  assert.equal(Buffer.from(subject ?? []).toString(), "CN=stunnel");
  await using pull = await peer.socket("pull");
  const also = portOf(await pull.bind("tcp://127.0.0.1:0"));
  await using second = await Stunnel.start({ role: "server", to: also, identity });
  await using push = new Push({ linger: -1, reconnectInterval: 20, tlsTrust: trust });
  push.connect(`tls+tcp://127.0.0.1:${second.port}`);
  const received = pull.receive(many.count);
  for (let i = 0; i < many.count; i += 1) await push.send(makeMessage(many, i));
  await push.close();
  assert.deepEqual(await received, summarize(many), "what was sent before close");
}

async function behindClient(peer: Peer, mutual: boolean): Promise<void> {
  await using reply = new Reply({ ...options, ...certified("/CN=us"), tlsRequireClient: mutual, messageDetails: true });
  await reply.bind("tls+tcp://127.0.0.1:*");
  const identity = (authority as Authority).issue({ subject: "/CN=stunnel" });
  const trust = (authority as Authority).certificate;
  const to = portOf(reply.lastEndpoint);
  await using stunnel = await Stunnel.start({ role: "client", to, trust, ...(mutual ? { identity } : {}) });
  await using request = await peer.socket("req", { reconnectInterval: 20 });
  await request.connect(`tcp://127.0.0.1:${stunnel.port}`);
  const serve = async (): Promise<void> => {
    for (let i = 0; i < corpus.count; i += 1) await reply.send(await reply.receive());
  };
  const [got] = await Promise.all([request.exchange(corpus), serve()]);
  assert.deepEqual(got, summarize(corpus));
  assert.equal(reply.peers()[0]?.metadata.has("Tls-Subject"), mutual);
  await using pull = new Pull({ ...options, ...certified("/CN=us") });
  await pull.bind("tls+tcp://127.0.0.1:*");
  await using second = await Stunnel.start({ role: "client", to: portOf(pull.lastEndpoint), trust });
  await using push = await peer.socket("push", { linger: 10_000, reconnectInterval: 20 });
  await push.connect(`tcp://127.0.0.1:${second.port}`);
  const receive = async (): Promise<void> => {
    const all = new Summarizer();
    for (let i = 0; i < many.count; i += 1) all.add(await pull.receive());
    assert.deepEqual(all.finish(), summarize(many));
  };
  await Promise.all([push.send(many), receive()]);
}

/** What our side hears when stunnel and it do not trust each other. */
async function distrust(): Promise<void> {
  const trust = (authority as Authority).certificate;
  const foreign = new Authority();
  const codes = (socket: Router | Dealer): Promise<string> =>
    within(
      10_000,
      "a failed handshake",
      new Promise((resolve) => {
        socket.events.once("handshake:error:other", ({ error }) => resolve(error.code));
      }),
    );
  await using router = new Router({ ...options, ...certified("/CN=us"), tlsRequireClient: true });
  await router.bind("tls+tcp://127.0.0.1:*");
  const to = portOf(router.lastEndpoint);
  // stunnel connects for each client of its own.
  const through = async (stunnel: Stunnel): Promise<string> => {
    const code = codes(router);
    await using dealer = new Dealer(options);
    dealer.connect(`tcp://127.0.0.1:${stunnel.port}`);
    return await code;
  };
  await using nameless = await Stunnel.start({ role: "client", to, trust });
  assert.equal(await through(nameless), "ERR_TLS_NO_CERTIFICATE");
  await using stranger = await Stunnel.start({ role: "client", to, trust, identity: foreign.issue() });
  assert.equal(await through(stranger), "ERR_TLS_UNKNOWN_AUTHORITY");
  await using doubter = await Stunnel.start({ role: "client", to, trust: foreign.certificate });
  assert.equal(await through(doubter), "ERR_TLS_REFUSED");
  await using strict = await Stunnel.start({ role: "server", to, identity: foreign.issue(), trust });
  await using wrong = new Dealer({ ...options, tlsTrust: foreign.certificate });
  const required = codes(wrong);
  wrong.connect(`tls+tcp://127.0.0.1:${strict.port}`);
  assert.equal(await required, "ERR_TLS_CERTIFICATE_REQUIRED");
  await using refused = new Dealer({ ...options, tlsTrust: foreign.certificate, ...own(foreign) });
  const refusal = codes(refused);
  refused.connect(`tls+tcp://127.0.0.1:${strict.port}`);
  assert.equal(await refusal, "ERR_TLS_REFUSED");
}

function own(by: Authority): { tlsKey: string; tlsCertificate: string } {
  const { key, certificate } = by.issue();
  return { tlsKey: key, tlsCertificate: certificate };
}

for (const kind of ["c", "python", "zeromq.js"] satisfies PeerKind[]) {
  test(`tls+tcp with the ${kind} peer behind stunnel`, async (t) => {
    const lack = noCertificates ?? noStunnel ?? missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer(kind);
    for (const mutual of [false, true]) {
      const how = mutual ? "with certificates on both sides" : "with the server's certificate";
      await t.test(`that stunnel serves, ${how}`, patience, () => behindServer(peer, mutual));
      await t.test(`that connects through stunnel, ${how}`, patience, () => behindClient(peer, mutual));
    }
  });
}

test("tls+tcp and stunnel that do not trust each other", patience, async (t) => {
  const lack = noCertificates ?? noStunnel;
  if (lack !== undefined) return t.skip(lack);
  await distrust();
});
