// SPDX-License-Identifier: MIT
/**
 * CURVE (RFC 26) and its authenticators with libzmq in C, pyzmq and npm `zeromq`: both roles, either side connecting; keys that
 * nobody knows, a server's key that is another's, mechanisms that do not match; what lasts: heartbeats, large messages, restarts.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { metadataOf } from "../../src/index.ts";
import { CLIENT, CURVE_SERVER, curveClient, keyOctets, STRANGER } from "../support/curve-keys.ts";
import { type Corpus, summarize } from "../support/peers/corpus.ts";
import type { Peer, PeerKind, PeerSocketOptions } from "../support/peers/peer.ts";
import { lastingEndpoint } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { nextEvent, within, withSockets } from "../support/sockets.ts";

const server: PeerSocketOptions = { ...CURVE_SERVER, zapDomain: "global" };
const client: PeerSocketOptions = curveClient(CLIENT);
const stranger: PeerSocketOptions = curveClient(STRANGER);
const mistaken: PeerSocketOptions = { ...client, curveServerKey: STRANGER.publicKey };
const large: Corpus = { seed: 3, count: 3, shapes: [[4_000_000], new Array<number>(300).fill(9000), [1]] };

/** Both directions: a REQ client asks, a REP server answers. */
async function roundTrip(asking: Peer, answering: Peer, serverBinds: boolean): Promise<void> {
  await using reply = await answering.socket("rep", server);
  await using request = await asking.socket("req", client);
  if (serverBinds) await request.connect(await reply.bind("tcp://127.0.0.1:0"));
  else await reply.connect(await request.bind("tcp://127.0.0.1:0"));
  const [, answer] = await Promise.all([reply.echo(1), request.put("question").then(() => request.take())]);
  assert.equal(answer.join(), "question");
}

/** Our server sees `event` with `code` for a client that is `wrong`; one that is right is served beside it. */
async function turnedAway(
  [tested, peer]: [Peer, Peer],
  [ours, wrong]: [PeerSocketOptions, PeerSocketOptions],
  [event, code]: [string, string?],
): Promise<void> {
  await using pull = await tested.socket("pull", ours);
  await pull.watch(event);
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await using bad = await peer.socket("push", wrong);
  await bad.connect(endpoint);
  const told = await pull.event(event);
  if (code !== undefined) assert.equal(told, code);
  await using right = await peer.socket("push", ours.curveServer === true ? client : {});
  await right.connect(endpoint);
  await right.put("from the client");
  assert.equal((await pull.take()).join(), "from the client");
}

/** A peer's server turns our client away, which hears of it as `event`; one that is right is served beside it. */
async function turnedAwayBy([tested, peer]: [Peer, Peer], wrong: PeerSocketOptions, event: string): Promise<string> {
  await using pull = await peer.socket("pull", server);
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await using bad = await tested.socket("push", { ...wrong, reconnectInterval: 10_000 });
  await bad.watch(event);
  await bad.connect(endpoint);
  const told = await bad.event(event);
  await using right = await tested.socket("push", client);
  await right.connect(endpoint);
  await right.put("from the client");
  assert.equal((await pull.take()).join(), "from the client");
  return told;
}

/** Large messages and messages of many parts, both ways at once. */
async function heavy([tested, peer]: [Peer, Peer], ours: PeerSocketOptions, theirs: PeerSocketOptions): Promise<void> {
  await using one = await tested.socket("pair", ours);
  await using other = await peer.socket("pair", theirs);
  await other.connect(await one.bind("tcp://127.0.0.1:0"));
  await Promise.all([one.send(large), other.send(large)]);
  const [here, there] = await Promise.all([one.receive(large.count), other.receive(large.count)]);
  assert.deepEqual([here, there], [summarize(large), summarize(large)]);
}

/** A server that is killed and comes back is talked to again, with new short-term keys. */
async function restarted(tested: Peer, kind: PeerKind): Promise<void> {
  const endpoint = await lastingEndpoint();
  await using push = await tested.socket("push", { ...client, reconnectInterval: 10 });
  await push.watch("disconnect", "handshake");
  await push.connect(endpoint);
  for (let life = 1; life <= 2; life += 1) {
    await using peer = await startPeer(kind);
    await peer.authenticate("nobody", "none", keyOctets(CLIENT.publicKey));
    const pull = await peer.socket("pull", server);
    await pull.bind(endpoint);
    await push.event("handshake");
    await push.put(`in life ${life}`);
    assert.equal((await pull.take()).join(), `in life ${life}`);
    await peer.kill();
    await push.event("disconnect");
  }
}

