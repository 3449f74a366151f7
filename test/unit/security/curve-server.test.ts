// SPDX-License-Identifier: MIT
/** The server's side of CURVE, command by command. What holds for every mechanism is in `test/conformance/mechanism.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CurveClient } from "../../../src/security/curve-client.ts";
import { NONCES, nonceOf, shortNonce } from "../../../src/security/curve-octets.ts";
import { CurveServer } from "../../../src/security/curve-server.ts";
import type { Command } from "../../../src/wire/command.ts";
import { CLIENT_PROPERTIES, HandshakeSide, pairing, SERVER_PROPERTIES } from "../../support/curve.ts";

const both = await pairing();
const { library, serverKeys, clientKeys } = both;
const { crypto } = library;

function welcomed(now?: () => number): { client: HandshakeSide; server: HandshakeSide; initiate: Command } {
  const { client, server } = both.begin(now);
  server.go();
  return { client, server, initiate: client.go(server.go(client.go())) as Command };
}

test("a WELCOME has 160 octets, and no two have any in common", () => {
  const welcome = (): Command => {
    const { client, server } = both.begin();
    server.go();
    return server.go(client.go()) as Command;
  };
  const [a, b] = [welcome(), welcome()];
  assert.equal(a.name, "WELCOME");
  assert.equal(a.data.length, 160);
  const same = a.data.filter((octet, at) => octet === b.data[at]).length;
  assert.ok(same < 10, `${same} octets`);
});

test("the authenticator is asked with the client's key and what it says of itself", () => {
  const { server, initiate } = welcomed();
  const ready = server.go(initiate);
  assert.equal(ready?.name, "READY");
  assert.equal(server.asked?.mechanism, "CURVE");
  assert.deepEqual(
    server.asked?.credentials.map((each) => Buffer.from(each)),
    [Buffer.from(clientKeys.publicKey)],
  );
  assert.deepEqual([...(server.asked?.properties?.keys() ?? [])], ["Socket-Type"]);
});

test("HELLO: wrong lengths and versions are malformed, wrong keys CRYPTOGRAPHIC", () => {
  const hello = both.begin().client.go() as Command;
  const change = (at: number, to: number): Uint8Array => {
    const data = Uint8Array.from(hello.data);
    data[at] = to;
    return data;
  };
  const otherServer = library.keyPair();
  const keys = { ...clientKeys, serverKey: otherServer.publicKey };
  const toOther = new HandshakeSide(new CurveClient(library, keys).handshake(CLIENT_PROPERTIES)).go() as Command;
  const withoutKey = Uint8Array.from(hello.data).fill(0, 74, 106);
  const cases: [Uint8Array, string][] = [
    [hello.data.subarray(1), "ZMTP_MALFORMED_COMMAND_HELLO"],
    [Buffer.concat([hello.data, Buffer.of(0)]), "ZMTP_MALFORMED_COMMAND_HELLO"],
    [new Uint8Array(0), "ZMTP_MALFORMED_COMMAND_HELLO"],
    [change(0, 2), "ZMTP_MALFORMED_COMMAND_HELLO"],
    [change(1, 1), "ZMTP_MALFORMED_COMMAND_HELLO"],
    [change(80, 255), "ZMTP_CRYPTOGRAPHIC"],
    [change(193, 255), "ZMTP_CRYPTOGRAPHIC"],
    [toOther.data, "ZMTP_CRYPTOGRAPHIC"],
    [withoutKey, "ZMTP_CRYPTOGRAPHIC"],
  ];
  for (const [data, protocolError] of cases) {
    const { server } = both.begin();
    server.go();
    assert.throws(() => server.go({ name: "HELLO", data }), { protocolError });
  }
});

test("a server without a secret key serves nobody, and says what is missing", () => {
  const keys = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(32) };
  const server = new HandshakeSide(new CurveServer(library, keys, () => 0).handshake(SERVER_PROPERTIES));
  server.go();
  const hello = both.begin().client.go() as Command;
  assert.throws(() => server.go(hello), { protocolError: "ZMTP_CRYPTOGRAPHIC", message: /curveSecretKey/ });
});

test("INITIATE: too short is malformed; another connection's, a touched cookie or box CRYPTOGRAPHIC", () => {
  const { initiate } = welcomed();
  const change = (at: number): Uint8Array => {
    const data = Uint8Array.from(initiate.data);
    data[at] = (data[at] as number) ^ 1;
    return data;
  };
  const cases: [Uint8Array, string][] = [
    [initiate.data.subarray(0, 247), "ZMTP_MALFORMED_COMMAND_INITIATE"],
    [initiate.data, "ZMTP_CRYPTOGRAPHIC"],
  ];
  for (const [data, protocolError] of cases) {
    const { server } = welcomed();
    assert.throws(() => server.go({ name: "INITIATE", data }), { protocolError });
  }
  for (const at of [0, 20, 95, 96, 104, 119, 247]) {
    const { server, initiate: own } = welcomed();
    const data = Uint8Array.from(own.data);
    data[at] = (data[at] as number) ^ 1;
    assert.throws(() => server.go({ name: "INITIATE", data }), { protocolError: "ZMTP_CRYPTOGRAPHIC" }, `octet ${at}`);
  }
  assert.ok(change(0).length > 0);
});

/** An INITIATE put together by hand: C′ and S′ are learnt as a client learns them. */
function forged(vouch: (own: Uint8Array, shortTermKey: Uint8Array) => Uint8Array, count = 2, hello = 1) {
  const { server } = both.begin();
  server.go();
  const own = crypto.keyPair();
  const toServer = crypto.sharedKey(serverKeys.publicKey, own.secretKey) as Uint8Array;
  const signature = crypto.seal(new Uint8Array(64), nonceOf(NONCES.hello, shortNonce(hello)), toServer);
  const head = Uint8Array.of(1, 0, ...new Uint8Array(72));
  const data = Buffer.concat([head, own.publicKey, shortNonce(hello), signature]);
  const welcome = server.go({ name: "HELLO", data }) as Command;
  const nonce = nonceOf(NONCES.welcome, welcome.data.subarray(0, 16));
  const content = crypto.open(welcome.data.subarray(16), nonce, toServer) as Uint8Array;
  const shortTermKey = content.subarray(0, 32);
  const key = crypto.sharedKey(shortTermKey, own.secretKey) as Uint8Array;
  const chance = crypto.random(16);
  const vouchKey = crypto.sharedKey(shortTermKey, clientKeys.secretKey) as Uint8Array;
  const box = crypto.seal(vouch(own.publicKey, serverKeys.publicKey), nonceOf(NONCES.vouch, chance), vouchKey);
  const inner = Buffer.concat([clientKeys.publicKey, chance, box, CLIENT_PROPERTIES]);
  const sealed = crypto.seal(inner, nonceOf(NONCES.initiate, shortNonce(count)), key);
  const initiate = Buffer.concat([content.subarray(32), shortNonce(count), sealed]);
  return (): Command | undefined => server.go({ name: "INITIATE", data: initiate });
}

