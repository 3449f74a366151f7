// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { isZero, NONCES, nonceOf, PeerCount, shortNonce } from "../../../src/security/curve-octets.ts";

test("every nonce has 24 octets, and those of RFC 26 begin as it says", () => {
  const hello = nonceOf(NONCES.hello, shortNonce(1));
  assert.equal(Buffer.from(hello).toString("latin1"), "CurveZMQHELLO---\0\0\0\0\0\0\0\x01");
  assert.equal(nonceOf(NONCES.welcome, new Uint8Array(16)).length, 24);
  for (const prefix of Object.values(NONCES)) assert.ok(prefix.length === 16 || prefix.length === 8);
  assert.equal(new Set(Object.values(NONCES).map((prefix) => Buffer.from(prefix).toString())).size, 8);
});

test("a peer's counts only rise, by however much, through all 64 bits", () => {
  const peer = new PeerCount();
  const octets = (count: bigint): Buffer => {
    const buffer = Buffer.alloc(10);
    buffer.writeBigUInt64BE(count, 2);
    return buffer;
  };
  assert.throws(() => peer.advance(octets(0n), 2), { protocolError: "ZMTP_INVALID_SEQUENCE" });
  for (const count of [1n, 2n, 5n, 0xffffffffn, 0x100000000n, 0x100000001n, 2n ** 63n, 2n ** 64n - 1n]) {
    peer.advance(octets(count), 2);
    for (const old of [count, count - 1n, 0n]) {
      assert.throws(() => peer.advance(octets(old), 2), { protocolError: "ZMTP_INVALID_SEQUENCE" });
    }
  }
});

test("a key of nothing but zeros is none", () => {
  assert.equal(isZero(new Uint8Array(32)), true);
  for (const at of [0, 17, 31]) assert.equal(isZero(new Uint8Array(32).fill(1, at, at + 1)), false);
});
