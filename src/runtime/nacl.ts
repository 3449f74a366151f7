// SPDX-License-Identifier: MIT
/**
 * The cryptography of CURVE in browsers: the package `tweetnacl`, ten KiB of plain JavaScript where libsodium is 134 of
 * WebAssembly. Loaded by `browser-curve.ts`; the contract is `security/curve-crypto.ts`'s. Why not the browser's own, nor libsodium:
 * docs/decisions/0015.
 */
import type { CurveCrypto, Direction, KeyPair } from "../security/curve-crypto.ts";
import { BOX_OVERHEAD, NONCE_LENGTH } from "../security/curve-crypto.ts";
import { isZero, SHORT_NONCE } from "../security/curve-octets.ts";
import { hsalsa20 } from "./hsalsa20.ts";

/** What is used of the package. */
export interface RawNacl {
  readonly box: { keyPair(): KeyPair };
  readonly secretbox: {
    (message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
    open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | null;
  };
  scalarMult(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  verify(a: Uint8Array, b: Uint8Array): boolean;
  randomBytes(length: number): Uint8Array;
}

/** Keys and boxes. */
export class Nacl implements CurveCrypto {
  private readonly nacl: RawNacl;
  private readonly nonce = new Uint8Array(NONCE_LENGTH);

  constructor(nacl: RawNacl) {
    this.nacl = nacl;
  }

  keyPair(): KeyPair {
    return this.nacl.box.keyPair();
  }

  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    const product = this.nacl.scalarMult(secretKey, publicKey);
    const key = isZero(product) ? undefined : hsalsa20(product);
    product.fill(0);
    return key;
  }

  isEqual(a: Uint8Array, b: Uint8Array): boolean {
    return this.nacl.verify(a, b);
  }

  random(length: number): Uint8Array {
    return this.nacl.randomBytes(length);
  }

  seal(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    return this.nacl.secretbox(message, nonce, key);
  }

  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return this.nacl.secretbox.open(box, nonce, key) ?? undefined;
  }

  sealMessage(direction: Direction, flags: number, body: Uint8Array, target: Uint8Array, at: number): void {
    const message = new Uint8Array(1 + body.length);
    message[0] = flags;
    message.set(body, 1);
    target.set(this.seal(message, this.nonceOf(direction, target, at), direction.key), at);
  }

  openMessage(direction: Direction, frame: Uint8Array, at: number, body: Uint8Array): number {
    const message = this.open(frame.subarray(at), this.nonceOf(direction, frame, at), direction.key);
    if (message === undefined || message.length !== frame.length - at - BOX_OVERHEAD) return -1;
    body.set(message.subarray(1));
    return message[0] as number;
  }

  /** The count stands before the box. */
  private nonceOf({ prefix }: Direction, octets: Uint8Array, at: number): Uint8Array {
    this.nonce.set(prefix);
    this.nonce.set(octets.subarray(at - SHORT_NONCE, at), prefix.length);
    return this.nonce;
  }
}
