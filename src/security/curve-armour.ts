// SPDX-License-Identifier: MIT
/**
 * What protects the frames of a CURVE connection (RFC 26 §MESSAGE): each travels in a MESSAGE of its own, sealed in place,
 * with a count that never comes twice. Made by `curve-client.ts` and `curve-server.ts`. `test/twins/curve.ts` says the same plainly.
 */
import { speciesOf, writeUint64 } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { COMMAND, type Encoder, MORE } from "../wire/frame.ts";
import type { CurveCrypto, Direction } from "./curve-crypto.ts";
import { BOX_OVERHEAD } from "./curve-crypto.ts";
import { type PeerCount, SHORT_NONCE } from "./curve-octets.ts";
import type { Armour } from "./mechanism.ts";

/** "\x07MESSAGE" */
const NAME = Uint8Array.of(7, 0x4d, 0x45, 0x53, 0x53, 0x41, 0x47, 0x45);
/** Name and count. */
const HEADER = NAME.length + SHORT_NONCE;
/** Within the box a command has bit 1, where a frame has bit 2; MORE is bit 0 in both (RFC 26 §MESSAGE). */
const SEALED_COMMAND = 2;
/** Name 8, count 8, box 16, flags 1. */
const LEAST = HEADER + BOX_OVERHEAD + 1;
/** A body of at most SMALL octets is no view of memory of more than BLOCK, as in `wire/frame-reader.ts`. */
const SMALL = 64;
const BLOCK = 4096;

/** Both directions of one connection. */
export class CurveArmour implements Armour {
  flags = 0;
  private readonly crypto: CurveCrypto;
  private readonly sending: Direction;
  private readonly receiving: Direction;
  /** The count of the next message. */
  private count: number;
  private readonly peer: PeerCount;
  /** What to make bodies with; calling it is faster than `subarray`. */
  private species: Uint8ArrayConstructor = Uint8Array;

  /** `count`: what the first message is counted as; `peer`: where the other side's counts stand. */
  constructor(crypto: CurveCrypto, sending: Direction, count: number, receiving: Direction, peer: PeerCount) {
    this.crypto = crypto;
    this.sending = sending;
    this.receiving = receiving;
    this.count = count;
    this.peer = peer;
  }

  seal(body: Uint8Array, flags: number, encoder: Encoder): void {
    const at = encoder.blank(LEAST + body.length, 0);
    const { room } = encoder;
    for (let i = 0; i < NAME.length; i += 1) room[at + i] = NAME[i] as number;
    writeUint64(room, at + NAME.length, this.count);
    this.count += 1;
    this.crypto.sealMessage(
      this.sending,
      (flags & MORE) | (flags & COMMAND ? SEALED_COMMAND : 0),
      body,
      room,
      at + HEADER,
    );
  }

  open(frame: Uint8Array): Uint8Array {
    for (let i = 0; i < NAME.length; i += 1) {
      if (frame[i] !== NAME[i]) throw notAMessage(frame);
    }
    if (frame.length < LEAST) {
      throw new ProtocolError("ZMTP_MALFORMED_COMMAND_MESSAGE", `a MESSAGE of ${frame.length} octets holds no box`);
    }
    this.peer.advance(frame, NAME.length);
    const body = this.memoryFor(frame);
    const flags = this.crypto.openMessage(this.receiving, frame, HEADER, body);
    if (flags < 0) {
      throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", "a MESSAGE was not sealed by the peer, or was touched on its way");
    }
    this.flags = (flags & MORE) | (flags & SEALED_COMMAND ? COMMAND : 0);
    return body;
  }

  /** Where what is in a frame comes to stand: in the frame, or where that would pin much for little, in memory of its own. */
  private memoryFor(frame: Uint8Array): Uint8Array {
    if (Object.getPrototypeOf(frame) !== this.species.prototype) this.species = speciesOf(frame);
    const length = frame.length - LEAST;
    if (length <= SMALL && frame.buffer.byteLength > BLOCK) return new this.species(length);
    return new this.species(frame.buffer, frame.byteOffset + LEAST, length);
  }
}

function notAMessage(frame: Uint8Array): ProtocolError {
  const name = frame[0];
  if (frame.length < 2 || name === undefined || frame.length <= name) {
    return new ProtocolError("ZMTP_MALFORMED_COMMAND_UNSPECIFIED", "a command has no whole name");
  }
  return new ProtocolError("ZMTP_UNEXPECTED_COMMAND", "the peer sent something that is no MESSAGE after its handshake");
}