test("a vouch must be for C′ and for this server's S", () => {
  assert.equal(forged((own, key) => Buffer.concat([own, key]))()?.name, "READY");
  const other = library.keyPair().publicKey;
  for (const vouch of [
    (_: Uint8Array, key: Uint8Array) => Buffer.concat([other, key]),
    (own: Uint8Array) => Buffer.concat([own, other]),
  ]) {
    assert.throws(forged(vouch), { protocolError: "ZMTP_KEY_EXCHANGE" });
  }
});

test("an INITIATE must be counted above its HELLO", () => {
  const vouch = (own: Uint8Array, key: Uint8Array): Uint8Array => Buffer.concat([own, key]);
  assert.equal(forged(vouch, 100, 5)()?.name, "READY");
  assert.throws(forged(vouch, 1, 1), { protocolError: "ZMTP_INVALID_SEQUENCE" });
  assert.throws(forged(vouch, 4, 5), { protocolError: "ZMTP_INVALID_SEQUENCE" });
});

test("a cookie is good for a minute", () => {
  let now = 1000;
  const fresh = welcomed(() => now);
  now += 60_000;
  assert.equal(fresh.server.go(fresh.initiate)?.name, "READY");
  const stale = welcomed(() => now);
  now += 60_001;
  assert.throws(() => stale.server.go(stale.initiate), { code: "ETIMEDOUT" });
});

test("metadata that make no sense are refused", () => {
  const keys = { ...clientKeys, serverKey: serverKeys.publicKey };
  const client = new HandshakeSide(new CurveClient(library, keys).handshake(Uint8Array.of(5, 1)));
  const { server } = both.begin();
  server.go();
  const initiate = client.go(server.go(client.go())) as Command;
  assert.throws(() => server.go(initiate), { protocolError: "ZMTP_INVALID_METADATA" });
});

test("between WELCOME and INITIATE a server holds the key of a cookie, and none of the peer's keys or its own", () => {
  const made: Uint8Array[] = [];
  const watching = {
    ...library,
    crypto: Object.assign(Object.create(crypto), {
      keyPair: () => {
        const pair = crypto.keyPair();
        made.push(pair.secretKey);
        return pair;
      },
      sharedKey: (publicKey: Uint8Array, secretKey: Uint8Array) => {
        const key = crypto.sharedKey(publicKey, secretKey);
        if (key !== undefined) made.push(key);
        return key;
      },
    }) as typeof crypto,
  };
  const server = new HandshakeSide(new CurveServer(watching, serverKeys, () => 0).handshake(SERVER_PROPERTIES));
  server.go();
  server.go(both.begin().client.go());
  assert.equal(made.length, 2);
  for (const secret of made)
    assert.ok(
      secret.every((octet) => octet === 0),
      "wiped",
    );
});