/** PINGs and PONGs travel sealed: our side learns how long they take, and theirs lets nobody go. */
async function beats(peer: Peer, ours: PeerSocketOptions, theirs: PeerSocketOptions): Promise<void> {
  await using pull = await peer.socket("pull", { ...theirs, heartbeatInterval: 20, heartbeatTimeout: 2000 });
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await withSockets(async (open) => {
    const push = open("push", { ...(ours as object), heartbeatInterval: 20, heartbeatTimeout: 2000 });
    let lost = 0;
    push.events.on("disconnect", () => {
      lost += 1;
    });
    push.connect(endpoint);
    await push.send("before");
    assert.equal((await pull.take()).join(), "before");
    while (push.peers()[0]?.roundTripTime === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await push.send("after");
    assert.equal((await pull.take()).join(), "after");
    assert.equal(lost, 0);
  });
}

for (const kind of ["c", "python", "zeromq.js"] satisfies PeerKind[]) {
  test(`CURVE with the ${kind} peer`, async (t) => {
    const lack = missing("here") ?? missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using tested = await startPeer("here");
    await using peer = await startPeer(kind);
    for (const each of [tested, peer]) await each.authenticate("nobody", "none", keyOctets(CLIENT.publicKey));
    const both: [Peer, Peer] = [tested, peer];
    const check = (title: string, run: () => Promise<void>): Promise<void> => t.test(title, { timeout: 20000 }, run);
    await check(`a ${kind} client whose key is known talks to our server`, () => roundTrip(peer, tested, true));
    await check(`our client whose key is known talks to a ${kind} server`, () => roundTrip(tested, peer, true));
    await check(`our server may connect to a ${kind} client`, () => roundTrip(peer, tested, false));
    await check(`a ${kind} server may connect to our client`, () => roundTrip(tested, peer, false));
    await check(`a ${kind} client whose key nobody knows is refused with 400, others are served`, () =>
      turnedAway(both, [server, stranger], ["handshake:error:auth", "400"]),
    );
    await check(`our client hears 400 from a ${kind} server that does not know its key`, async () =>
      assert.equal(await turnedAwayBy(both, stranger, "handshake:error:auth"), "400"),
    );
    await check(`a ${kind} client that knows another server's key does not get in, others do`, () =>
      turnedAway(both, [server, mistaken], ["handshake:error:protocol", "ERR_ZMTP_CRYPTOGRAPHIC"]),
    );
    await check(`our client that knows another server's key does not get in at a ${kind} server`, async () => {
      await turnedAwayBy(both, mistaken, "disconnect");
    });
    for (const [what, ours, theirs] of [
      ["without security is turned away by our CURVE server", server, {}],
      ["with PLAIN is turned away by our CURVE server", server, { plainUsername: "admin", plainPassword: "secret" }],
      ["with CURVE is turned away by our server without", {}, client],
    ] as const) {
      await check(`a ${kind} client ${what}, others are served`, () =>
        // Both sides notice; which one hangs up first, and so what the other sees, is a race.
        turnedAway(both, [ours, theirs], ["disconnect"]),
      );
    }
    await check(`large messages and many parts to and from a ${kind} client`, () => heavy(both, server, client));
    await check(`large messages and many parts to and from a ${kind} server`, () => heavy(both, client, server));
    await check(`heartbeats of our client and a ${kind} server`, () => beats(peer, client, server));
    await check(`heartbeats of our server and a ${kind} client`, () => beats(peer, { ...CURVE_SERVER }, client));
    await check(`our client finds a ${kind} server again that was killed`, () => restarted(tested, kind));
  });
}

for (const kind of ["c", "python", "zeromq.js"] satisfies PeerKind[]) {
  test(`CURVE: what our authorize is told of a ${kind} client, and what it says is on the messages`, async (t) => {
    const lack = missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer(kind);
    await withSockets(async (open) => {
      const asked: unknown[] = [];
      const pull = open("pull", {
        ...CURVE_SERVER,
        messageDetails: true,
        authorize: async ({ publicKey, mechanism, address }) => {
          asked.push([publicKey, mechanism, address]);
          return publicKey === CLIENT.publicKey ? { userId: "alice" } : false;
        },
      });
      await pull.bind("tcp://127.0.0.1:*");
      const refused = nextEvent(pull, "handshake:error:auth");
      await using bad = await peer.socket("push", stranger);
      await bad.connect(pull.lastEndpoint as string);
      await within(5000, "the refusal", refused);
      await using good = await peer.socket("push", client);
      await good.connect(pull.lastEndpoint as string);
      await good.put("hello");
      const message = await pull.receive({ timeout: 5000 });
      assert.equal(metadataOf(message).get("User-Id"), "alice");
      assert.deepEqual(asked, [
        [STRANGER.publicKey, "CURVE", "127.0.0.1"],
        [CLIENT.publicKey, "CURVE", "127.0.0.1"],
      ]);
    });
  });
}

test("CURVE: a libzmq client waits for a slow authenticator of ours, and tries again when that goes", async (t) => {
  const lack = missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  await withSockets(async (open) => {
    const first = open("router");
    await first.bind("inproc://zeromq.zap.01");
    const pull = open("pull", server as object);
    await pull.bind("tcp://127.0.0.1:*");
    await using push = await peer.socket("push", { ...client, reconnectInterval: 10 });
    await push.connect(pull.lastEndpoint as string);
    await push.put("kept");
    await first.receive({ timeout: 5000 });
    const failed = nextEvent(pull, "handshake:error:other");
    await first.close();
    const second = open("rep");
    await second.bind("inproc://zeromq.zap.01");
    await within(5000, "the failure", failed);
    const [version, id] = await second.receive({ timeout: 5000 });
    await second.send([version as Buffer, id as Buffer, "200", "", "me", ""]);
    assert.equal(String(await pull.receive({ timeout: 5000 })), "kept");
  });
});
