// SPDX-License-Identifier: MIT
/** `tcpAcceptFilter`: lets only peers from given addresses in (`ZMQ_TCP_ACCEPT_FILTER`): `address` or `address/bits`. */
import { ZmqError } from "./errors.ts";

/** Peers from one network. */
export class AcceptFilter {
  /** As it was written. */
  readonly text: string;
  private readonly network: readonly number[];
  private readonly bits: number;

  /** @throws ZmqError `EINVAL` when the text is not an address, or has too many bits */
  constructor(text: string) {
    const [address = "", mask] = text.split("/");
    const network = octetsOf(address.replace(/^\[|\]$/g, ""));
    const bits = mask === undefined ? (network?.length ?? 0) * 8 : Number(mask);
    if (network === undefined || !/^\d+$/.test(mask ?? "0") || bits > network.length * 8) {
      throw new ZmqError("EINVAL", `tcpAcceptFilter ${JSON.stringify(text)} is not an address or address/bits`);
    }
    this.text = text;
    this.network = network;
    this.bits = bits;
  }

  /** Whether a peer at `host:port` may come in. */
  admits(remote: string): boolean {
    const host = remote.slice(0, remote.lastIndexOf(":")).replace(/^\[|\]$/g, "");
    const octets = octetsOf(host.split("%")[0] ?? "");
    if (octets === undefined || octets.length !== this.network.length) return false;
    for (let bit = 0; bit < this.bits; bit += 1) {
      const mask = 128 >> (bit & 7);
      if ((((octets[bit >> 3] as number) ^ (this.network[bit >> 3] as number)) & mask) !== 0) return false;
    }
    return true;
  }
}

/** The 4 or 16 octets of an IP address; undefined for anything else. */
function octetsOf(address: string): number[] | undefined {
  if (!address.includes(":")) {
    const parts = address.split(".");
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
    return parts.map(Number);
  }
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}
