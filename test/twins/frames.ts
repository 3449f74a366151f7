// SPDX-License-Identifier: MIT
/** What the plain twins of the framing codecs in `src/wire/` have in common: whole streams in, whole lists out. */

/** What a stream of frames carries. */
export type Item = { message: Uint8Array[] } | { command: Uint8Array };

/** The outcome of reading a stream: what it carried, and where it stopped. */
export interface Reading {
  items: Item[];
  /** The code of the error that ended it. */
  error?: "EMSGSIZE" | "EPROTO";
}

/** As the decoders take them. */
export interface Limits {
  maxMessageSize: number;
  maxFrames: number;
}

/** True when a frame of `size` octets is not allowed. */
export function isTooLarge(size: bigint, limits: Limits): boolean {
  return size > 0xffffffffn || (limits.maxMessageSize >= 0 && size > BigInt(limits.maxMessageSize));
}
