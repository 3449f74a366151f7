// SPDX-License-Identifier: MIT
/**
 * Networks of peers, `address` or `address/bits`: for `tcpAcceptFilter` (`ZMQ_TCP_ACCEPT_FILTER`), and for the lists of
 * addresses that an authenticator allows or denies.
 */
import { ZmqError } from "./errors.ts";
import { addressOctets, splitHostPort } from "./ip-address.ts";

/** Peers from one network. */
export class AcceptFilter {
  /** As it was written. */
  readonly text: string;
  private readonly network: readonly number[];
  private readonly bits: number;

  /** @throws ZmqError `EINVAL` when the text is not an address, or has too many bits; `what` it was meant for */
  constructor(text: string, what = "tcpAcceptFilter") {
    const [address = "", mask, ...rest] = text.split("/");
    const network = addressOctets(address);
    // The bits of a mapped IPv4 network are counted from the start of the IPv6 address.
    const before = network?.length === 4 && address.includes(":") ? 96 : 0;
    const all = (network?.length ?? 0) * 8;
    const bits = mask === undefined ? all : Number(mask) - before;
    const isGood = rest.length === 0 && /^\d+$/.test(mask ?? "0") && bits >= 0 && bits <= all;
    if (network === undefined || !isGood) {
      throw new ZmqError("EINVAL", `${what} ${JSON.stringify(text)} is not an address or address/bits`);
    }
    this.text = text;
    this.network = network;
    this.bits = bits;
  }

  /** Whether a peer at `host:port` may come in. */
  admits(remote: string): boolean {
    return this.contains(addressOctets(splitHostPort(remote).host));
  }

  /** Whether an address, as `addressOctets` gives it, lies in the network. */
  contains(octets: readonly number[] | undefined): boolean {
    if (octets === undefined || octets.length !== this.network.length) return false;
    for (let bit = 0; bit < this.bits; bit += 1) {
      const mask = 128 >> (bit & 7);
      if ((((octets[bit >> 3] as number) ^ (this.network[bit >> 3] as number)) & mask) !== 0) return false;
    }
    return true;
  }
}
