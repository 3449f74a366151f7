// SPDX-License-Identifier: MIT
/**
 * What both decoders share: the limits they keep, what they throw when a peer passes one, and the slow ways through a
 * queue, for frames that lie across chunks. Above `base/bytes.ts`, below `zmtp-v1.ts` and `zmtp-v2.ts`.
 */
import type { ByteQueue } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import type { DecoderLimits } from "./frame.ts";

/** 4 GiB less one, the longest array that Node 20 gives: a larger frame could be awaited but never put together. */
const LARGEST_FRAME = 0xffffffff;

/** The most octets that a frame may have. */
export function largestFrame(limits: DecoderLimits): number {
  return limits.maxMessageSize < 0 ? LARGEST_FRAME : Math.min(limits.maxMessageSize, LARGEST_FRAME);
}

/** A frame's size is above the limit. */
export function tooLarge(size: number, largest: number): ProtocolError {
  const message = `a frame of ${size} octets was announced, and ${largest} are allowed (maxMessageSize)`;
  return new ProtocolError("ZMTP_UNSPECIFIED", message, "EMSGSIZE");
}

/** A message has too many frames. */
export function tooManyFrames(most: number): ProtocolError {
  return new ProtocolError("ZMTP_UNSPECIFIED", `a message has more than ${most} frames`, "EMSGSIZE");
}

/** The unsigned 64-bit integer at `index` of a queue; above 2^53 it is only near, which is enough to refuse it. */
export function peekUint64(input: ByteQueue, index: number): number {
  let value = 0;
  for (let i = index; i < index + 8; i += 1) value = value * 256 + (input.peek(i) as number);
  return value;
}

/** Takes a body of `size` octets that are there. */
export function join(input: ByteQueue, size: number): Uint8Array {
  try {
    return input.consume(size);
  } catch (error) {
    // The runtime has no memory for it: this peer's trouble, nobody else's.
    throw new ProtocolError("ZMTP_UNSPECIFIED", `no memory for a frame of ${size} octets: ${error}`, "EMSGSIZE");
  }
}
