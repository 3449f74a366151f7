// SPDX-License-Identifier: MIT
/**
 * The cryptography of CURVE on Node.js: libsodium as WebAssembly (`libsodium-wrappers`), loaded on first use. Messages go
 * through memory of its own that is kept: the raw module is called, as its wrappers take and free memory for each call.
 * Keys alone come from `node:crypto`, which has them at once. The contract is `security/curve-crypto.ts`'s. Why: docs/decisions/0013.
 */
import { Buffer } from "node:buffer";
import { ZmqError } from "../base/errors.ts";
import {
  BOX_OVERHEAD,
  type CurveCrypto,
  type CurveLibrary,
  type Direction,
  KEY_LENGTH,
  type KeyPair,
  NONCE_LENGTH,
} from "../security/curve-crypto.ts";

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

interface Wrappers {
  readonly ready: Promise<void>;
  readonly libsodium: RawSodium;
}

/** Octets of the longest message for which memory is kept. */
const KEPT = 131072;
/** Below this many octets a loop copies faster than `set`. */
const LOOP = 24;

const { process } = globalThis;

/** libsodium in memory of its own: one box at a time is put together there. */
export class Sodium implements CurveCrypto {
  private readonly raw: RawSodium;
  private heap: Uint8Array;
  private readonly key: number;
  private readonly nonce: number;
  /** Where a box begins, and a message after its overhead; room for a message of `capacity` octets. */
  private box: number;
  private capacity = KEPT;
  /** Whose key and nonce stand in the memory. */
  private current: Direction | undefined = undefined;

  constructor(raw: RawSodium) {
    this.raw = raw;
    this.key = raw._malloc(3 * KEY_LENGTH);
    this.nonce = raw._malloc(NONCE_LENGTH);
    this.box = raw._malloc(KEPT + BOX_OVERHEAD);
    this.heap = raw.HEAPU8;
  }

  keyPair(): KeyPair {
    const secretKey = this.random(KEY_LENGTH);
    this.put(secretKey, this.key);
    this.raw._crypto_scalarmult_base(this.key + KEY_LENGTH, this.key);
    const publicKey = this.heap.slice(this.key + KEY_LENGTH, this.key + 2 * KEY_LENGTH);
    this.wipeKeys();
    return { publicKey, secretKey };
  }

  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
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
    target.set(heap.subarray(this.box, start + 1 + length), at);
    this.release();
  }

  openMessage(direction: Direction, frame: Uint8Array, at: number): number {
    const length = frame.length - at;
    this.reserve(length - BOX_OVERHEAD);
    this.enter(direction, frame, at);
    const { heap, box } = this;
    heap.set(frame.subarray(at), box);
    if (!this.openInPlace(length)) {
      this.release();
      return -1;
    }
    const start = box + BOX_OVERHEAD;
    const flags = heap[start] as number;
    frame.set(heap.subarray(start + 1, box + length), at + BOX_OVERHEAD + 1);
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
    raw._free(this.box);
    this.box = raw._malloc(length + BOX_OVERHEAD);
    this.heap = raw.HEAPU8;
    this.capacity = length;
    if (this.box !== 0) return;
    this.restore();
    throw new ZmqError("ENOMEM", `no memory to encrypt ${length} octets`);
  }

  /** Gives back what an unusually long message took. */
  private release(): void {
    if (this.capacity === KEPT) return;
    this.raw._free(this.box);
    this.restore();
  }

  private restore(): void {
    this.capacity = KEPT;
    this.box = this.raw._malloc(KEPT + BOX_OVERHEAD);
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

/** Loads libsodium when it is first asked for. */
export class SodiumLibrary implements CurveLibrary {
  crypto: CurveCrypto | undefined = undefined;
  private loading: Promise<void> | undefined = undefined;
  private readonly importSodium: () => Promise<unknown>;

  constructor(importSodium: () => Promise<unknown> = () => import("libsodium-wrappers")) {
    this.importSodium = importSodium;
  }

  load(): Promise<void> {
    this.loading ??= this.loadSodium();
    return this.loading;
  }

  keyPair(): KeyPair {
    const { publicKey, privateKey } = nodeCrypto().generateKeyPairSync("x25519");
    const { d = "" } = privateKey.export({ format: "jwk" });
    const { x = "" } = publicKey.export({ format: "jwk" });
    return { publicKey: Buffer.from(x, "base64url"), secretKey: Buffer.from(d, "base64url") };
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    const { createPrivateKey, createPublicKey } = nodeCrypto();
    const key = Buffer.concat([PKCS8, secretKey]);
    const { x = "" } = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" })).export({
      format: "jwk",
    });
    key.fill(0);
    return Buffer.from(x, "base64url");
  }

  private async loadSodium(): Promise<void> {
    try {
      const module = (await this.importSodium()) as { default?: Wrappers } & Wrappers;
      const wrappers = module.default ?? module;
      await wrappers.ready;
      this.crypto = new Sodium(wrappers.libsodium);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const advice = "it comes with this package, so its installation is not complete";
      throw new ZmqError("ENOTSUP", `CURVE needs the package libsodium-wrappers (${advice}): ${reason}`, { cause });
    }
  }
}

/** What stands before the 32 octets of a secret key of X25519 in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** Loaded by those who use it: to load it takes two milliseconds. */
function nodeCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}
