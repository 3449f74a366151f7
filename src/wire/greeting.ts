// SPDX-License-Identifier: MIT
/**
 * The greeting: which version both sides speak (RFC 37 §Version Negotiation, with the downgrades of RFC 13, 15 and 23).
 * A pure negotiation: an engine feeds it what arrives, sends what it says, and goes on with the outcome.
 */
import { type ByteQueue, writeUint64 } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";

/** What the peer speaks. */
export type PeerProtocol =
  | { readonly version: "1.0" }
  | { readonly version: "2.0"; readonly revision: 0 | 1; readonly socketType: number }
  | {
      readonly version: "3.0" | "3.1";
      /** Its 20 octets without the NULs at the end; anything but our own name is a mismatch. */
      readonly mechanism: string;
      readonly asServer: boolean;
      readonly major: number;
      readonly minor: number;
    };

/** What a negotiation wants next. */
export type GreetingStep = { readonly send: Uint8Array } | { readonly protocol: PeerProtocol };

/** What we say of ourselves. */
export interface GreetingSetup {
  /** At most 20 octets, such as `"NULL"`. */
  readonly mechanism: string;
  /** libzmq's number of our socket type, for peers that speak ZMTP 2.0. */
  readonly socketTypeId: number;
  /** Length of our routing id, for peers that speak ZMTP 1.0. */
  readonly routingIdLength: number;
}

/** How a connection begins that wants TLS (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;

const SIGNATURE_LENGTH = 10;
/** Where the major version stands; ZMTP 2.0 calls it the revision. */
const MAJOR = 10;
/** ZMTP 2.0: signature 10, revision 1, socket type 1 (RFC 15). */
const SHORT_GREETING = 12;
/** ZMTP 3.x: signature 10, version 2, mechanism 20, as-server 1, filler 31 (RFC 37). */
const FULL_GREETING = 64;
const MECHANISM = 12;
const AS_SERVER = 32;

/** One side of a greeting. */
export class GreetingNegotiation {
  /**
   * To send at once. It reads as a signature to ZMTP 2.0 and later, and to ZMTP 1.0 as the long header of the frame with
   * our routing id: to such a peer, the routing id itself must follow, without another header.
   */
  readonly signature: Uint8Array;
  private readonly ours: GreetingSetup;
  /** How much of our greeting has been given out to be sent. */
  private sent = SIGNATURE_LENGTH;

  constructor(ours: GreetingSetup) {
    this.ours = ours;
    this.signature = new Uint8Array(SIGNATURE_LENGTH);
    this.signature[0] = 0xff;
    writeUint64(this.signature, 1, ours.routingIdLength + 1);
    this.signature[9] = 0x7f;
  }

  /**
   * The next step, given what has arrived and was not consumed: octets to send, the outcome, or undefined when more must
   * arrive. To be called until it gives one of the last two. Consumes the greeting with the outcome, and nothing before;
   * of a ZMTP 1.0 peer it consumes nothing, as what arrived is its first frame.
   */
  next(input: ByteQueue): GreetingStep | undefined {
    if (input.length === 0) return undefined;
    if (input.peek(0) === TLS_HANDSHAKE) {
      if (input.length < 2) return undefined;
      // Of a routing id in ZMTP 1.0 these would be the flags, which have no such bit.
      if (input.peek(1) === TLS_MAJOR) {
        throw new ProtocolError(
          "ZMTP_UNSPECIFIED",
          "the peer speaks TLS; it connects with tls+tcp://, and this is no such endpoint",
        );
      }
    }
    if (input.peek(0) !== 0xff) return { protocol: { version: "1.0" } };
    if (input.length < SIGNATURE_LENGTH) return undefined;
    // The tenth octet is 0x7F in a signature, and the flags in a long frame of ZMTP 1.0, where the lowest bit is MORE:
    // a routing id has no MORE.
    if (((input.peek(9) as number) & 1) === 0) return { protocol: { version: "1.0" } };

    const major = input.peek(MAJOR);
    if (major === undefined) return this.sendUpTo(SIGNATURE_LENGTH + 1, 0);
    const length = major < 2 ? SHORT_GREETING : FULL_GREETING;
    const step = this.sendUpTo(length, major);
    if (step !== undefined) return step;
    if (input.length < length) return undefined;
    return { protocol: major < 2 ? readShort(input) : readFull(input) };
  }

  /** The part of our greeting up to `length` that was not sent yet. */
  private sendUpTo(length: number, peerMajor: number): GreetingStep | undefined {
    if (this.sent >= length) return undefined;
    const greeting = new Uint8Array(length);
    greeting[MAJOR] = 3;
    if (length === SHORT_GREETING && peerMajor < 2) {
      greeting[MAJOR + 1] = this.ours.socketTypeId;
    } else if (length === FULL_GREETING) {
      greeting[MAJOR + 1] = 1;
      for (let i = 0; i < this.ours.mechanism.length; i += 1) {
        greeting[MECHANISM + i] = this.ours.mechanism.charCodeAt(i);
      }
    }
    const send = greeting.subarray(this.sent);
    this.sent = length;
    return { send };
  }
}

function readShort(input: ByteQueue): PeerProtocol {
  const greeting = input.consume(SHORT_GREETING);
  return { version: "2.0", revision: greeting[MAJOR] === 0 ? 0 : 1, socketType: greeting[MAJOR + 1] as number };
}

function readFull(input: ByteQueue): PeerProtocol {
  const greeting = input.consume(FULL_GREETING);
  const major = greeting[MAJOR] as number;
  const minor = greeting[MAJOR + 1] as number;
  return {
    version: major === 3 && minor === 0 ? "3.0" : "3.1",
    mechanism: readMechanism(greeting.subarray(MECHANISM, AS_SERVER)),
    asServer: greeting[AS_SERVER] === 1,
    major,
    minor,
  };
}

function readMechanism(padded: Uint8Array): string {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end -= 1;
  return String.fromCharCode(...padded.subarray(0, end));
}
