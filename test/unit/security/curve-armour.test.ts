// SPDX-License-Identifier: MIT
/** What each wrong frame is called, and where bodies lie; the laws are in `test/property/curve.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pairing, sealedBy, shakeHands } from "../../support/curve.ts";

const both = await pairing();

test("libzmq's codes for what is no MESSAGE, too short, or out of order", () => {
  const { client, server } = shakeHands(both);
  const good = sealedBy(client, Buffer.from("x"));
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(0), "ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [Uint8Array.of(7), "ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [Buffer.from("\x07MESS"), "ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [Buffer.from("\x07MESSAGF and more"), "ZMTP_UNEXPECTED_COMMAND"],
    [Buffer.from("\x04PING\0\0"), "ZMTP_UNEXPECTED_COMMAND"],
    [good.slice(0, 32), "ZMTP_MALFORMED_COMMAND_MESSAGE"],
    [Buffer.concat([good.subarray(0, 8), Buffer.alloc(8), good.subarray(16)]), "ZMTP_INVALID_SEQUENCE"],
    [Buffer.concat([good.subarray(0, 33), Buffer.of((good[33] as number) ^ 1)]), "ZMTP_CRYPTOGRAPHIC"],
  ];
  for (const [frame, protocolError] of cases) assert.throws(() => server.open(frame), { protocolError });
});

test("the first message of a client is counted 3, of a server 2: HELLO, INITIATE and READY came before", () => {
  const { client, server } = shakeHands(both);
  for (const [side, first] of [
    [client, 3n],
    [server, 2n],
  ] as const) {
    for (let i = 0n; i < 3n; i += 1n) {
      assert.equal(Buffer.from(sealedBy(side, Buffer.from("x"))).readBigUInt64BE(8), first + i);
    }
  }
});

test("a small body is no view of a large chunk, and a larger one is; both have the chunk's type", () => {
  const { client, server } = shakeHands(both);
  for (const [length, isOwn] of [
    [0, true],
    [64, true],
    [65, false],
    [5000, false],
  ] as const) {
    const chunk = Buffer.alloc(70_000);
    const sealed = sealedBy(client, Buffer.alloc(length, 5));
    chunk.set(sealed, 1000);
    const body = server.open(chunk.subarray(1000, 1000 + sealed.length));
    assert.ok(Buffer.isBuffer(body));
    assert.ok(body.equals(Buffer.alloc(length, 5)));
    assert.equal(body.buffer !== chunk.buffer, isOwn, `${length} octets`);
  }
  const small = sealedBy(client, Buffer.from("abc"));
  assert.equal(server.open(small).buffer, small.buffer, "a small chunk may be pinned");
});
