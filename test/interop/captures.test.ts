// SPDX-License-Identifier: MIT
/**
 * What somebody on the way sees: every octet of a connection, in both directions, kept by a relay and searched for what was said.
 * CURVE shows none of it, with libzmq at either end or at none; PLAIN and NULL show all of it, passwords first.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { metadataOf } from "../../src/index.ts";
import { CLIENT, CURVE_SERVER, curveClient, keyOctets, SERVER } from "../support/curve-keys.ts";
import type { Peer, PeerKind, PeerSocketOptions } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { RecordingRelay } from "../support/recording-relay.ts";
import { within, withSockets } from "../support/sockets.ts";

/** What is said, and must not be seen. */
const SECRETS = {
  question: "the question that was asked",
  answer: "the answer that was given",
  part: "p".repeat(24),
  large: "large, ".repeat(20_000),
  topic: "topic.of.interest",
  news: "news that are nobody's business",
  routingId: "routing-id-of-the-client",
  serverId: "routing-id-of-the-server",
} as const;

/** Words that any connection without armour shows; each so long that no chance spells it in what CURVE makes of 160 KB. */
const WORDS = ["Socket-Type", "Identity", "DEALER", "ROUTER", "\0\0\0\x03SUB"];

/** The pieces of at least 12 octets in which a secret could be found: all of a short one, some of a long one. */
function findable(secret: string): Buffer[] {
  const octets = Buffer.from(secret);
  const pieces = [];
  for (let at = 0; at + 12 <= Math.min(octets.length, 60); at += 6) pieces.push(octets.subarray(at, at + 12));
  return pieces;
}

function shows(octets: Buffer, secret: string): boolean {
  return findable(secret).some((piece) => octets.includes(piece));
}

/** A conversation of every kind: a DEALER and a ROUTER, whoever plays them. Gives the routing id that the ROUTER saw. */
async function converse(
  [serving, asking]: [Peer, Peer],
  server: PeerSocketOptions,
  client: PeerSocketOptions,
  relayed: (relay: RecordingRelay) => void,
): Promise<void> {
  await using router = await serving.socket("router", { ...server, routingId: SECRETS.serverId });
  await using dealer = await asking.socket("dealer", { ...client, routingId: SECRETS.routingId });
  await using relay = await RecordingRelay.before(await router.bind("tcp://127.0.0.1:0"));
  await dealer.connect(relay.endpoint);
  await dealer.put(SECRETS.question, "", SECRETS.part, SECRETS.large);
  const [id, ...parts] = await router.take();
  assert.equal(String(id), SECRETS.routingId);
  assert.deepEqual(parts.map(String), [SECRETS.question, "", SECRETS.part, SECRETS.large]);
  await router.put(id as Buffer, SECRETS.answer, SECRETS.part);
  assert.deepEqual((await dealer.take()).map(String), [SECRETS.answer, SECRETS.part]);
  assert.ok(relay.toServer.length > SECRETS.large.length);
  relayed(relay);
}

/** The same for a publisher and a subscriber. */
async function publish(
  [serving, asking]: [Peer, Peer],
  server: PeerSocketOptions,
  client: PeerSocketOptions,
  relayed: (relay: RecordingRelay) => void,
): Promise<void> {
  await using xpub = await serving.socket("xpub", server);
  await using sub = await asking.socket("sub", client);
  await using relay = await RecordingRelay.before(await xpub.bind("tcp://127.0.0.1:0"));
  await sub.subscribe(SECRETS.topic);
  await sub.connect(relay.endpoint);
  assert.equal(String(await xpub.take()), `\x01${SECRETS.topic}`);
  await xpub.put(SECRETS.topic, SECRETS.news);
  assert.deepEqual((await sub.take()).map(String), [SECRETS.topic, SECRETS.news]);
  relayed(relay);
}

function hidesAll({ toServer, toClient }: RecordingRelay): void {
  for (const [direction, octets] of Object.entries({ toServer, toClient })) {
    for (const [name, secret] of Object.entries(SECRETS)) {
      assert.ok(!shows(octets, secret), `${direction} shows the ${name}`);
    }
    for (const word of WORDS) assert.ok(!octets.includes(word), `${direction} shows ${word}`);
    for (const key of [CLIENT.publicKey, CLIENT.secretKey, SERVER.publicKey, SERVER.secretKey]) {
      assert.ok(!octets.includes(keyOctets(key)) && !octets.includes(key), `${direction} shows a key that lasts`);
    }
  }
}

const kinds: [PeerKind, PeerKind][] = [
  ["here", "here"],
  ["here", "c"],
  ["c", "here"],
  ["here", "zeromq.js"],
  ["zeromq.js", "here"],
];

