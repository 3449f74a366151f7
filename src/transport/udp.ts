// SPDX-License-Identifier: MIT
/**
 * The udp transport (zmq_udp(7), RFC 48 §UDP): RADIO sends datagrams to an address or a group, DISH and DGRAM are bound to one. There are no
 * connections: an endpoint is one socket. `node:dgram` is loaded with the first one, at once, as a bind may have to be done when it returns.
 */
import type * as dgram from "node:dgram";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import { type DatagramChannel, DatagramEngine } from "../engine/datagram-engine.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { builtin } from "./builtin.ts";
import { bindError } from "./net-listener.ts";
import { type Lookup, systemLookup } from "./tcp.ts";
import { addressOfInterface, formatHostPort, type HostPort } from "./tcp-address.ts";
import type { Listener, ListenerHost, Transport, TransportOptions } from "./transport.ts";
import {
  familyOf,
  interfaceFor,
  invalid,
  isMulticast,
  noDevice,
  parseUdpAddress,
  type UdpAddress,
} from "./udp-address.ts";
import { UdpConnection } from "./udp-connection.ts";

/** Hops that the field in a packet has room for. */
const MOST_HOPS = 255;

/** A socket that is being bound. */
interface Opened {
  readonly socket: dgram.Socket;
  /** Why that failed, as far as it is known. */
  failure: Error | undefined;
}

/** Messages as datagrams. */
export class UdpTransport implements Transport {
  readonly scheme = "udp";
  readonly connectsAtOnce = true;
  readonly isConnectionless = true;
  private readonly lookup: Lookup;

  constructor(lookup: Lookup = systemLookup) {
    this.lookup = lookup;
  }

  parse(address: string, use: "bind" | "connect", socketType?: string): UdpAddress {
    return parseUdpAddress(address, use, socketType);
  }

  prepare({ endpoint }: UdpAddress, { typeOfService }: TransportOptions, use: "bind" | "connect"): void {
    if (typeOfService === 0) return;
    const text = `${use} ${endpoint}: no JavaScript runtime has a call that sets typeOfService for datagrams`;
    throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: use });
  }

  async listen(address: UdpAddress, options: TransportOptions, host: ListenerHost): Promise<Listener> {
    const { endpoint } = address;
    const where = bindAddress(address, options.ipv6) ?? (await this.addressOf(address, options.ipv6));
    const opened = open({ host: where, port: address.port }, isGroup(address));
    if (!isBound(opened)) {
      await new Promise<void>((resolve, reject) => {
        if (opened.failure !== undefined) reject(bindError(opened.failure, endpoint));
        opened.socket.once("listening", resolve);
        opened.socket.once("error", (error) => reject(bindError(error, endpoint)));
      });
    }
    return accept(opened.socket, address, options, host);
  }

  listenSync(address: UdpAddress, options: TransportOptions, host: ListenerHost): Listener {
    const { endpoint } = address;
    const where = bindAddress(address, options.ipv6);
    if (where === undefined) throw noDevice(endpoint, "names take a while to be looked up; use await bind()");
    const opened = open({ host: where, port: address.port }, isGroup(address));
    if (opened.failure !== undefined) throw bindError(opened.failure, endpoint);
    if (isBound(opened)) return accept(opened.socket, address, options, host);
    opened.socket.close();
    const text = `bind ${endpoint}: this runtime cannot bind at once; use await bind()`;
    throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: "bind" });
  }

  async connect(address: UdpAddress, options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    const { endpoint, port } = address;
    const host = await this.addressOf(address, options.ipv6);
    if (signal.aborted) throw new ZmqError("ECANCELED", `connect ${endpoint}: given up`);
    const family = familyOf(host);
    const opened = open({ host: family === 6 ? "::" : "0.0.0.0", port: 0 }, false);
    const { socket } = opened;
    if (!isBound(opened)) {
      await new Promise<void>((resolve, reject) => {
        if (opened.failure !== undefined) reject(connectError(opened.failure, endpoint));
        socket.once("listening", resolve);
        socket.once("error", (error) => reject(connectError(error, endpoint)));
      });
    }
    try {
      if (isMulticast(host)) setUp(socket, { ...address, host }, options);
    } catch (error) {
      socket.close();
      throw connectError(error as Error, endpoint);
    }
    return new UdpConnection(socket, family, formatHostPort(host, port), { host, port });
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    return new DatagramEngine(connection as DatagramChannel, setup, host);
  }

  /** An address of the host. */
  private async addressOf({ host, via, endpoint }: UdpAddress, ipv6: boolean): Promise<string> {
    if (familyOf(host) !== 0) return host;
    const found = await this.lookup(host).catch((error: unknown) => {
      const text = `${endpoint}: the name ${host} cannot be resolved`;
      throw new ZmqError("EHOSTUNREACH", text, { address: endpoint, cause: error });
    });
    const chosen = (ipv6 ? undefined : found.find(({ family }) => family === 4)) ?? found[0];
    if (chosen === undefined) throw new ZmqError("EHOSTUNREACH", `${endpoint}: ${host} has no address`);
    if (via !== undefined && !isMulticast(chosen.address)) throw invalid(endpoint, "connect", `${host} is not a group`);
    return chosen.address;
  }
}

