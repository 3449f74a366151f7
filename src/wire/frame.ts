// SPDX-License-Identifier: MIT
/**
 * The contracts of framing: what an encoder and a decoder do, whatever the version of ZMTP. Implemented in `zmtp-v1.ts`
 * and `zmtp-v2.ts`, used by the engines. Above a decoder the unit is a whole message (RFC 37 §Framing).
 */

/** Flag: another frame of the same message follows. */
export const MORE = 1;
/** Flag: the size is a 64-bit integer. */
export const LONG = 2;
/** Flag: the frame is a command, not part of a message. */
export const COMMAND = 4;

/** A frame that carries a command. */
export class CommandFrame {
  /** The command's name and data, see `command.ts`. */
  readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    this.body = body;
  }
}

/** A PING or PONG of the carrier's own, as WebSocket has them: it travels below any armour. */
export class HeartbeatFrame extends CommandFrame {}

/** What a decoder refuses. */
export interface DecoderLimits {
  /** Octets in one frame, as libzmq's `ZMQ_MAXMSGSIZE`; −1 is no limit. */
  readonly maxMessageSize: number;
  /** Frames in one message. */
  readonly maxFrames: number;
  /** Octets of all frames of one message together; −1, or absent: as many as the longest frame may have. */
  readonly maxOctets?: number;
  /** Memory for a body that came in several chunks; whatever is in it is overwritten. Default: zeros, of the chunk's type. */
  readonly allocate?: ((length: number) => Uint8Array) | undefined;
  /** No subscription can come: a command without octets is that, and not one whose size is misspelt. */
  readonly isHandshake?: boolean;
}

/** 4 GiB less one, the longest array that Node 20 gives: a larger frame could be awaited but never put together. */
export const LARGEST_FRAME = 0xffffffff;

/** The most octets that a frame may have. */
export function largestFrame({ maxMessageSize, maxOctets = -1 }: DecoderLimits): number {
  const largest = maxMessageSize < 0 ? LARGEST_FRAME : Math.min(maxMessageSize, LARGEST_FRAME);
  return maxOctets < 0 ? largest : Math.min(largest, maxOctets);
}

/** Turns octets into messages and commands. */
export interface Decoder {
  /** Hands over octets from the network. The decoder keeps the chunk, and what it gives out may be a view of it. */
  push(chunk: Uint8Array): void;
  /**
   * The next whole message, or a command. Undefined: needs more octets.
   * @throws ProtocolError on octets that no peer may send; with `EMSGSIZE` where a limit is passed
   */
  next(): Uint8Array[] | CommandFrame | undefined;
  /** Octets that were pushed and are not yet given out, headers included. */
  readonly buffered: number;
  /** Gives up the chunks that are not decoded yet, for the decoder of another protocol. */
  takeRest(): Uint8Array[];
}

/** Turns messages and commands into octets. */
export interface Encoder {
  /** Adds a message, one frame for each part. Large parts are kept as they are until they are taken, not copied. */
  message(parts: readonly Uint8Array[]): void;
  /** Adds one frame: a routing id, armour, a command. `LONG` is set by the encoder. */
  frame(body: Uint8Array, flags: number): void;
  /** Adds a frame whose body of so many octets the caller writes at once, into {@link room} from where this says. */
  blank(length: number, flags: number): number;
  /** The memory of the body that was added last. */
  readonly room: Uint8Array;
  /** Adds frames that are encoded already. `isLast`: nothing is known to come soon that could share a write with them. */
  octets(frames: Uint8Array, isLast: boolean): void;
  /** Octets that are not taken yet. */
  readonly pending: number;
  /** Takes all octets, as chunks in order; none when nothing is pending. Good until `recycle`. */
  take(): Uint8Array[];
  /** Everything that was taken has left: its memory may be used again. */
  recycle(): void;
}

/** Memory for outgoing octets, lent for one flush, so that an idle encoder holds none. */
export interface SlabPool {
  /** A slab of at least so many octets. */
  take(least: number): Uint8Array;
  give(slab: Uint8Array): void;
  /** Memory of any length that is not given back, with anything in it: where a runtime has it, it saves filling with zeros. */
  readonly allocate?: ((length: number) => Uint8Array) | undefined;
}
