// SPDX-License-Identifier: MIT
/**
 * Messages of RADIO as datagrams (RFC 48 §UDP): the length of the group in one octet, the group, and the body. Used by
 * `engine/datagram-engine.ts`.
 */

/** Octets of the longest datagram that libzmq takes, and therefore of all that leave. */
export const LONGEST_DATAGRAM = 8192;

/** Octets that a message would take. */
export function datagramLength(group: Uint8Array, body: Uint8Array): number {
  return 1 + group.length + body.length;
}

/** A message as a datagram; the group has at most 255 octets. */
export function encodeDatagram(group: Uint8Array, body: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(datagramLength(group, body));
  datagram[0] = group.length;
  datagram.set(group, 1);
  datagram.set(body, 1 + group.length);
  return datagram;
}

/** Group and body, as views; undefined where the group is longer than the datagram. */
export function decodeDatagram(datagram: Uint8Array): [group: Uint8Array, body: Uint8Array] | undefined {
  const length = datagram[0];
  if (length === undefined || length >= datagram.length) return undefined;
  return [datagram.subarray(1, 1 + length), datagram.subarray(1 + length)];
}