function isGroup({ host }: UdpAddress): boolean {
  return isMulticast(host);
}

/** What to bind to; undefined: it has to be looked up. A group is no address of this machine: who listens to one listens to all. */
function bindAddress({ host }: UdpAddress, ipv6: boolean): string | undefined {
  if (host === "*") return ipv6 ? "::" : "0.0.0.0";
  if (isMulticast(host)) return familyOf(host) === 6 ? "::" : "0.0.0.0";
  return familyOf(host) === 0 ? addressOfInterface(host, ipv6) : host;
}

/** Binds a socket: Node does so before this returns, as nothing has to be looked up. */
function open({ host, port }: HostPort, isShared: boolean): Opened {
  const { createSocket } = builtin<typeof dgram>("node:dgram");
  const socket = createSocket({
    type: familyOf(host) === 6 ? "udp6" : "udp4",
    // Several may listen to a group. On Linux this goes with libzmq's SO_REUSEPORT as well, on BSD it is that.
    reuseAddr: isShared,
    lookup: (address, _, done) => done(null, address, 0),
  });
  const opened: Opened = { socket, failure: undefined };
  const fail = (error: Error): void => {
    opened.failure ??= error;
    socket.close();
  };
  socket.once("error", fail);
  socket.once("listening", () => socket.removeListener("error", fail));
  socket.bind({ address: host, port, exclusive: true });
  if (opened.failure === undefined) socket.unref();
  return opened;
}

function isBound({ socket, failure }: Opened): boolean {
  if (failure !== undefined) return false;
  try {
    return socket.address().port > 0;
  } catch {
    return false;
  }
}

/** Groups: which interface, how far, and whether this machine hears it. */
function setUp(socket: dgram.Socket, { host, via, endpoint }: UdpAddress, options: TransportOptions): void {
  const { multicastHops = 1, multicastLoop = true } = options;
  socket.setMulticastTTL(Math.min(multicastHops, MOST_HOPS));
  socket.setMulticastLoopback(multicastLoop);
  if (via !== undefined) socket.setMulticastInterface(interfaceFor(via, familyOf(host), endpoint));
}

/** A bound socket, as its endpoint sees it. */
function accept(socket: dgram.Socket, address: UdpAddress, options: TransportOptions, host: ListenerHost): Listener {
  const { via, endpoint } = address;
  const { address: bound, port } = socket.address();
  try {
    if (isGroup(address)) {
      setUp(socket, address, options);
      const device = via === undefined ? undefined : interfaceFor(via, familyOf(address.host), endpoint);
      socket.addMembership(address.host, device);
    } else {
      socket.setMulticastTTL(Math.min(options.multicastHops ?? 1, MOST_HOPS));
      socket.setMulticastLoopback(options.multicastLoop ?? true);
    }
  } catch (error) {
    socket.close();
    throw error instanceof ZmqError ? error : bindError(error as Error, endpoint);
  }
  const group = formatHostPort(address.host, port);
  const here = isGroup(address) ? (via === undefined ? group : `${via};${group}`) : formatHostPort(bound, port);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", resolve);
  });
  host.accepted(new UdpConnection(socket, familyOf(bound), ""));
  // The engine closes the socket, after what is left to send.
  return { endpoint: `udp://${here}`, close: () => closed };
}

function connectError(error: Error, endpoint: string): ZmqError {
  if (error instanceof ZmqError) return error;
  const code = errorCodeOf(error, "EADDRNOTAVAIL");
  return new ZmqError(code, `connect ${endpoint}: ${error.message}`, { address: endpoint, cause: error });
}
