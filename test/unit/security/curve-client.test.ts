// SPDX-License-Identifier: MIT
/** The client's side of CURVE, command by command. What holds for every mechanism is in `test/conformance/mechanism.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CurveClient } from "../../../src/security/curve-client.ts";
import type { Command } from "../../../src/wire/command.ts";
import { HandshakeSide, pairing } from "../../support/curve.ts";

const both = await pairing();
const { library, clientKeys, serverKeys } = both;
const ZEROS = new Uint8Array(32);

function begun(): { client: HandshakeSide; hello: Command; welcome: Command } {
  const { client, server } = both.begin();
  server.go();
  const hello = client.go() as Command;
  return { client, hello, welcome: server.go(hello) as Command };
}

test("a HELLO has the lengths and the constants of RFC 26, and a new key each time", () => {
  const [first, second] = [begun().hello, begun().hello];
  assert.equal(first.name, "HELLO");
  assert.equal(first.data.length, 194);
  assert.deepEqual([...first.data.subarray(0, 74)], [1, 0, ...Array.from({ length: 72 }, () => 0)]);
  assert.deepEqual([...first.data.subarray(106, 114)], [0, 0, 0, 0, 0, 0, 0, 1]);
  assert.notDeepEqual(first.data.subarray(74, 106), second.data.subarray(74, 106));
});

test("an INITIATE gives the cookie back and is counted 2; our key is nowhere to be seen in it", () => {
  const { client, welcome } = begun();
  const initiate = client.go(welcome) as Command;
  assert.equal(initiate.name, "INITIATE");
  assert.deepEqual([...initiate.data.subarray(96, 104)], [0, 0, 0, 0, 0, 0, 0, 2]);
  assert.equal(Buffer.from(initiate.data).indexOf(Buffer.from(clientKeys.publicKey)), -1);
});

test("keys that were not set, or are none, are refused before anything is said", () => {
  const good = { ...clientKeys, serverKey: serverKeys.publicKey };
  const cases: [object, RegExp][] = [
    [{ serverKey: ZEROS }, /curveServerKey/],
    [{ publicKey: ZEROS }, /curvePublicKey and curveSecretKey/],
    [{ secretKey: ZEROS }, /curvePublicKey and curveSecretKey/],
    [{ serverKey: Uint8Array.of(1, ...ZEROS.subarray(1)) }, /curveServerKey is no public key/],
  ];
  for (const [change, message] of cases) {
    const side = new HandshakeSide(new CurveClient(library, { ...good, ...change }).handshake(new Uint8Array(0)));
    assert.throws(() => side.go(), { protocolError: "ZMTP_CRYPTOGRAPHIC", message });
  }
});

test("a WELCOME of another server, of another connection, cut off or longer is CRYPTOGRAPHIC, as in libzmq", () => {
  const { client, welcome } = begun();
  const changes = [
    begun().welcome.data,
    welcome.data.subarray(1),
    welcome.data.subarray(0, 159),
    Buffer.concat([welcome.data, Buffer.of(0)]),
    new Uint8Array(0),
  ];
  for (const data of changes) {
    const side = begun().client;
    assert.throws(() => side.go({ name: "WELCOME", data }), { protocolError: "ZMTP_CRYPTOGRAPHIC" });
  }
  assert.ok(client.go(welcome) !== undefined);
});

test("a READY that is too short is malformed, one that was touched CRYPTOGRAPHIC, one without sense INVALID_METADATA", () => {
  for (const [data, protocolError] of [
    [new Uint8Array(23), "ZMTP_MALFORMED_COMMAND_READY"],
    [new Uint8Array(24), "ZMTP_CRYPTOGRAPHIC"],
  ] as const) {
    const { client, welcome } = begun();
    client.go(welcome);
    assert.throws(() => client.go({ name: "READY", data }), { protocolError });
  }
});

test("commands out of their order are UNEXPECTED_COMMAND, and an ERROR is what it says", () => {
  for (const name of ["READY", "HELLO", "INITIATE", "MESSAGE"]) {
    const { client } = begun();
    assert.throws(() => client.go({ name, data: new Uint8Array(40) }), { protocolError: "ZMTP_UNEXPECTED_COMMAND" });
  }
  const { client, welcome } = begun();
  client.go(welcome);
  assert.throws(() => client.go({ name: "ERROR", data: Buffer.from("\x03400") }), { status: 400 });
});

test("no key is in the text of an error", () => {
  const { client } = begun();
  assert.throws(
    () => client.go({ name: "WELCOME", data: new Uint8Array(160) }),
    (error: Error) => {
      for (const key of [clientKeys.secretKey, clientKeys.publicKey]) {
        assert.ok(!error.message.includes(Buffer.from(key).toString("hex").slice(0, 8)));
      }
      return true;
    },
  );
});
