// SPDX-License-Identifier: MIT
/** The cryptography of browsers says the same as libsodium, which `sodium-wasm.test.ts` holds against published vectors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import nacl from "tweetnacl";
import { Nacl } from "../../../src/runtime/nacl.ts";
import { wasmLibrary } from "../../support/curve.ts";

const { crypto: sodium } = await wasmLibrary();
const crypto = new Nacl(nacl);
const nonce = Uint8Array.from({ length: 24 }, (_, i) => i);

test("both come to one shared key", () => {
  const [a, b] = [crypto.keyPair(), sodium.keyPair()];
  const shared = crypto.sharedKey(b.publicKey, a.secretKey);
  assert.ok(shared !== undefined);
  assert.deepEqual(shared, sodium.sharedKey(a.publicKey, b.secretKey));
  assert.notDeepEqual(a, crypto.keyPair());
});

test("there is no shared key with a public key that no peer has", () => {
  const { secretKey } = crypto.keyPair();
  const one = new Uint8Array(32).fill(1, 0, 1);
  for (const lowOrder of [new Uint8Array(32), one]) assert.equal(crypto.sharedKey(lowOrder, secretKey), undefined);
});

test("boxes are the same, and nothing comes out of one that was touched or cut off", () => {
  const key = crypto.random(32);
  for (const length of [0, 1, 15, 16, 63, 64, 65, 1000]) {
    const message = crypto.random(length);
    const box = crypto.seal(message, nonce, key);
    assert.deepEqual(box, sodium.seal(message, nonce, key));
    assert.deepEqual(crypto.open(box, nonce, key), message);
    for (let i = 0; i < Math.min(box.length, 80); i += 1) {
      assert.equal(crypto.open(box.subarray(0, i), nonce, key), undefined);
      const touched = box.slice();
      touched[i] = (touched[i] as number) ^ 1;
      assert.equal(crypto.open(touched, nonce, key), undefined);
    }
  }
});

test("messages of a connection are opened by the other, in both directions", () => {
  const direction = { key: crypto.random(32), prefix: crypto.random(16) };
  for (const [from, to] of [
    [crypto, sodium],
    [sodium, crypto],
  ] as const) {
    for (const length of [0, 1, 100, 5000]) {
      const body = crypto.random(length);
      const frame = new Uint8Array(16 + 16 + 1 + length);
      frame[15] = 7;
      from.sealMessage(direction, 1, body, frame, 16);
      const room = frame.slice();
      const found = room.subarray(33);
      assert.equal(to.openMessage(direction, room, 16, found), 1);
      assert.deepEqual(found, body);
      frame[15] = 8;
      assert.equal(to.openMessage(direction, frame, 16, new Uint8Array(length)), -1);
    }
  }
});

test("octets are the same or not", () => {
  assert.equal(crypto.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(crypto.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
});
