// SPDX-License-Identifier: MIT
/**
 * libsodium as native code, through the npm package `sodium-native` where the application has installed it: for long messages,
 * which it seals three times as fast as WebAssembly does. A call costs more, so that short ones stay where they are. Used by
 * `sodium.ts`, which it extends; measured in docs/decisions/0013.
 */
import { Buffer } from "node:buffer";
import { BOX_OVERHEAD, type Direction, NONCE_LENGTH } from "../security/curve-crypto.ts";
import { type RawSodium, Sodium } from "./sodium-wasm.ts";
import type { X25519 } from "./x25519.ts";

/** From so many octets on a message is sealed by native code. */
const LONG = 2048;

/** What is used of the package. */
export interface NativeSodium {
  crypto_secretbox_easy(box: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_secretbox_open_easy(message: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}

/** Long messages by native code, all else by WebAssembly. */
export class FastSodium extends Sodium {
  private readonly native: NativeSodium;
  private readonly wholeNonce: Buffer = Buffer.alloc(NONCE_LENGTH);

  constructor(raw: RawSodium, native: NativeSodium, multiplier?: X25519) {
    super(raw, multiplier);
    this.native = native;
  }

  override sealMessage(direction: Direction, flags: number, body: Uint8Array, target: Uint8Array, at: number): void {
    if (body.length < LONG) {
      super.sealMessage(direction, flags, body, target, at);
      return;
    }
    const start = at + BOX_OVERHEAD;
    const end = start + 1 + body.length;
    target[start] = flags;
    target.set(body, start + 1);
    const nonce = this.nonceOf(direction, target, at);
    this.native.crypto_secretbox_easy(target.subarray(at, end), target.subarray(start, end), nonce, direction.key);
  }

  override openMessage(direction: Direction, frame: Uint8Array, at: number, body: Uint8Array): number {
    if (body.length < LONG) return super.openMessage(direction, frame, at, body);
    const nonce = this.nonceOf(direction, frame, at);
    const message = frame.subarray(at + BOX_OVERHEAD);
    if (!this.native.crypto_secretbox_open_easy(message, frame.subarray(at), nonce, direction.key)) return -1;
    if (body.buffer !== frame.buffer) body.set(message.subarray(1));
    return message[0] as number;
  }

  private nonceOf({ prefix }: Direction, octets: Uint8Array, end: number): Uint8Array {
    const { wholeNonce } = this;
    wholeNonce.set(prefix);
    for (let i = 1; i <= 8; i += 1) wholeNonce[NONCE_LENGTH - i] = octets[end - i] as number;
    return wholeNonce;
  }
}
