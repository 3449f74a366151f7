// SPDX-License-Identifier: MIT
/**
 * What a peer is told, and the application, when a frame or a message is larger than a socket takes: the limits of
 * `frame.ts` put into words. Used by the decoders, and by the engine for frames with armour.
 */
import { type LimitName, ProtocolError } from "../base/errors.ts";
import { type DecoderLimits, LARGEST_FRAME } from "./frame.ts";

/** The most octets that the frames of one message may have together. */
export function mostOctets({ maxOctets = -1 }: DecoderLimits): number {
  return maxOctets < 0 ? LARGEST_FRAME : Math.min(maxOctets, LARGEST_FRAME);
}

/** The error of a frame of `size` octets; `held`: octets of the same message that came before it. */
export function tooLarge(size: number, held: number, limits: DecoderLimits): ProtocolError {
  const { maxMessageSize } = limits;
  const largest = maxMessageSize < 0 ? LARGEST_FRAME : Math.min(maxMessageSize, LARGEST_FRAME);
  if (size > largest) {
    return passed("maxMessageSize", largest, `a frame of ${size} octets was announced, and ${largest} are allowed`);
  }
  const most = mostOctets(limits);
  return passed("maxMessageBytes", most, `a message has ${held + size} octets or more, and ${most} are allowed`);
}

/** The error of a message that has one frame more than it may have. */
export function tooMany({ maxFrames }: DecoderLimits): ProtocolError {
  return passed("maxMessageParts", maxFrames, `a message has more than ${maxFrames} frames`);
}

function passed(option: LimitName, value: number, message: string): ProtocolError {
  const limit = { option, value };
  return new ProtocolError("ZMTP_UNSPECIFIED", `${message} (${option})`, "EMSGSIZE", { limit });
}
