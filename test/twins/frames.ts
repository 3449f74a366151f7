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
  /** Octets of all frames of a message. */
  maxOctets?: number;
}

/** True when a frame of `size` octets is not allowed; `parts`: the frames before it of the same message. */
export function isTooLarge(size: bigint, limits: Limits, parts: readonly Uint8Array[] = []): boolean {
  const { maxMessageSize, maxOctets = -1 } = limits;
  const all = parts.reduce((sum, part) => sum + BigInt(part.length), size);
  if (all > 0xffffffffn || (maxOctets >= 0 && all > BigInt(maxOctets))) return true;
  return maxMessageSize >= 0 && size > BigInt(maxMessageSize);
}
