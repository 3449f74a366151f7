// SPDX-License-Identifier: MIT
/** The names of groups (RFC 48): up to 255 octets, and, as libzmq keeps them as C strings, none of them zero. */

/** Octets of the longest name. */
export const LONGEST_GROUP = 255;

/** A name without its first zero octet and what comes after it. */
export function toGroup(octets: Uint8Array): Uint8Array {
  const end = octets.indexOf(0);
  return end < 0 ? octets : octets.subarray(0, end);
}
