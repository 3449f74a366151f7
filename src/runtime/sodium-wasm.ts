// SPDX-License-Identifier: MIT
/**
 * libsodium as WebAssembly: the raw module that `libsodium-wrappers` wraps, called with memory that is kept, where the wrappers
 * take and free some for each call. Loaded by `sodium.ts`. The contract is `security/curve-crypto.ts`'s; measured in
 * docs/decisions/0013.
 */
import { ZmqError } from "../base/errors.ts";
import {
  BOX_OVERHEAD,
  type CurveCrypto,
  type Direction,
  KEY_LENGTH,
  type KeyPair,
  NONCE_LENGTH,
} from "../security/curve-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import type { X25519 } from "./x25519.ts";

/** What is used of libsodium's raw module. 64-bit lengths are two numbers of 32 bits, the lower one first. */
export interface RawSodium {
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  _free(address: number): void;
  _crypto_scalarmult_base(publicKey: number, secretKey: number): number;
  _crypto_box_beforenm(key: number, publicKey: number, secretKey: number): number;
  _crypto_box_easy_afternm(
    box: number,
    message: number,
    length: number,
    upperLength: number,
    nonce: number,
    key: number,
  ): number;
  _crypto_box_open_easy_afternm(
    message: number,
    box: number,
    length: number,
    upperLength: number,
    nonce: number,
    key: number,
  ): number;
}

/** Octets of the longest message for which memory is kept. */
const KEPT = 131072;
/** Octets before each box, for what stands before it in a frame. */
const BEFORE = 16;
/** Below this many octets a loop copies faster than `set` and the view that it needs. */
const LOOP = 48;

/** libsodium in memory of its own: one box at a time is put together there. */
export class Sodium implements CurveCrypto {
  private readonly raw: RawSodium;
  /** What multiplies keys faster, where there is something. */
  private readonly multiplier: X25519 | undefined;
  private heap: Uint8Array;
  private readonly key: number;
  private readonly nonce: number;
  /** Where a box begins, and a message after its overhead; room for a message of `capacity` octets. */
  private box: number;
  private capacity = KEPT;
  /** Whose key and nonce stand in the memory. */
  private current: Direction | undefined = undefined;

  constructor(raw: RawSodium, multiplier?: X25519) {
    this.raw = raw;
    this.multiplier = multiplier;
    this.key = raw._malloc(3 * KEY_LENGTH);
    this.nonce = raw._malloc(NONCE_LENGTH);
    this.box = BEFORE + raw._malloc(BEFORE + KEPT + BOX_OVERHEAD);
    this.heap = raw.HEAPU8;
  }