for (const [serving, asking] of kinds) {
  const lack = missing(serving) ?? missing(asking);
  test(`CURVE, ${serving} serves ${asking}: no octet of what is said is seen`, { skip: lack ?? false }, async () => {
    await using server = await startPeer(serving);
    await using client = await startPeer(asking);
    await converse([server, client], { ...CURVE_SERVER }, curveClient(CLIENT), hidesAll);
    await publish([server, client], { ...CURVE_SERVER }, curveClient(CLIENT), hidesAll);
  });
}

test("CURVE: properties of the application and who it is are not seen, and what is said twice looks different", () =>
  withSockets(async (open) => {
    const handler = open("rep");
    await handler.bind("inproc://zeromq.zap.01");
    void (async () => {
      for await (const [version, id] of handler)
        await handler.send([version as Buffer, id as Buffer, "200", "", "user-id-of-the-client", ""]);
    })();
    const server = open("pull", { ...CURVE_SERVER, messageDetails: true });
    await server.bind("tcp://127.0.0.1:*");
    await using relay = await RecordingRelay.before(server.lastEndpoint as string);
    const client = open("push", { ...curveClient(CLIENT), metadata: { "X-Secret-Name": "value of the property" } });
    client.connect(relay.endpoint);
    const sizes: number[] = [];
    for (let i = 0; i < 2; i += 1) {
      const before = relay.toServer.length;
      await client.send("m".repeat(40));
      const told = metadataOf(await within(3000, "the message", server.receive()));
      assert.equal(told.get("X-Secret-Name"), "value of the property");
      assert.equal(told.get("User-Id"), "user-id-of-the-client");
      if (i > 0) sizes.push(relay.toServer.length - before);
    }
    // Frame 2, "\x07MESSAGE" 8, count 8, box 16, flags 1, and 40: how long messages are can be seen.
    assert.deepEqual(sizes, [75]);
    const octets = relay.toServer;
    const [one, other] = [octets.subarray(-150, -75), octets.subarray(-75)];
    assert.equal(one.subarray(0, 10).toString("hex"), other.subarray(0, 10).toString("hex"));
    assert.notDeepEqual(one.subarray(18), other.subarray(18));
    for (const secret of ["X-Secret-Name", "value of the property", "user-id-of-the-client", "mmmmmmmm", "PUSH"]) {
      assert.ok(!octets.includes(secret) && !relay.toClient.includes(secret), secret);
    }
  }));

test("CURVE: a client that is refused shows nothing of itself either", () =>
  withSockets(async (open) => {
    const server = open("pull", { ...CURVE_SERVER, authorize: () => false });
    await server.bind("tcp://127.0.0.1:*");
    await using relay = await RecordingRelay.before(server.lastEndpoint as string);
    const client = open("push", { ...curveClient(CLIENT), metadata: { "X-Secret-Name": "value" } });
    const refused = new Promise((resolve) => {
      client.events.once("handshake:error:auth", resolve);
    });
    client.connect(relay.endpoint);
    await within(3000, "the refusal", refused);
    hidesAll(relay);
    assert.ok(!relay.toServer.includes("X-Secret-Name"));
    // RFC 26: the refusal itself is no secret.
    assert.ok(relay.toClient.includes("\x05ERROR\x03400"));
  }));

test("PLAIN and NULL show everything: passwords, topics, messages, routing ids", async () => {
  const password = { plainUsername: "name of the user", plainPassword: "password of the user" };
  await using peer = await startPeer("here");
  await peer.authenticate("admin", "secret");
  const seesAll = ({ toServer, toClient }: RecordingRelay): void => {
    const octets = Buffer.concat([toServer, toClient]);
    for (const name of ["question", "answer", "part", "large", "routingId", "serverId"] as const)
      assert.ok(shows(octets, SECRETS[name]), name);
  };
  await converse([peer, peer], {}, {}, seesAll);
  await converse([peer, peer], { plainServer: true }, { plainUsername: "admin", plainPassword: "secret" }, (relay) => {
    seesAll(relay);
    assert.ok(relay.toServer.includes("\x05HELLO\x05admin\x06secret"));
  });
  await publish([peer, peer], {}, {}, ({ toServer, toClient }) => {
    assert.ok(shows(toServer, SECRETS.topic) && shows(toClient, SECRETS.news));
  });
  await withSockets(async (open) => {
    const server = open("pull", { plainServer: true, authorize: () => false });
    await server.bind("tcp://127.0.0.1:*");
    await using relay = await RecordingRelay.before(server.lastEndpoint as string);
    const client = open("push", password);
    const refused = new Promise((resolve) => {
      client.events.once("handshake:error:auth", resolve);
    });
    client.connect(relay.endpoint);
    await within(3000, "the refusal", refused);
    assert.ok(relay.toServer.includes(password.plainPassword), "a password that is wrong here may be right elsewhere");
  });
});
