// SPDX-License-Identifier: MIT
/**
 * IP addresses as octets: what networks are compared by, and what attempts are counted by. IPv4 in IPv6 (`::ffff:192.0.2.1`,
 * RFC 4291 §2.5.5.2) is IPv4 here. Used by `accept-filter.ts` and `auth/`.
 */

/** The parts of `192.0.2.1:5000` or `[2001:db8::1]:5000`; without a port, the whole is the host. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  const plain = bracketed ?? /^([^:]*):(\d{1,5})$/.exec(text);
  if (plain === null) return { host: text, port: undefined };
  return { host: plain[1] as string, port: plain[2] === undefined ? undefined : Number(plain[2]) };
}

/** The 4 or 16 octets of an address, without a zone; undefined for anything else. */
export function addressOctets(text: string): readonly number[] | undefined {
  const address = (text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text).split("%")[0] as string;
  if (!address.includes(":")) return dottedOctets(address);
  // The last 32 bits may be written as IPv4.
  const dotted = address.includes(".") ? address.slice(address.lastIndexOf(":") + 1) : undefined;
  const last = dotted === undefined ? [] : dottedOctets(dotted);
  if (last === undefined) return undefined;
  const octets = groupedOctets(
    dotted === undefined ? address : address.slice(0, -dotted.length).replace(/([^:]):$/, "$1"),
    dotted === undefined ? 8 : 6,
  );
  return octets && unmapped([...octets, ...last]);
}

function dottedOctets(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function groupedOctets(text: string, count: number): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = count - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

/** A dual-stack listener sees IPv4 peers under such addresses: they are the same peers. */
function unmapped(octets: number[]): number[] {
  const isMapped = octets.slice(0, 10).every((octet) => octet === 0) && octets[10] === 255 && octets[11] === 255;
  return isMapped ? octets.slice(12) : octets;
}
