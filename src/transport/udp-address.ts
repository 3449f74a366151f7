// SPDX-License-Identifier: MIT
/**
 * Addresses of udp endpoints: `host:port`, and for groups `group:port` or `interface;group:port` (zmq_udp(7)). Text work, and what this
 * machine's interfaces are called; names are resolved by `udp.ts`.
 */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { ZmqError } from "../base/errors.ts";
import { addressOctets } from "../base/ip-address.ts";
import { addressOfInterface, type HostPort, parseTcpAddress } from "./tcp-address.ts";
import type { Address } from "./transport.ts";

/** A parsed udp address. */
export interface UdpAddress extends Address, HostPort {
  /** The interface that datagrams to a group leave and come by; undefined: the system chooses. */
  readonly via: string | undefined;
}

/** Which types may bind, and which connect. */
const TYPES = { bind: ["DISH", "DGRAM"], connect: ["RADIO"] } as const;

/** Reads the part after `udp://`. @throws ZmqError `ENOCOMPATPROTO`, `EINVAL` */
export function parseUdpAddress(address: string, use: "bind" | "connect", socketType?: string): UdpAddress {
  const endpoint = `udp://${address}`;
  if (socketType !== undefined && !(TYPES[use] as readonly string[]).includes(socketType)) {
    const text = `${use} ${endpoint}: over udp, RADIO connects, DISH and DGRAM are bound; this is a ${socketType}`;
    throw new ZmqError("ENOCOMPATPROTO", text, { address: endpoint, syscall: use });
  }
  const semicolon = address.lastIndexOf(";");
  const { host, port } = parseTcpAddress(address.slice(semicolon + 1), use, "udp");
  if (semicolon < 0) return { endpoint, host, port, via: undefined };
  // With a port it has the form of what tcp knows.
  const { host: via } = parseTcpAddress(`${address.slice(0, semicolon)}:1`, "bind", "udp");
  const isLiteral = (text: string): boolean => text === "*" || familyOf(text) !== 0;
  if (isMulticast(via)) throw invalid(endpoint, use, "nothing comes from a group; name an interface before the ;");
  if (isLiteral(host) && !isMulticast(host)) {
    throw invalid(endpoint, use, "an interface goes with a group, such as 239.0.0.1; write host:port alone");
  }
  if (familyOf(via) !== 0 && familyOf(host) !== 0 && familyOf(via) !== familyOf(host)) {
    throw invalid(endpoint, use, "one is an address of IPv4, the other of IPv6");
  }
  return { endpoint, host, port, via: via === "*" ? undefined : via };
}

/** 4 or 6; 0 for what is no address. */
export function familyOf(host: string): number {
  return isIP(host.split("%")[0] as string);
}

/** True for the addresses of groups. */
export function isMulticast(host: string): boolean {
  if (familyOf(host) === 0) return false;
  const octets = addressOctets(host);
  if (octets === undefined) return false;
  const first = octets[0] as number;
  return octets.length === 4 ? first >= 224 && first < 240 : first === 255;
}

/**
 * How the system is told of an interface: for IPv4 by its address, for IPv6 by its name.
 * @throws ZmqError `ENODEV`
 */
export function interfaceFor(via: string, family: number, endpoint: string): string {
  if (family === 4) {
    const address = familyOf(via) === 4 ? via : addressOfInterface(via, false);
    if (address !== undefined && familyOf(address) === 4) return address;
  } else {
    for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
      const found = addresses.find((each) => each.family === "IPv6" && (name === via || each.address === via));
      if (found === undefined) continue;
      return `::%${globalThis.process.platform === "win32" ? found.scopeid : name}`;
    }
  }
  throw noDevice(endpoint, `no interface ${via} of this machine has an address of IPv${family}`);
}

/** The error of an address that this machine does not have. */
export function noDevice(endpoint: string, text: string): ZmqError {
  return new ZmqError("ENODEV", `${endpoint}: ${text}`, { address: endpoint });
}

/** The error of an endpoint that could never be one. */
export function invalid(endpoint: string, use: string, reason: string): ZmqError {
  return new ZmqError("EINVAL", `${use} ${endpoint}: ${reason}`, { address: endpoint, syscall: use });
}
