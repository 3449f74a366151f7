// SPDX-License-Identifier: MIT
/** The lists of addresses of an authenticator: allowed and denied, single ones and networks. With CZMQ's policy. */
import { AcceptFilter } from "../base/accept-filter.ts";
import { addressOctets } from "../base/ip-address.ts";

/** How peers over ipc are called: they have no address. */
const LOCAL = "localhost";

/** Addresses and networks, by their text. */
class AddressList {
  private hasLocal = false;
  private readonly networks = new Map<string, AcceptFilter>();

  get size(): number {
    return this.networks.size + Number(this.hasLocal);
  }

  /** @throws ZmqError `EINVAL` for a network that is none; TypeError */
  add(text: string, what: string): void {
    if (typeof text !== "string") throw new TypeError(`${what}: an address is a text`);
    if (text === LOCAL) this.hasLocal = true;
    else this.networks.set(text, new AcceptFilter(text, what));
  }

  delete(text: string): void {
    if (text === LOCAL) this.hasLocal = false;
    this.networks.delete(text);
  }

  has(address: string): boolean {
    if (address === LOCAL) return this.hasLocal;
    const octets = addressOctets(address);
    if (octets === undefined) return false;
    for (const network of this.networks.values()) if (network.contains(octets)) return true;
    return false;
  }
}

/** Who is let through to show what it has. Where some are allowed, all others are denied, and the other list is not looked at. */
export class Addresses {
  private readonly allowed = new AddressList();
  private readonly denied = new AddressList();

  /** @throws ZmqError `EINVAL`; TypeError */
  allow(texts: Iterable<string>): void {
    for (const text of texts) this.allowed.add(text, "allow");
  }

  /** @throws ZmqError `EINVAL`; TypeError */
  deny(texts: Iterable<string>): void {
    for (const text of texts) this.denied.add(text, "deny");
  }

  /** Takes addresses off both lists, as they were written. */
  forget(texts: Iterable<string>): void {
    for (const text of texts) {
      this.allowed.delete(text);
      this.denied.delete(text);
    }
  }

  /** What the lists say; a text: why not. */
  check(address: string): "passed" | "no lists" | { readonly reason: string } {
    if (this.allowed.size > 0) {
      return this.allowed.has(address) ? "passed" : { reason: "the address is not on the list of those allowed" };
    }
    if (this.denied.size === 0) return "no lists";
    return this.denied.has(address) ? { reason: "the address is on the list of those denied" } : "passed";
  }
}
