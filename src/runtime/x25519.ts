// SPDX-License-Identifier: MIT
/**
 * X25519 of `node:crypto`: native code, which multiplies twice as fast as libsodium in WebAssembly. Keys come and go as JWK,
 * which the runtimes read faster than DER, as long as they take a secret key alone. Used by `sodium.ts`, which does without where a runtime's is not as it must be;
 * measured in docs/decisions/0013.
 */
import { Buffer } from "node:buffer";
import type { KeyObject } from "node:crypto";
import type { KeyPair } from "../security/curve-crypto.ts";
import { hsalsa20 } from "./hsalsa20.ts";
import { nodeCrypto } from "./node-crypto.ts";

/** Keys and products, by native code. */
export class X25519 {
  /** The native keys of secret ones, each for as long as the array lives that holds its octets. */
  private readonly opened: WeakMap<Uint8Array, KeyObject> = new WeakMap();

  /** Whether the runtime reads a JWK without its public key. */
  private takesSecretsAlone = true;

  keyPair(): KeyPair {
    const { publicKey, privateKey } = nodeCrypto().generateKeyPairSync("x25519");
    const { d = "" } = privateKey.export({ format: "jwk" });
    const secretKey = octetsOf(d);
    this.opened.set(secretKey, privateKey);
    return { publicKey: exported(publicKey), secretKey };
  }

  /** The public key that belongs to a secret one. */
  publicKey(secretKey: Uint8Array): Uint8Array {
    return exported(nodeCrypto().createPublicKey(this.open(secretKey)));
  }

  /** What NaCl's `crypto_box_beforenm` gives; undefined where the product is zero, which OpenSSL and BoringSSL refuse. */
  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    const { createPublicKey, diffieHellman } = nodeCrypto();
    const point = createPublicKey({ key: { ...KIND, x: textOf(publicKey) }, format: "jwk" });
    const privateKey = this.open(secretKey);
    let product: Uint8Array;
    try {
      product = diffieHellman({ privateKey, publicKey: point });
    } catch {
      return undefined;
    }
    const key = hsalsa20(product);
    product.fill(0);
    return key;
  }

  /** Whether this runtime does all of that, with the known answer, and with none for a public key of zeros. */
  works(): boolean {
    try {
      const [publicKey, secretKey, expected] = KNOWN.map((key) => Uint8Array.from(Buffer.from(key, "hex")));
      const shared = this.sharedKey(publicKey as Uint8Array, secretKey as Uint8Array);
      if (shared === undefined || Buffer.compare(shared, expected as Uint8Array) !== 0) return false;
      return this.sharedKey(new Uint8Array(32), this.keyPair().secretKey) === undefined;
    } catch {
      return false;
    }
  }

  private open(secretKey: Uint8Array): KeyObject {
    const known = this.opened.get(secretKey);
    if (known !== undefined) return known;
    const key = this.takesSecretsAlone ? this.openAlone(secretKey) : openDer(secretKey);
    this.opened.set(secretKey, key);
    return key;
  }

  /** The public key is left out: the runtimes work it out themselves. Node 26 does not, and wants the right one in a JWK. */
  private openAlone(secretKey: Uint8Array): KeyObject {
    try {
      return nodeCrypto().createPrivateKey({ key: { ...KIND, x: "", d: textOf(secretKey) }, format: "jwk" });
    } catch {
      const key = openDer(secretKey);
      this.takesSecretsAlone = false;
      return key;
    }
  }
}

/** What comes before the key's octets in its PKCS #8 (RFC 8410 §7). */
const PKCS8 = "302e020100300506032b656e04220420";

function openDer(secretKey: Uint8Array): KeyObject {
  const octets = Buffer.concat([Buffer.from(PKCS8, "hex"), secretKey]);
  try {
    return nodeCrypto().createPrivateKey({ key: octets, format: "der", type: "pkcs8" });
  } finally {
    octets.fill(0);
  }
}

/** How a JWK of X25519 begins (RFC 8037). */
const KIND = { kty: "OKP", crv: "X25519" } as const;

/** Alice's public key, Bob's secret one, and the key that they share ("Cryptography in NaCl", D. J. Bernstein, 2009). */
const KNOWN: readonly string[] = [
  "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
  "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
  "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389",
];

function exported(publicKey: KeyObject): Uint8Array {
  const { x = "" } = publicKey.export({ format: "jwk" });
  return octetsOf(x);
}

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("base64url");
}

/** In memory of its own, which can be wiped and is no view of what others see. */
function octetsOf(text: string): Uint8Array {
  const pooled = Buffer.from(text, "base64url");
  const octets = Uint8Array.from(pooled);
  pooled.fill(0);
  return octets;
}
