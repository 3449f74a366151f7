// SPDX-License-Identifier: MIT
/**
 * The octets of CURVE's commands and nonces (RFC 26 §HELLO to §MESSAGE): where each field lies, and the checks that
 * need no key. Used by `curve-client.ts`, `curve-server.ts` and `curve-armour.ts`.
 */
import { encodeText, readUint32, writeUint64 } from "../base/bytes.ts";
import { ProtocolError, type ProtocolErrorName } from "../base/errors.ts";
import { NONCE_LENGTH } from "./curve-crypto.ts";

/** The first octets of each nonce; with the eight or sixteen that travel, they make 24. */
export const NONCES: Readonly<
  Record<"hello" | "welcome" | "cookie" | "vouch" | "initiate" | "ready" | "fromClient" | "fromServer", Uint8Array>
> = {
  hello: encodeText("CurveZMQHELLO---"),
  welcome: encodeText("WELCOME-"),
  cookie: encodeText("COOKIE--"),
  vouch: encodeText("VOUCH---"),
  initiate: encodeText("CurveZMQINITIATE"),
  ready: encodeText("CurveZMQREADY---"),
  fromClient: encodeText("CurveZMQMESSAGEC"),
  fromServer: encodeText("CurveZMQMESSAGES"),
};

/** Octets of what travels of a nonce: a count, or chance. */
export const SHORT_NONCE = 8;
export const LONG_NONCE = 16;

/** A whole nonce. */
export function nonceOf(prefix: Uint8Array, rest: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  nonce.set(prefix);
  nonce.set(rest, prefix.length);
  return nonce;
}

/** A count as it travels. */
export function shortNonce(count: number): Uint8Array {
  const octets = new Uint8Array(SHORT_NONCE);
  writeUint64(octets, 0, count);
  return octets;
}

/**
 * The counts of one peer, each of which must be above the one before. They have 64 bits, and are kept as two halves: a
 * peer may begin anywhere.
 */
export class PeerCount {
  private high = 0;
  private low = 0;

  /** @throws ProtocolError `ZMTP_INVALID_SEQUENCE` */
  advance(octets: Uint8Array, at: number): void {
    const high = readUint32(octets, at);
    const low = readUint32(octets, at + 4);
    if (high < this.high || (high === this.high && low <= this.low)) {
      throw new ProtocolError("ZMTP_INVALID_SEQUENCE", "the peer used a nonce again, or an older one");
    }
    this.high = high;
    this.low = low;
  }
}

/** What was in a box. @throws ProtocolError `ZMTP_CRYPTOGRAPHIC` when it could not be opened */
export function opened(content: Uint8Array | undefined, reason: string): Uint8Array {
  if (content === undefined) throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", reason);
  return content;
}

/** @throws ProtocolError unless the data of a command has the length that it must have */
export function requireLength(isRight: boolean, name: string, length: number, error: ProtocolErrorName): void {
  if (!isRight) throw new ProtocolError(error, `a CURVE ${name} cannot have ${length} octets of data`);
}

/** True when there is nothing but zeros: a key that was never set. */
export function isZero(key: Uint8Array): boolean {
  let any = 0;
  for (const octet of key) any |= octet;
  return any === 0;
}
