// SPDX-License-Identifier: MIT
/**
 * The tls+tcp transport with real certificates: what both sides know of each other, and what it has of tcp. Failures are in
 * `tls-handshakes.test.ts`, keys and certificates in `tls-certificates.test.ts`; what every transport must do is in
 * `test/conformance/transport.ts`.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { test } from "node:test";
import { type AuthorizationQuestion, curveKeyPair, metadataOf, peerOf } from "../../../src/index.ts";
import { argumentsFor } from "../../support/program.ts";
import { bound, join, receiveTexts, within } from "../../support/sockets.ts";
import {
  ANY,
  alice,
  as,
  authority,
  check,
  failure,
  next,
  portOf,
  server,
  serves,
  tlsClient,
  trust,
} from "../../support/tls.ts";

// ── Who is at the other side ───────────────────────────────────────────────────────────────────────────────────────

check("both sides know each other's certificate, from messages, peers and events", async (open) => {
  const router = open("router", { ...as(server), tlsTrust: trust, tlsRequireClient: true, messageDetails: true });
  const dealer = open("dealer", {
    ...as(alice),
    tlsTrust: trust,
    messageDetails: true,
    metadata: { "X-Shift": "late" },
  });
  const told = next(dealer, "handshake");
  await join(router, dealer, ANY);
  await dealer.send("hello");
  const message = await router.receive();
  const facts = metadataOf(message);
  assert.equal(facts.get("Tls-Subject"), "O=Acme\\, Inc,CN=alice");
  assert.equal(facts.get("Tls-Issuer"), "O=Acme,CN=Test authority");
  assert.equal(facts.get("Tls-Names"), "URI:spiffe://acme/alice");
  assert.match(facts.get("Tls-Fingerprint") ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.match(facts.get("Tls-Serial") ?? "", /^[0-9A-F]+$/);
  assert.equal(facts.get("Tls-Version"), "TLSv1.3");
  assert.match(facts.get("Tls-Cipher") ?? "", /^TLS_/);
  assert.equal(facts.get("X-Shift"), "late");
  assert.equal(facts.get("Peer-Address"), "127.0.0.1");
  assert.deepEqual([...(router.peers()[0]?.metadata.keys() ?? [])], [...(peerOf(message)?.metadata.keys() ?? [])]);
  await router.send([message[0] as Buffer, "hi"]);
  const answer = metadataOf(await dealer.receive());
  assert.equal(answer.get("Tls-Subject"), "O=Acme,CN=server");
  assert.match(answer.get("Tls-Names") ?? "", /^DNS:localhost/);
  assert.ok((await told).peer?.metadata.has("Tls-Fingerprint"));
  assert.ok((router.peers()[0]?.octetsReceived ?? 0) > 1000, "what travels is counted, certificates too");
});

check("a client that was not asked for a certificate has none in its metadata", async (open) => {
  const router = open("router", { ...as(server), messageDetails: true });
  const dealer = open("dealer", { ...as(alice), tlsTrust: trust });
  await join(router, dealer, ANY);
  await dealer.send("hello");
  const facts = metadataOf(await router.receive());
  assert.deepEqual(
    [facts.has("Tls-Version"), facts.has("Tls-Subject"), facts.has("Tls-Fingerprint")],
    [true, false, false],
  );
});

check("who may come in can be decided by the certificate", async (open) => {
  const asked: string[] = [];
  const pull = open("pull", {
    ...as(server),
    tlsTrust: trust,
    tlsRequireClient: true,
    authorize: ({ metadata }) => {
      const names = metadata.get("Tls-Names") ?? "";
      asked.push(names);
      return names === "URI:spiffe://acme/alice";
    },
  });
  await bound(pull, ANY);
  const push = open("push", { ...as(server), tlsTrust: trust, reconnectInterval: -1 });
  const refused = next(pull, "handshake:error:auth");
  push.connect(pull.lastEndpoint as string);
  await refused;
  await serves(open, pull);
  assert.equal(asked.at(-1), "URI:spiffe://acme/alice");
});

check("PLAIN goes inside", async (open) => {
  const pull = open("pull", { ...as(server), plainServer: true, authorize: ({ username }) => username === "alice" });
  await bound(pull, ANY);
  const push = open("push", { tlsTrust: trust, plainUsername: "alice", plainPassword: "secret" });
  push.connect(pull.lastEndpoint as string);
  await push.send("in");
  assert.deepEqual(await receiveTexts(pull), ["in"]);
});

check("STREAM speaks with any TLS client and server, once the peers know each other", async (open) => {
  const stream = open("stream", { ...as(server), messageDetails: true, tlsTrust: trust, tlsRequireClient: true });
  await bound(stream, ANY);
  const client = await tlsClient(portOf(stream), { key: alice.key, cert: alice.certificate });
  client.write("GET /");
  const notice = await stream.receive();
  assert.deepEqual([notice[1]?.length, metadataOf(notice).get("Tls-Names")], [0, "URI:spiffe://acme/alice"]);
  const [id, request] = await stream.receive();
  assert.equal(String(request), "GET /");
  await stream.send([id, "200"]);
  assert.equal(String((await once(client, "data"))[0]), "200");
  client.end();
  const push = open("stream", { tlsTrust: trust, ...as(alice) });
  push.connect(stream.lastEndpoint as string);
  await push.receive();
  const bad = failure(stream);
  connectTcp(portOf(stream), "127.0.0.1").end("plain");
  assert.equal(await bad, "ERR_TLS_NOT_SPOKEN");
});

// ── Messages ───────────────────────────────────────────────────────────────────────────────────────────────────────

check(
  "a hundred thousand small messages and one of 20 MB arrive, in order, also when the sender closes at once",
  async (open) => {
    const pull = open("pull", { ...as(server), receiveHighWaterMark: 100 });
    await bound(pull, ANY);
    const push = open("push", { tlsTrust: trust, linger: -1 });
    push.connect(pull.lastEndpoint as string);
    const sending = (async () => {
      for (let i = 0; i < 100_000; i += 1) await push.send(String(i));
      await push.send(Buffer.alloc(20_000_000, 7));
      await push.close();
    })();
    for (let i = 0; i < 100_000; ) {
      for (const [part] of await pull.receiveBatch()) {
        if (i < 100_000) assert.equal(String(part), String(i));
        else assert.equal(part?.length, 20_000_000);
        i += 1;
      }
    }
    await within(10_000, "the sender's end", sending);
  },
);

check("CURVE goes inside", async (open) => {
  const { publicKey, secretKey } = curveKeyPair();
  const pull = open("pull", { ...as(server), curveServer: true, curveSecretKey: secretKey });
  await bound(pull, ANY);
  const mine = curveKeyPair();
  const keys = { curvePublicKey: mine.publicKey, curveSecretKey: mine.secretKey, curveServerKey: publicKey };
  const push = open("push", { tlsTrust: trust, ...keys });
  push.connect(pull.lastEndpoint as string);
  await push.send("in a box in a tunnel");
  assert.deepEqual(await receiveTexts(pull), ["in a box in a tunnel"]);
});

// ── What no peer can claim ─────────────────────────────────────────────────────────────────────────────────────────

check("a property of the handshake that looks like a certificate's, or a user's, is not passed on", async (open) => {
  let asked: readonly string[] = [];
  const authorize = ({ metadata }: AuthorizationQuestion): boolean => {
    asked = [...metadata.keys()];
    return true;
  };
  const router = open("router", { messageDetails: true, authorize });
  await bound(router);
  const raw = connectTcp(portOf(router), "127.0.0.1");
  const property = (name: string, value: string): Buffer => {
    const octets = Buffer.alloc(1 + name.length + 4 + value.length);
    octets.writeUInt8(name.length);
    octets.write(name, 1);
    octets.writeUInt32BE(value.length, 1 + name.length);
    octets.write(value, 5 + name.length);
    return octets;
  };
  const greeting = Buffer.alloc(64);
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  greeting.write("NULL", 12);
  const ready = Buffer.concat([
    Buffer.from("\u0005READY"),
    property("Socket-Type", "DEALER"),
    property("tLS-Subject", "CN=admin"),
    property("User-Id", "admin"),
    property("X-Honest", "yes"),
  ]);
  raw.write(Buffer.concat([greeting, Buffer.from([4, ready.length]), ready, Buffer.from([0, 2]), Buffer.from("hi")]));
  const facts = metadataOf(await router.receive());
  raw.destroy();
  assert.deepEqual([...facts.keys()].sort(), ["Identity", "Peer-Address", "Routing-Id", "Socket-Type", "X-Honest"]);
  assert.deepEqual(asked, ["Socket-Type", "X-Honest"]);
});

// ── What it has of tcp ─────────────────────────────────────────────────────────────────────────────────────────────

check(
  "all addresses of a name can be connected to, and the name is what must stand in the certificate",
  async (open) => {
    const pull = open("pull", as(authority.issue({ names: "DNS:localhost" })));
    await bound(pull, ANY);
    const push = open("push", { tlsTrust: trust });
    push.connect(`tls+tcp://localhost:${portOf(pull)}`, { resolve: "all" });
    await push.send("found");
    assert.deepEqual(await receiveTexts(pull), ["found"]);
    assert.equal(push.peers()[0]?.endpoint, `tls+tcp://127.0.0.1:${portOf(pull)}`);
    push.disconnect(`tls+tcp://localhost:${portOf(pull)}`);
  },
);

check("binding at once, filters, sources and wildcards are tcp's", async (open) => {
  const pull = open("pull", { ...as(server), tcpAcceptFilter: "192.0.2.0/24", tcpKeepalive: 1 });
  pull.bindSync(ANY);
  const refused = next(pull, "accept:error");
  const push = open("push", { tlsTrust: trust, reconnectInterval: -1, tcpKeepalive: 1, tcpKeepaliveIdle: 60 });
  const cut = failure(push);
  push.connect(pull.lastEndpoint as string);
  const { error, remote } = await refused;
  assert.deepEqual([error.code, remote.startsWith("tls+tcp://127.0.0.1:")], ["EACCES", true]);
  assert.equal(await cut, "ERR_TLS_CUT_OFF");
  const other = open("pull", as(server));
  other.bindSync("tls+tcp://*:*");
  assert.match(other.lastEndpoint ?? "", /^tls\+tcp:\/\/0\.0\.0\.0:\d+$/);
  push.connect(`tls+tcp://127.0.0.1:*;localhost:${portOf(other)}`);
  await push.send("from there");
  assert.deepEqual(await receiveTexts(other), ["from there"]);
  for (const wrong of ["tls+tcp://127.0.0.1", "tls+tcp://*:5", "tls+tcp://a b:5"]) {
    assert.throws(() => push.connect(wrong), { code: "EINVAL", address: wrong });
  }
});

test("a program that has no such endpoint does not load the runtime's TLS", () => {
  const entry = new URL("../../../src/index.ts", import.meta.url).href;
  const lines = [
    `const { Pull } = await import(${JSON.stringify(entry)});`,
    "const pull = new Pull();",
    'pull.bindSync("tcp://127.0.0.1:*");',
    "await pull.close();",
    'console.log(process.moduleLoadList.includes("NativeModule tls"));',
  ];
  assert.equal(execFileSync(process.execPath, argumentsFor(lines.join("\n")), { encoding: "utf8" }), "false\n");
});
