// SPDX-License-Identifier: MIT
/**
 * Both sides of CURVE (RFC 26) as bare octets, for tests that look into a connection or send what no honest peer does.
 * Written from the RFC on libsodium's own functions, and not with the library's codecs; each method gives or takes the body of one frame.
 */
import assert from "node:assert/strict";
import sodium from "libsodium-wrappers";
import type { RawPeer } from "./raw-peer.ts";

await sodium.ready;

/** A pair of keys, 32 octets each. */
export interface RawKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** Octets of the bodies that have one length. */
export const HELLO_LENGTH = 200;
export const WELCOME_LENGTH = 168;

/** A frame around a body; flags are 1 MORE, 4 COMMAND. */
export function frameOf(body: Uint8Array, flags = 4): Buffer {
  const head = body.length < 256 ? Buffer.from([flags, body.length]) : Buffer.alloc(9, flags | 2);
  if (body.length >= 256) head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** The next frame of a connection. */
export async function readFrame(peer: RawPeer): Promise<{ flags: number; body: Buffer }> {
  const flags = (await peer.read(1))[0] as number;
  const size = (flags & 2) === 0 ? ((await peer.read(1))[0] as number) : Number((await peer.read(8)).readBigUInt64BE());
  return { flags, body: await peer.read(size) };
}

function count(value: number | bigint): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64BE(BigInt(value));
  return octets;
}

function nonce(prefix: string, rest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(prefix), rest]);
}

function random(length: number): Uint8Array {
  return sodium.randombytes_buf(length);
}

/** One property of INITIATE or READY. */
export function rawProperty(name: string, value: Uint8Array | string): Buffer {
  const octets = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, octets]);
}

/** What both sides can do once they have each other's short-term keys. */
class RawSide {
  /** The count of the next command or message. */
  next: number | bigint = 1;
  protected readonly prefix: string;
  protected readonly theirPrefix: string;
  protected peerKey: Uint8Array = new Uint8Array(32);
  protected shortTerm: RawKeys;

  constructor(prefix: string, theirPrefix: string) {
    this.prefix = prefix;
    this.theirPrefix = theirPrefix;
    const { publicKey, privateKey } = sodium.crypto_box_keypair();
    this.shortTerm = { publicKey, secretKey: privateKey };
  }

  protected take(): Buffer {
    const octets = count(this.next);
    this.next = BigInt(this.next) + 1n;
    return octets;
  }

  protected seal(content: Uint8Array, prefix: string, rest: Uint8Array): Uint8Array {
    return sodium.crypto_box_easy(content, nonce(prefix, rest), this.peerKey, this.shortTerm.secretKey);
  }

  protected open(box: Uint8Array, prefix: string, rest: Uint8Array): Buffer {
    return Buffer.from(sodium.crypto_box_open_easy(box, nonce(prefix, rest), this.peerKey, this.shortTerm.secretKey));
  }

  /** A MESSAGE. Flags are 1 MORE, 2 COMMAND. */
  message(content: Uint8Array | string, flags = 0): Buffer {
    const octets = this.take();
    const box = this.seal(Buffer.concat([Buffer.from([flags]), Buffer.from(content as string)]), this.prefix, octets);
    return Buffer.concat([Buffer.from("\x07MESSAGE"), octets, box]);
  }

  /** Opens a MESSAGE. @throws when it was not sealed by the other side */
  openMessage(body: Uint8Array): { count: bigint; flags: number; content: Buffer } {
    const octets = Buffer.from(body);
    assert.equal(octets.subarray(0, 8).toString("latin1"), "\x07MESSAGE");
    const content = this.open(octets.subarray(16), this.theirPrefix, octets.subarray(8, 16));
    return { count: octets.readBigUInt64BE(8), flags: content[0] as number, content: content.subarray(1) };
  }
}

/** A client. */
export class RawCurveClient extends RawSide {
  readonly keys: RawKeys;
  readonly serverKey: Uint8Array;
  cookie: Buffer = Buffer.alloc(96);

  constructor(keys: RawKeys, serverKey: Uint8Array) {
    super("CurveZMQMESSAGEC", "CurveZMQMESSAGES");
    this.keys = keys;
    this.serverKey = serverKey;
    this.peerKey = serverKey;
  }

  get shortTermKey(): Uint8Array {
    return this.shortTerm.publicKey;
  }

  hello(): Buffer {
    const octets = this.take();
    const box = this.seal(new Uint8Array(64), "CurveZMQHELLO---", octets);
    const head = [Buffer.from("\x05HELLO\x01\x00"), Buffer.alloc(72), this.shortTerm.publicKey];
    return Buffer.concat([...head, octets, box]);
  }

