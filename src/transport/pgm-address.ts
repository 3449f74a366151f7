// SPDX-License-Identifier: MIT
/**
 * Addresses of epgm and pgm endpoints: `interface;group:port`, with more groups to receive from after commas, and another to send to
 * after a second semicolon, as OpenPGM writes networks. Used by `epgm.ts` and `pgm.ts`.
 */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { ZmqError } from "../base/errors.ts";
import type { Address } from "./transport.ts";

/** The group where none is named. */
const DEFAULT_GROUP = "239.192.0.1";
/** The socket types that multicast goes with, and which of them send. */
const TYPES: ReadonlyMap<string, boolean> = new Map([
  ["PUB", true],
  ["XPUB", true],
  ["SUB", false],
  ["XSUB", false],
]);

/** A parsed address. */
export interface PgmAddress extends Address {
  /** A name, an address or a network of this machine's; empty: the one that the system would choose. */
  readonly place: string;
  /** What is received from. */
  readonly groups: readonly string[];
  /** What is sent to. */
  readonly target: string;
  readonly port: number;
  /** True for publishers. */
  readonly sends: boolean;
  readonly isV6: boolean;
}

/** The address of this machine on a network. */
export interface Place {
  readonly address: string;
  /** IPv6: of the interface. */
  readonly scope: string | undefined;
}

/** Reads what follows `epgm://` or `pgm://`. @throws ZmqError `EINVAL`, `ENOCOMPATPROTO` */
export function parsePgmAddress(scheme: string, address: string, use: string, socketType: string): PgmAddress {
  const endpoint = `${scheme}://${address}`;
  const fail = (reason: string): ZmqError =>
    new ZmqError("EINVAL", `${use} ${endpoint}: ${reason}`, { address: endpoint, syscall: use });
  const sends = TYPES.get(socketType);
  if (sends === undefined) {
    const text = `${use} ${endpoint}: ${scheme}:// goes with PUB, SUB, XPUB and XSUB sockets only, and this is a ${socketType}`;
    throw new ZmqError("ENOCOMPATPROTO", text, { address: endpoint, syscall: use });
  }
  const colon = address.lastIndexOf(":");
  const port = /^[0-9]{1,5}$/.test(address.slice(colon + 1)) ? Number(address.slice(colon + 1)) : 0;
  if (colon < 0 || port < 1 || port > 65535) throw fail("write interface;group:port, with a port from 1 to 65535");
  const parts = address.slice(0, colon).split(";");
  if (parts.length > 3)
    throw fail("write interface;group:port, or interface;groups to receive from;group to send to:port");
  const [place = "", received = "", target] = parts.map((part) => part.replaceAll(/[[\]]/g, ""));
  const groups = (received === "" ? DEFAULT_GROUP : received).split(",");
  const all = target === undefined || target === "" ? groups : [...groups, target];
  for (const group of all) if (!isGroup(group)) throw fail(`${JSON.stringify(group)} is not a multicast group`);
  const isV6 = isIP(all[0] as string) === 6;
  if (all.some((group) => (isIP(group) === 6) !== isV6)) throw fail("groups are all of IPv4, or all of IPv6");
  if (isGroup(place)) throw fail(`${place} is a group: write ;${place}:${port} for the usual interface`);
  return { endpoint, place, groups, target: all.at(target === undefined ? 0 : -1) as string, port, sends, isV6 };
}

function isGroup(text: string): boolean {
  if (isIP(text) === 6) return /^ff/i.test(text);
  const first = isIP(text) === 4 ? Number(text.slice(0, text.indexOf("."))) : 0;
  return first >= 224 && first <= 239;
}

/** Finds the interface that an address means; undefined: the usual one. @throws ZmqError `ENODEV` */
export function findPlace({ place, isV6, endpoint }: PgmAddress): Place | undefined {
  if (place === "") return undefined;
  const family = isV6 ? "IPv6" : "IPv4";
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    for (const each of addresses) {
      if (each.family !== family) continue;
      if (place === name || place === each.address || isWithin(each.address, place))
        return { address: each.address, scope: isV6 ? name : undefined };
    }
  }
  throw new ZmqError(
    "ENODEV",
    `${endpoint}: no interface of this machine has the name or the ${family} address ${place}`,
    {
      address: endpoint,
    },
  );
}

/** Whether an IPv4 address is in a network such as 10.9.0.0/24. */
function isWithin(address: string, network: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  if (isIP(base) !== 4 || isIP(address) !== 4 || !/^[0-9]{1,2}$/.test(bits) || Number(bits) > 32) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(base) / size);
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** The octets of an address, as packets have them. */
export function toOctets(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split("."), Number);
  const [plain = ""] = address.split("%");
  const [head = "", tail] = plain.split("::");
  const front = toGroups(head);
  const back = tail === undefined ? [] : toGroups(tail);
  const groups = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function toGroups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((each) => {
    if (!each.includes(".")) return [Number.parseInt(each, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = each.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** The address that octets mean. */
export function toText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join(".");
  const groups: string[] = [];
  for (let at = 0; at < octets.length; at += 2)
    groups.push((((octets[at] as number) << 8) | (octets[at + 1] as number)).toString(16));
  return groups.join(":");
}
