// SPDX-License-Identifier: MIT
/**
 * Addresses of tcp endpoints: `host:port`, `[IPv6]:port`, interface names, wildcards, and `source;destination`.
 * Pure text work; names are resolved by `tcp.ts` at the time of each bind and connect. See libzmq's zmq_tcp(7).
 */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { ZmqError } from "../base/errors.ts";
import type { Address } from "./transport.ts";

/** A host, as written, and a port; port 0 is a wildcard. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A parsed tcp address. */
export interface TcpAddress extends Address, HostPort {
  /** Where the connection shall come from. */
  readonly source: HostPort | undefined;
  /** The name that the host was found under, where the host is one of its addresses. */
  readonly name?: string;
}

/** Letters, digits, `-`, `_` and `.`: what a host name or the name of a network interface consists of. */
const NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.-])?$/;

/** Reads the part after `tcp://`, or the scheme of a layer above TCP. @throws ZmqError `EINVAL` */
export function parseTcpAddress(address: string, use: "bind" | "connect", scheme = "tcp"): TcpAddress {
  const endpoint = `${scheme}://${address}`;
  const parts = address.split(";");
  if (parts.length > 2 || (parts.length === 2 && use === "bind")) {
    throw invalid(endpoint, use, "write one host:port, or source;host:port to connect from a given address");
  }
  const [first = "", second] = parts;
  if (second === undefined) {
    const { host, port } = parseHostPort(first, use === "bind", endpoint, use);
    return { endpoint, host, port, source: undefined };
  }
  const { host, port } = parseHostPort(second, false, endpoint, use);
  return { endpoint, host, port, source: parseHostPort(first, true, endpoint, use) };
}

function parseHostPort(text: string, allowsWildcard: boolean, endpoint: string, use: string): HostPort {
  const colon = text.lastIndexOf(":");
  if (colon < 0) throw invalid(endpoint, use, "the port is missing; write host:port");
  return {
    host: parseHost(text.slice(0, colon), allowsWildcard, endpoint, use),
    port: parsePort(text.slice(colon + 1), allowsWildcard, endpoint, use),
  };
}

function parsePort(text: string, allowsWildcard: boolean, endpoint: string, use: string): number {
  if (allowsWildcard && (text === "*" || text === "0")) return 0;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65535) return port;
  const wildcard = allowsWildcard ? ", or * for any free one" : "";
  throw invalid(endpoint, use, `the port must be a number from 1 to 65535${wildcard}`);
}

function parseHost(text: string, allowsWildcard: boolean, endpoint: string, use: string): string {
  if (text === "*") {
    if (allowsWildcard) return text;
    throw invalid(endpoint, use, "* is only good for bind; name the host to connect to");
  }
  if (text.startsWith("[") && text.endsWith("]")) {
    const inner = text.slice(1, -1);
    if (isIP(inner) !== 0 || NAME.test(inner)) return inner;
    throw invalid(endpoint, use, `${text} is not an address`);
  }
  if (isIP(text) !== 0 || NAME.test(text)) return text;
  throw invalid(
    endpoint,
    use,
    text === "" ? "the host is missing; write host:port" : `${JSON.stringify(text)} is not a host`,
  );
}

function invalid(endpoint: string, use: string, reason: string): ZmqError {
  return new ZmqError("EINVAL", `${use} ${endpoint}: ${reason}`, { address: endpoint, syscall: use });
}

/** The address of a network interface by its name, IPv4 unless only IPv6 is there or wanted; undefined for other names. */
export function addressOfInterface(name: string, ipv6: boolean): string | undefined {
  const addresses = networkInterfaces()[name];
  if (addresses === undefined) return undefined;
  const preferred = addresses.find((each) => each.family === (ipv6 ? "IPv6" : "IPv4")) ?? addresses[0];
  if (preferred === undefined) return undefined;
  const isLinkLocal = preferred.family === "IPv6" && preferred.address.startsWith("fe80:");
  return isLinkLocal ? `${preferred.address}%${name}` : preferred.address;
}

/** `host:port` as endpoints show it: IPv6 in brackets, IPv4 that came through a dual-stack socket as IPv4. */
export function formatHostPort(host: string | undefined, port: number | undefined): string {
  const plain = (host ?? "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
  // Joined, not added up: every connection keeps its text, and one that was added up keeps its pieces.
  return [plain.includes(":") ? `[${plain}]` : plain, port ?? 0].join(":");
}