  /** Opens WELCOME, and keeps its key and its cookie. */
  takeWelcome(body: Uint8Array): { serverKey: Buffer; cookie: Buffer } {
    const octets = Buffer.from(body);
    assert.equal(octets.length, WELCOME_LENGTH);
    assert.equal(octets.subarray(0, 8).toString("latin1"), "\x07WELCOME");
    const content = this.open(octets.subarray(24), "WELCOME-", octets.subarray(8, 24));
    this.peerKey = content.subarray(0, 32);
    this.cookie = content.subarray(32);
    return { serverKey: content.subarray(0, 32), cookie: content.subarray(32) };
  }

  /** INITIATE; `vouchedKey`, `vouchedServer` and `vouchSecret`: what the vouch is made of, where it is to be a wrong one. */
  initiate(metadata: Uint8Array, vouch: { key?: Uint8Array; server?: Uint8Array; secret?: Uint8Array } = {}): Buffer {
    const chance = random(16);
    const vouched = Buffer.concat([vouch.key ?? this.shortTerm.publicKey, vouch.server ?? this.serverKey]);
    const secret = vouch.secret ?? this.keys.secretKey;
    const vouchBox = sodium.crypto_box_easy(vouched, nonce("VOUCH---", chance), this.peerKey, secret);
    const octets = this.take();
    const content = Buffer.concat([this.keys.publicKey, chance, vouchBox, metadata]);
    const box = this.seal(content, "CurveZMQINITIATE", octets);
    return Buffer.concat([Buffer.from("\x08INITIATE"), this.cookie, octets, box]);
  }

  /** Opens READY; gives its count and its properties as they are. */
  takeReady(body: Uint8Array): { count: bigint; metadata: Buffer } {
    const octets = Buffer.from(body);
    assert.equal(octets.subarray(0, 6).toString("latin1"), "\x05READY");
    const metadata = this.open(octets.subarray(14), "CurveZMQREADY---", octets.subarray(6, 14));
    return { count: octets.readBigUInt64BE(6), metadata };
  }
}

/** A server. Its cookie is chance: it remembers what RFC 26 has in it. */
export class RawCurveServer extends RawSide {
  readonly keys: RawKeys;
  readonly cookie: Buffer = Buffer.from(random(96));
  clientKey: Buffer = Buffer.alloc(32);

  constructor(keys: RawKeys) {
    super("CurveZMQMESSAGES", "CurveZMQMESSAGEC");
    this.keys = keys;
  }

  /** Opens HELLO. @throws when it is not for this server */
  takeHello(body: Uint8Array): { count: bigint; shortTermKey: Buffer; padding: Buffer } {
    const octets = Buffer.from(body);
    assert.equal(octets.length, HELLO_LENGTH);
    assert.equal(octets.subarray(0, 8).toString("latin1"), "\x05HELLO\x01\x00");
    this.peerKey = octets.subarray(80, 112);
    const rest = octets.subarray(112, 120);
    const box = octets.subarray(120);
    sodium.crypto_box_open_easy(box, nonce("CurveZMQHELLO---", rest), this.peerKey, this.keys.secretKey);
    return { count: rest.readBigUInt64BE(), shortTermKey: octets.subarray(80, 112), padding: octets.subarray(8, 80) };
  }

  welcome(): Buffer {
    const chance = random(16);
    const content = Buffer.concat([this.shortTerm.publicKey, this.cookie]);
    const box = sodium.crypto_box_easy(content, nonce("WELCOME-", chance), this.peerKey, this.keys.secretKey);
    return Buffer.concat([Buffer.from("\x07WELCOME"), chance, box]);
  }

  /** Opens INITIATE and its vouch; gives its count and its properties as they are. */
  takeInitiate(body: Uint8Array): { count: bigint; metadata: Buffer } {
    const octets = Buffer.from(body);
    assert.equal(octets.subarray(0, 9).toString("latin1"), "\x08INITIATE");
    assert.deepEqual(octets.subarray(9, 105), this.cookie);
    const content = this.open(octets.subarray(113), "CurveZMQINITIATE", octets.subarray(105, 113));
    this.clientKey = content.subarray(0, 32);
    const vouchNonce = nonce("VOUCH---", content.subarray(32, 48));
    const vouch = sodium.crypto_box_open_easy(
      content.subarray(48, 128),
      vouchNonce,
      this.clientKey,
      this.shortTerm.secretKey,
    );
    assert.deepEqual(Buffer.from(vouch), Buffer.concat([this.peerKey, this.keys.publicKey]));
    return { count: octets.readBigUInt64BE(105), metadata: content.subarray(128) };
  }

  ready(metadata: Uint8Array): Buffer {
    const octets = this.take();
    return Buffer.concat([Buffer.from("\x05READY"), octets, this.seal(metadata, "CurveZMQREADY---", octets)]);
  }
}
