// SPDX-License-Identifier: MIT
/**
 * The contract of what differs between the carriers of ZMTP: how both sides agree on a version, and what frames look like.
 * Byte streams have `stream-dialect.ts`; whoever makes an engine says which, so that no other is loaded.
 */
import type { ByteQueue } from "../base/bytes.ts";
import type { Framing } from "../pipe/run.ts";
import type { Decoder, DecoderLimits, Encoder, SlabPool } from "../wire/frame.ts";
import type { GreetingSetup, GreetingStep, PeerProtocol } from "../wire/greeting.ts";

/** One way to speak ZMTP. */
export interface Dialect {
  /** Begins with one peer. */
  negotiate(ours: GreetingSetup): Negotiation;
  createEncoder(protocol: PeerProtocol, slabs: SlabPool): Encoder;
  createDecoder(protocol: PeerProtocol, limits: DecoderLimits): Decoder;
  /** How runs are spelt for what an encoder of this dialect sends to; undefined: it takes messages only. */
  framingOf(encoder: Encoder): Framing | undefined;
  /** True where heartbeats are the carrier's own, below any armour. */
  readonly hasOwnHeartbeat?: boolean;
}

/** How the version is agreed upon with one peer. */
export interface Negotiation {
  /** To send at once; may be empty. */
  readonly signature: Uint8Array;
  /** The next step, given what has arrived and was not consumed; undefined: more must arrive. */
  next(input: ByteQueue): GreetingStep | undefined;
}
