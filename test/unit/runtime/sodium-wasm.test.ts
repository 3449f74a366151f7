// SPDX-License-Identifier: MIT
/** libsodium's raw module with memory that is kept. The vector is that of "Cryptography in NaCl" (D. J. Bernstein, 2009). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Direction } from "../../../src/security/curve-crypto.ts";
import { wasmLibrary } from "../../support/curve.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

const ALICE_PUBLIC = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
const BOB_SECRET = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
const SHARED = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
const NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
const MESSAGE = hex(
  "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4" +
    "1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e5" +
    "2f0a089bc76897040e082f937763848645e0705",
);
const BOX = hex(
  "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b" +
    "4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9d" +
    "a99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5",
);

const { crypto } = await wasmLibrary();

test("keys and boxes are NaCl's", () => {
  assert.deepEqual(Buffer.from(crypto.sharedKey(ALICE_PUBLIC, BOB_SECRET) as Uint8Array), SHARED);
  assert.deepEqual(Buffer.from(crypto.seal(MESSAGE, NONCE, SHARED)), BOX);
  assert.deepEqual(Buffer.from(crypto.open(BOX, NONCE, SHARED) as Uint8Array), MESSAGE);
});

test("two pairs of keys come to one shared key, and each pair is new", () => {
  const [a, b] = [crypto.keyPair(), crypto.keyPair()];
  assert.notDeepEqual(a, b);
  const shared = crypto.sharedKey(a.publicKey, b.secretKey);
  assert.ok(shared !== undefined);
  assert.deepEqual(shared, crypto.sharedKey(b.publicKey, a.secretKey));
});

test("there is no shared key with a public key that no peer has", () => {
  const { secretKey } = crypto.keyPair();
  const one = new Uint8Array(32).fill(1, 0, 1);
  for (const lowOrder of [new Uint8Array(32), one]) assert.equal(crypto.sharedKey(lowOrder, secretKey), undefined);
});

test("nothing comes out of a box that is cut off, or too short to be one", () => {
  for (let length = 0; length < BOX.length; length += 1) {
    assert.equal(crypto.open(BOX.subarray(0, length), NONCE, SHARED), undefined);
  }
});

test("octets are the same or not", () => {
  assert.equal(crypto.isEqual(Uint8Array.of(1, 2), Buffer.of(1, 2)), true);
  assert.equal(crypto.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
});

test("octets of chance are as many as asked for, and never the same", () => {
  const [a, b] = [crypto.random(32), crypto.random(32)];
  assert.equal(a.length, 32);
  assert.notDeepEqual(a, b);
  assert.equal(a.buffer.byteLength, 32, "not part of memory that others see");
});

test("messages of any length are the boxes that they must be, in any order of directions and lengths", () => {
  const directions: Direction[] = ["CurveZMQMESSAGEC", "CurveZMQMESSAGES"].map((prefix) => ({
    key: crypto.random(32),
    prefix: Buffer.from(prefix),
  }));
  for (const length of [0, 1, 47, 48, 49, 5000, 131_071, 131_072, 200_000, 3_000_000, 10, 0]) {
    for (const direction of directions) {
      const body = Buffer.alloc(length, length % 251);
      const frame = Buffer.alloc(16 + 17 + length);
      frame.writeUInt32BE(length, 12);
      crypto.sealMessage(direction, 3, body, frame, 16);
      const nonce = Buffer.concat([direction.prefix, frame.subarray(8, 16)]);
      const plain = crypto.seal(Buffer.concat([Buffer.of(3), body]), nonce, direction.key);
      assert.ok(frame.subarray(16).equals(plain), `${length} octets`);
      const inPlace = Buffer.from(frame);
      assert.equal(crypto.openMessage(direction, inPlace, 16, inPlace.subarray(33)), 3);
      assert.ok(inPlace.subarray(33).equals(body));
      const apart = Buffer.alloc(length, 0xee);
      assert.equal(crypto.openMessage(direction, Buffer.from(frame), 16, apart), 3);
      assert.ok(apart.equals(body));
      frame[frame.length - 1] = (frame.at(-1) as number) ^ 1;
      assert.equal(crypto.openMessage(direction, frame, 16, apart), -1);
    }
  }
});

test("a message that is too long for memory is refused, and shorter ones go on", () => {
  const direction = { key: crypto.random(32), prefix: Buffer.from("CurveZMQMESSAGEC") };
  const huge = { length: 3_000_000_000 } as Uint8Array;
  assert.throws(() => crypto.sealMessage(direction, 0, huge, Buffer.alloc(0), 0), { code: "ENOMEM" });
  const frame = Buffer.alloc(40);
  crypto.sealMessage(direction, 0, Buffer.from("so long"), frame, 16);
  assert.equal(crypto.openMessage(direction, frame, 16, frame.subarray(33)), 0);
  assert.equal(frame.subarray(33).toString(), "so long");
});
