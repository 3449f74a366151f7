// SPDX-License-Identifier: MIT
/**
 * The contract of the cryptography that CURVE needs (RFC 26 §Cryptography): X25519 and XSalsa20-Poly1305, as NaCl puts them
 * together. A runtime says which library does it; `security/` has none of its own. Used by the mechanism in `curve-*.ts`.
 */

/** Octets of a key, public, secret or shared. */
export const KEY_LENGTH = 32;
/** Octets of a nonce. */
export const NONCE_LENGTH = 24;
/** Octets by which a box is longer than what is in it. */
export const BOX_OVERHEAD = 16;

/** A public key and the secret one that belongs to it. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** One direction of a connection: what all of its messages are sealed with. */
export interface Direction {
  /** The key that both sides share. */
  readonly key: Uint8Array;
  /** The first 16 octets of each nonce; the other eight travel with the message. */
  readonly prefix: Uint8Array;
}

/** What CURVE asks of a library. */
export interface CurveCrypto {
  /** A fresh pair of keys. */
  keyPair(): KeyPair;
  /**
   * The key of which both sides have a half; undefined for a public key that no honest peer has, such as zeros. The array of a
   * secret key may be wiped, but never comes to hold another one: a library may know it again.
   */
  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined;
  /** Whether both are the same, in a time that does not tell where they differ. */
  isEqual(a: Uint8Array, b: Uint8Array): boolean;
  /** Octets that nobody can foretell. */
  random(length: number): Uint8Array;
  /** The box of a message. */
  seal(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
  /** The message in a box; undefined when it was not sealed with this key and nonce, or was touched. */
  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  /**
   * Seals one octet and `body` into `target`, from `at` on, without memory of its own. The nonce is the direction's
   * prefix and the eight octets before `at`.
   */
  sealMessage(direction: Direction, flags: number, body: Uint8Array, target: Uint8Array, at: number): void;
  /**
   * Opens the box that begins at `at` of `frame`, with the eight octets before it as end of the nonce. Gives the octet that was
   * sealed first; −1: the box was not sealed so. What was sealed after it is written to `body`: the frame from `at` + 17 on, or
   * memory of its own. The frame may be overwritten whatever comes out.
   */
  openMessage(direction: Direction, frame: Uint8Array, at: number, body: Uint8Array): number;
}

/** The way to a library of cryptography, which is loaded on first use. */
export interface CurveLibrary {
  /** Undefined until it is loaded. */
  readonly crypto: CurveCrypto | undefined;
  /** Loads it, once. @throws ZmqError `ENOTSUP` when it is not there */
  load(): Promise<void>;
  /** A fresh pair of keys, at once. */
  keyPair(): KeyPair;
  /** The public key that belongs to a secret one, at once. */
  publicKey(secretKey: Uint8Array): Uint8Array;
}
