// SPDX-License-Identifier: MIT
/** Native X25519 and libsodium's in WebAssembly come to the same octets, and to none for the same public keys. */
import assert from "node:assert/strict";
import crypto, { randomBytes } from "node:crypto";
import { test } from "node:test";
import { X25519 } from "../../../src/runtime/x25519.ts";
import { CurveClient } from "../../../src/security/curve-client.ts";
import type { CurveLibrary } from "../../../src/security/curve-crypto.ts";
import { CurveServer } from "../../../src/security/curve-server.ts";
import type { Armour } from "../../../src/security/mechanism.ts";
import {
  CLIENT_PROPERTIES,
  HandshakeSide,
  loadedLibrary,
  SERVER_PROPERTIES,
  sealedBy,
  wasmLibrary,
} from "../../support/curve.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const littleEndian = (value: bigint): Uint8Array => hex(value.toString(16).padStart(64, "0")).toReversed();

const native = new X25519();
const { crypto: wasm } = await wasmLibrary();

// "Cryptography in NaCl" (D. J. Bernstein, 2009): Alice's public key, Bob's secret one, the key that they share.
const ALICE_PUBLIC = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
const BOB_SECRET = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
const BOB_PUBLIC = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
const SHARED = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");

const P = 2n ** 255n - 19n;
/** All encodings of points of which a clamped multiple is zero (RFC 7748 §7), those with the ignored bit set besides. */
const LOW_ORDER = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P - 1n,
  P,
  P + 1n,
].flatMap((value) => [value, value | (1n << 255n)]);

test("this runtime's is as it must be, and gives NaCl's key", () => {
  assert.equal(native.works(), true);
  assert.deepEqual(native.sharedKey(ALICE_PUBLIC, BOB_SECRET), SHARED);
  assert.deepEqual(native.publicKey(BOB_SECRET), BOB_PUBLIC);
});

test("a runtime that reads no JWK without its public key, as Node 26, is given PKCS #8", (t) => {
  const { createPrivateKey } = crypto;
  const asked = t.mock.method(crypto, "createPrivateKey", (key: { readonly format: string }) => {
    if (key.format === "jwk") throw new TypeError("Invalid JWK OKP key");
    return createPrivateKey(key as unknown as Parameters<typeof createPrivateKey>[0]);
  });
  const strict = new X25519();
  assert.deepEqual(strict.publicKey(Uint8Array.from(BOB_SECRET)), BOB_PUBLIC);
  assert.deepEqual(strict.sharedKey(ALICE_PUBLIC, Uint8Array.from(BOB_SECRET)), SHARED);
  const formats = asked.mock.calls.map(({ arguments: [key] }) => (key as { readonly format: string }).format);
  assert.deepEqual(formats, ["jwk", "der", "der"]);
});

test("both ways give the same public and shared keys, for keys of chance and of any shape", () => {
  for (let i = 0; i < 60; i += 1) {
    const [pair, other] = i % 2 === 0 ? [native.keyPair(), wasm.keyPair()] : [wasm.keyPair(), native.keyPair()];
    const shared = native.sharedKey(pair.publicKey, other.secretKey);
    assert.deepEqual(shared, wasm.sharedKey(pair.publicKey, other.secretKey));
    assert.deepEqual(shared, native.sharedKey(other.publicKey, pair.secretKey));
    assert.deepEqual(native.publicKey(Uint8Array.from(other.secretKey)), other.publicKey);
    // No point that anybody made: half of these are on the twist.
    const [anyPublic, anySecret] = [Uint8Array.from(randomBytes(32)), Uint8Array.from(randomBytes(32))];
    assert.deepEqual(native.sharedKey(anyPublic, anySecret), wasm.sharedKey(anyPublic, anySecret));
  }
  const ones = new Uint8Array(32).fill(255);
  assert.deepEqual(native.sharedKey(ones, ones), wasm.sharedKey(ones, ones));
});

test("neither has a shared key with a point of low order", () => {
  const { secretKey } = native.keyPair();
  for (const point of LOW_ORDER) {
    assert.equal(native.sharedKey(littleEndian(point), secretKey), undefined, `${point}`);
    assert.equal(wasm.sharedKey(littleEndian(point), secretKey), undefined, `${point}`);
  }
});

test("nothing of a key shares memory with anything else", () => {
  const { publicKey, secretKey } = native.keyPair();
  assert.deepEqual([publicKey.buffer.byteLength, secretKey.buffer.byteLength], [32, 32]);
});

test("a runtime whose multiplication is not as it must be is done without", () => {
  class Wrong extends X25519 {
    private readonly result: Uint8Array | undefined;
    constructor(result: Uint8Array | undefined) {
      super();
      this.result = result;
    }
    override sharedKey(): Uint8Array | undefined {
      return this.result;
    }
  }
  class Missing extends X25519 {
    override sharedKey(): Uint8Array | undefined {
      throw new Error("not here");
    }
  }
  assert.equal(new Wrong(undefined).works(), false);
  assert.equal(new Wrong(new Uint8Array(32)).works(), false);
  assert.equal(new Wrong(SHARED).works(), false, "it gives a key for zeros too");
  assert.equal(new Missing().works(), false);
});

test("a side with native keys and a side with WebAssembly's understand each other, in both roles", async () => {
  const libraries: CurveLibrary[] = [await loadedLibrary(), await wasmLibrary()];
  const [ofServer, ofClient] = [native.keyPair(), native.keyPair()];
  for (const [at, library] of libraries.entries()) {
    const other = libraries[1 - at] as CurveLibrary;
    const server = new HandshakeSide(new CurveServer(library, ofServer, () => 0).handshake(SERVER_PROPERTIES));
    const keys = { ...ofClient, serverKey: ofServer.publicKey };
    const client = new HandshakeSide(new CurveClient(other, keys).handshake(CLIENT_PROPERTIES));
    server.go();
    client.go(server.go(client.go(server.go(client.go()))));
    const { armour } = server.result ?? {};
    const frame = sealedBy(client.result?.armour as Armour, Buffer.from("from the client"));
    assert.equal(Buffer.from((armour as Armour).open(frame)).toString(), "from the client");
  }
});
