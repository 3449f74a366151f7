// SPDX-License-Identifier: MIT
/** Masking of WebSocket payloads (RFC 6455 §5.3), where they lie. Used by `zws.ts` in both directions. */

/** Payloads from here on are masked four octets at a time. */
const LONG = 64;

/** True where the first octet of a 32-bit integer in memory is its least significant. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * XORs the octets from `start` to `end` with the four octets of `mask` in turn, the most significant first. Twice gives what
 * was there before.
 */
export function applyMask(octets: Uint8Array, start: number, end: number, mask: number): void {
  if (mask === 0) return;
  let at = start;
  let turned = mask;
  if (end - start >= LONG) {
    while (((octets.byteOffset + at) & 3) !== 0) {
      octets[at] = (octets[at] as number) ^ (turned >>> 24);
      turned = (turned << 8) | (turned >>> 24);
      at += 1;
    }
    const count = (end - at) >> 2;
    const words = new Uint32Array(octets.buffer, octets.byteOffset + at, count);
    const word = IS_LITTLE_ENDIAN ? swapped(turned) : turned;
    for (let i = 0; i < count; i += 1) words[i] = (words[i] as number) ^ word;
    at += count << 2;
  }
  for (; at < end; at += 1) {
    octets[at] = (octets[at] as number) ^ (turned >>> 24);
    turned = (turned << 8) | (turned >>> 24);
  }
}

function swapped(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}