  keyPair(): KeyPair {
    if (this.multiplier !== undefined) return this.multiplier.keyPair();
    const secretKey = this.random(KEY_LENGTH);
    this.put(secretKey, this.key);
    this.raw._crypto_scalarmult_base(this.key + KEY_LENGTH, this.key);
    const publicKey = this.heap.slice(this.key + KEY_LENGTH, this.key + 2 * KEY_LENGTH);
    this.wipeKeys();
    return { publicKey, secretKey };
  }

  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    if (this.multiplier !== undefined) return this.multiplier.sharedKey(publicKey, secretKey);
    const { key } = this;
    this.put(publicKey, key + KEY_LENGTH);
    this.put(secretKey, key + 2 * KEY_LENGTH);
    const failed = this.raw._crypto_box_beforenm(key, key + KEY_LENGTH, key + 2 * KEY_LENGTH);
    const shared = this.heap.slice(key, key + KEY_LENGTH);
    this.wipeKeys();
    return failed === 0 ? shared : undefined;
  }

  isEqual(a: Uint8Array, b: Uint8Array): boolean {
    return nodeCrypto().timingSafeEqual(a, b);
  }

  random(length: number): Uint8Array {
    return new Uint8Array(nodeCrypto().randomBytes(length));
  }

  seal(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    this.reserve(message.length);
    this.put(key, this.key);
    this.put(nonce, this.nonce);
    this.put(message, this.box + BOX_OVERHEAD);
    this.sealInPlace(message.length);
    const box = this.heap.slice(this.box, this.box + BOX_OVERHEAD + message.length);
    this.wipeKeys();
    return box;
  }

  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const length = box.length - BOX_OVERHEAD;
    if (length < 0) return undefined;
    this.reserve(length);
    this.put(key, this.key);
    this.put(nonce, this.nonce);
    this.put(box, this.box);
    const isOpen = this.openInPlace(box.length);
    const start = this.box + BOX_OVERHEAD;
    const message = isOpen ? this.heap.slice(start, start + length) : undefined;
    // What comes by this way are keys, not messages.
    this.heap.fill(0, start, start + length);
    this.wipeKeys();
    return message;
  }

  sealMessage(direction: Direction, flags: number, body: Uint8Array, target: Uint8Array, at: number): void {
    const { length } = body;
    this.reserve(length + 1);
    this.enter(direction, target, at);
    const { heap } = this;
    const start = this.box + BOX_OVERHEAD;
    heap[start] = flags;
    if (length < LOOP) for (let i = 0; i < length; i += 1) heap[start + 1 + i] = body[i] as number;
    else heap.set(body, start + 1);
    this.sealInPlace(length + 1);
    const { box } = this;
    const end = start + 1 + length;
    if (end - box < LOOP) for (let i = box; i < end; i += 1) target[at + i - box] = heap[i] as number;
    else target.set(heap.subarray(box, end), at);
    this.release();
  }

  openMessage(direction: Direction, frame: Uint8Array, at: number, body: Uint8Array): number {
    const length = frame.length - at;
    this.reserve(length - BOX_OVERHEAD);
    this.enter(direction, frame, at);
    const { heap, box } = this;
    // With what stands before the box: that costs less than a view of it.
    heap.set(frame, box - at);
    if (!this.openInPlace(length)) {
      this.release();
      return -1;
    }
    const start = box + BOX_OVERHEAD + 1;
    const flags = heap[start - 1] as number;
    if (body.length < LOOP) for (let i = 0; i < body.length; i += 1) body[i] = heap[start + i] as number;
    else body.set(heap.subarray(start, box + length));
    this.release();
    return flags;
  }

  private sealInPlace(length: number): void {
    this.raw._crypto_box_easy_afternm(this.box, this.box + BOX_OVERHEAD, length, 0, this.nonce, this.key);
  }

  private openInPlace(length: number): boolean {
    const { box } = this;
    return this.raw._crypto_box_open_easy_afternm(box + BOX_OVERHEAD, box, length, 0, this.nonce, this.key) === 0;
  }

  /** Puts key and nonce in their places. Most messages in a row are of one direction: then only eight octets change. */
  private enter(direction: Direction, nonce: Uint8Array, at: number): void {
    const { heap } = this;
    if (direction !== this.current) {
      this.current = direction;
      heap.set(direction.key, this.key);
      heap.set(direction.prefix, this.nonce);
    }
    const end = this.nonce + NONCE_LENGTH;
    for (let i = 1; i <= 8; i += 1) heap[end - i] = nonce[at - i] as number;
  }

  /** Makes room for a message. What grows, the module's memory, is then another array. */
  private reserve(length: number): void {
    if (length <= this.capacity) return;
    const { raw } = this;
    raw._free(this.box - BEFORE);
    const address = raw._malloc(BEFORE + length + BOX_OVERHEAD);
    this.box = BEFORE + address;
    this.heap = raw.HEAPU8;
    this.capacity = length;
    if (address !== 0) return;
    this.restore();
    throw new ZmqError("ENOMEM", `no memory to encrypt ${length} octets`);
  }

  /** Gives back what an unusually long message took. */
  private release(): void {
    if (this.capacity === KEPT) return;
    this.raw._free(this.box - BEFORE);
    this.restore();
  }

  private restore(): void {
    this.capacity = KEPT;
    this.box = BEFORE + this.raw._malloc(BEFORE + KEPT + BOX_OVERHEAD);
    this.heap = this.raw.HEAPU8;
  }

  private put(octets: Uint8Array, address: number): void {
    this.current = undefined;
    this.heap.set(octets, address);
  }

  private wipeKeys(): void {
    this.heap.fill(0, this.key, this.key + 3 * KEY_LENGTH);
    this.release();
  }
}
