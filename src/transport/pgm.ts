// SPDX-License-Identifier: MIT
/**
 * The pgm transport: PGM as a protocol of IP's own (113, RFC 3208), through the npm package `raw-socket` where the application has
 * installed it, as no runtime has raw sockets. IPv4. `pgm-channel.ts` has the rest.
 */
import { Buffer } from "node:buffer";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import { BUFFER, usualPlace } from "./epgm.ts";
import { findPlace, type PgmAddress, toOctets } from "./pgm-address.ts";
import { type Carrier, type MulticastOptions, type Network, type NetworkHost, PgmTransport } from "./pgm-channel.ts";
import type { Transport } from "./transport.ts";

const PACKAGE = "raw-socket";
const PROTOCOL = 113;
/** Level and options of `setsockopt`, by platform: IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_ADD_MEMBERSHIP. */
const IPPROTO_IP = 0;
const OPTIONS: Partial<Record<string, readonly [number, number, number, number]>> = {
  linux: [32, 33, 34, 35],
  darwin: [9, 10, 11, 12],
};

/** Errors of the package's have the system's text, and no code: those that mean that the network is gone. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/is down/, "ENETDOWN"],
  [/is unreachable/, "ENETUNREACH"],
  [/no such device/i, "ENODEV"],
];

/** What is used of the package. */
export interface RawSocketPackage {
  readonly AddressFamily: { readonly IPv4: number };
  readonly SocketLevel: { readonly SOL_SOCKET: number };
  readonly SocketOption: { readonly SO_RCVBUF: number; readonly SO_SNDBUF: number };
  createSocket(options: { protocol: number; addressFamily: number; bufferSize: number }): RawSocket;
}

/** One socket of the package's. */
export interface RawSocket {
  on(event: "message", listener: (packet: Uint8Array, source: string) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  send(
    packet: Uint8Array,
    offset: number,
    length: number,
    address: string,
    done: (error: Error | null) => void,
  ): unknown;
  setOption(level: number, option: number, value: number): void;
  setOption(level: number, option: number, value: Uint8Array, length: number): void;
  close(): void;
}

/** The transport for `pgm://` endpoints; `load` gives the package, or throws. */
export function createPgmTransport(load: () => unknown): Transport {
  const carrier: Carrier = {
    scheme: "pgm",
    headers: [20, 40],
    async open(address, options, host) {
      const numbers = OPTIONS[globalThis.process.platform];
      if (numbers === undefined || address.isV6)
        throw failure("ENOTSUP", address, `pgm:// is for IPv4 on Linux and macOS; there is epgm://`);
      const raw = packageOf(load, address);
      const place = findPlace(address) ?? (await usualPlace(await import("node:dgram"), address));
      const socket = openSocket(raw, address);
      try {
        const { sendBufferSize, receiveBufferSize } = options;
        const { SO_RCVBUF, SO_SNDBUF } = raw.SocketOption;
        const size = receiveBufferSize > 0 ? receiveBufferSize : BUFFER;
        socket.setOption(raw.SocketLevel.SOL_SOCKET, SO_RCVBUF, size);
        if (sendBufferSize > 0) socket.setOption(raw.SocketLevel.SOL_SOCKET, SO_SNDBUF, sendBufferSize);
        return new RawNetwork(socket, place.address, numbers, address, options, host);
      } catch (error) {
        socket.close();
        throw coded(error);
      }
    },
  };
  return new PgmTransport(carrier);
}

function failure(
  code: "ENOTSUP" | "EPROTONOSUPPORT" | "EACCES",
  to: PgmAddress,
  text: string,
  cause?: unknown,
): ZmqError {
  return new ZmqError(code, `${to.endpoint}: ${text}`, { address: to.endpoint, cause });
}

function packageOf(load: () => unknown, to: PgmAddress): RawSocketPackage {
  try {
    return load() as RawSocketPackage;
  } catch (cause) {
    const text = `raw sockets need the package ${PACKAGE}, which is not installed or does not load: npm install ${PACKAGE}; or use epgm://`;
    throw failure("EPROTONOSUPPORT", to, text, cause);
  }
}

function openSocket(raw: RawSocketPackage, to: PgmAddress): RawSocket {
  try {
    return raw.createSocket({ protocol: PROTOCOL, addressFamily: raw.AddressFamily.IPv4, bufferSize: 65535 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = `no raw socket (${reason}): this needs root, or on Linux CAP_NET_RAW; or use epgm://`;
    throw failure(/permit|permission/i.test(reason) ? "EACCES" : (errorCodeOf(cause) as "ENOTSUP"), to, text, cause);
  }
}

/** The socket of one endpoint. */
class RawNetwork implements Network {
  readonly address: string;
  private readonly socket: RawSocket;
  private readonly to: PgmAddress;

  constructor(
    socket: RawSocket,
    address: string,
    [IF, TTL, LOOP, JOIN]: readonly [number, number, number, number],
    to: PgmAddress,
    { multicastHops, multicastLoop }: MulticastOptions,
    host: NetworkHost,
  ) {
    this.socket = socket;
    this.address = address;
    this.to = to;
    const here = toOctets(address);
    socket.setOption(IPPROTO_IP, IF, asBuffer(here), here.length);
    socket.setOption(IPPROTO_IP, TTL, to.sends ? Math.min(multicastHops, 255) : 1);
    socket.setOption(IPPROTO_IP, LOOP, multicastLoop ? 1 : 0);
    const groups = to.groups.map(toOctets);
    // ip_mreq: the group, and the interface by its address.
    if (!to.sends) for (const group of groups) socket.setOption(IPPROTO_IP, JOIN, Buffer.from([...group, ...here]), 8);
    // Raw sockets get what is for anybody on this machine: whose a packet is stands in IP's header.
    const mine = to.sends ? [here] : groups;
    socket.on("message", (octets, from) => {
      const length = ((octets[0] ?? 0) & 15) * 4;
      if (length < 20 || octets.length < length || octets[9] !== PROTOCOL) return;
      const group = mine.find((each) => each.every((octet, i) => octets[16 + i] === octet));
      // The package reads the next packet into the same memory.
      if (group !== undefined) host.arrived(Uint8Array.prototype.slice.call(octets, length), { from, group });
    });
    socket.on("error", (error) => {
      // What was there to be read may be gone when the package reads it.
      if (!/temporarily unavailable/.test(error.message)) host.failed(coded(error));
    });
  }

  send(packet: Uint8Array, done: (error?: Error | null) => void): void {
    this.sendTo(packet, this.to.target, done);
  }

  sendTo(packet: Uint8Array, address: string, done: (error?: Error | null) => void = () => {}): void {
    this.socket.send(asBuffer(packet), 0, packet.length, address, (error) => done(error && coded(error)));
  }

  sendNear(packet: Uint8Array, group: string): void {
    this.sendTo(packet, group);
  }

  close(): void {
    this.socket.close();
  }
}

/** The package takes Buffers only. */
function asBuffer({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return Buffer.from(buffer, byteOffset, length);
}

function coded(error: unknown): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  const code = CODES.find(([text]) => text.test(known.message))?.[1];
  return code === undefined ? known : Object.assign(known, { code });
}
