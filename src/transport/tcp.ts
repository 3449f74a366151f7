// SPDX-License-Identifier: MIT
/**
 * The tcp transport: `tcp://host:port`. Resolves names anew at each attempt and tries every address (zmq_tcp(7)). A layer may
 * lie between TCP and the engines, which makes another transport of it: see `tls.ts`.
 */
import { type AddressInfo, isIP, type ListenOptions, type Server, type Socket, type TcpNetConnectOpts } from "node:net";
import type { Clock } from "../base/clock.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { NetConnection } from "./net-connection.ts";
import { applyNetOptions } from "./net-features.ts";
import { closeServer, connectOnce, listen, listenNow } from "./net-listener.ts";
import { askProxy, proxyOf } from "./socks.ts";
import { createStreamEngine } from "./stream-engine.ts";
import { addressOfInterface, formatHostPort, type HostPort, parseTcpAddress, type TcpAddress } from "./tcp-address.ts";
import type { Listener, ListenerHost, Transport, TransportOptions } from "./transport.ts";

/** Finds the addresses of a host name. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** As the system finds them. */
export async function systemLookup(host: string): ReturnType<Lookup> {
  // Not at the top: most programs load it for nothing.
  const { lookup } = await import("node:dns/promises");
  return lookup(host, { all: true });
}

/** What lies between TCP and the engines. */
export interface TcpLayer {
  readonly scheme: string;
  /** As {@link Transport}'s. */
  prepare?(address: TcpAddress, options: TransportOptions, use: "bind" | "connect"): void;
  /** A connection that came in. @throws ZmqError where the options do not do any more */
  accepted(socket: Socket, remote: string, options: TransportOptions, clock: Clock): Connection;
  /** A connection to an address. */
  connected(socket: Socket, remote: string, options: TransportOptions, clock: Clock, address: TcpAddress): Connection;
}

/** Nothing. */
export const plainLayer: TcpLayer = {
  scheme: "tcp",
  accepted: (socket, remote, _options, clock) => new NetConnection(socket, remote, clock),
  connected: (socket, remote, _options, clock) => new NetConnection(socket, remote, clock),
};

/** ZMTP over TCP. */
export class TcpTransport implements Transport {
  readonly scheme: string;
  private readonly clock: Clock;
  private readonly lookup: Lookup;
  private readonly layer: TcpLayer;

  constructor(clock: Clock, lookup: Lookup = systemLookup, layer: TcpLayer = plainLayer) {
    this.clock = clock;
    this.lookup = lookup;
    this.layer = layer;
    this.scheme = layer.scheme;
  }

  parse(address: string, use: "bind" | "connect"): TcpAddress {
    return parseTcpAddress(address, use, this.scheme);
  }

  prepare(address: TcpAddress, options: TransportOptions, use: "bind" | "connect"): void {
    if (use === "connect") proxyOf(options);
    this.layer.prepare?.(address, options, use);
  }

  async listen(address: TcpAddress, options: TransportOptions, host: ListenerHost): Promise<Listener> {
    const server = await listen(whereOf(address, options), address.endpoint, this.acceptor(options, host));
    return this.listener(server, address, host);
  }

  listenSync(address: TcpAddress, options: TransportOptions, host: ListenerHost): Listener {
    const server = listenNow(whereOf(address, options), address.endpoint, this.acceptor(options, host));
    return this.listener(server, address, host);
  }

  /** A server that listens, as its endpoint sees it. */
  private listener(server: Server, address: TcpAddress, host: ListenerHost): Listener {
    server.on("error", (error) => host.acceptFailed(new ZmqError("EMFILE", `${address.endpoint}: ${error.message}`)));
    const bound = server.address() as AddressInfo | null;
    return {
      // A descriptor that was taken over may be of another kind, which has no port.
      endpoint:
        bound?.port === undefined ? address.endpoint : `${this.scheme}://${formatHostPort(bound.address, bound.port)}`,
      close: () => closeServer(server),
    };
  }

  /** What becomes of a connection that comes in. */
  private acceptor(options: TransportOptions, host: ListenerHost): (socket: Socket) => void {
    const { tcpAcceptFilter: filters } = options;
    return (socket) => {
      const remote = formatHostPort(socket.remoteAddress, socket.remotePort);
      // A connection that is gone before it was looked at has no address any more.
      if (socket.remoteAddress === undefined) {
        socket.destroy();
      } else if (filters.length > 0 && !filters.some((filter) => filter.admits(remote))) {
        socket.destroy();
        host.acceptFailed(new ZmqError("EACCES", `${remote} is not in tcpAcceptFilter`), remote);
      } else {
        this.accept(socket, remote, options, host);
      }
    };
  }

  async connect(address: TcpAddress, options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    const proxy = proxyOf(options);
    const near = proxy ?? address;
    // Whatever it leads to, it leaves this machine from where the endpoint says, if the proxy's address does not say more.
    const source = await sourceOf(proxy?.source ?? address.source, options, this.lookup);
    let failure: ZmqError | undefined;
    for (const host of await resolve(near, options.ipv6, this.lookup)) {
      if (signal.aborted) break;
      try {
        const socket = await connectOnce({ host, port: near.port, ...source }, address.endpoint, signal);
        if (proxy !== undefined) await through(socket, address, options, signal, this.clock);
        const remote = formatHostPort(socket.remoteAddress, socket.remotePort);
        if (!isSelfConnected(socket))
          return this.wrap(socket, () => this.layer.connected(socket, remote, options, this.clock, address), options);
        socket.destroy();
        failure = new ZmqError("ECONNREFUSED", `connect ${address.endpoint}: nobody listens there`);
      } catch (error) {
        failure = error as ZmqError;
      }
    }
    throw failure ?? new ZmqError("ECANCELED", `connect ${address.endpoint}: given up`);
  }

  async resolve(address: TcpAddress, options: TransportOptions): Promise<readonly TcpAddress[]> {
    const { ipv6 } = options;
    // A proxy looks names up itself.
    if (proxyOf(options) !== undefined) return [address];
    const { port, source } = address;
    const from = source === undefined ? "" : `${formatHostPort(source.host, source.port)};`;
    const hosts = new Set(await resolve(address, ipv6, this.lookup));
    return Array.from(hosts, (host) => ({
      endpoint: `${this.scheme}://${from}${formatHostPort(host, port)}`,
      host,
      port,
      source,
      name: address.host,
    }));
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    return createStreamEngine(connection, setup, host);
  }

  private accept(socket: Socket, remote: string, options: TransportOptions, host: ListenerHost): void {
    let connection: Connection;
    try {
      connection = this.wrap(socket, () => this.layer.accepted(socket, remote, options, this.clock), options);
    } catch (error) {
      // The system does not let this program set an option, or certificate and key do not go together.
      host.acceptFailed(new ZmqError(errorCodeOf(error, "EACCES"), `${remote}: ${(error as Error).message}`), remote);
      return;
    }
    host.accepted(connection);
  }

  /** @throws ZmqError, and the socket is gone then */
  private wrap(socket: Socket, layer: () => Connection, options: TransportOptions): Connection {
    try {
      applyNetOptions(socket, options);
      return layer();
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }
}

/** Where to listen. */
function whereOf(address: TcpAddress, { backlog, ipv6, useFd }: TransportOptions): ListenOptions & { fd?: number } {
  if (useFd >= 0) return { fd: useFd, backlog };
  return { host: bindAddress(address, ipv6), port: address.port, backlog, ipv6Only: false };
}

/** What to bind to. Only addresses and interfaces of this machine will do: host names are not resolved, as with libzmq. */
function bindAddress(address: TcpAddress, ipv6: boolean): string {
  const { host, endpoint } = address;
  if (host === "*") return ipv6 ? "::" : "0.0.0.0";
  if (isIP(host.split("%")[0] as string) !== 0) return host;
  const found = addressOfInterface(host, ipv6);
  if (found !== undefined) return found;
  throw new ZmqError(
    "ENODEV",
    `bind ${endpoint}: ${host} is neither an address nor a network interface of this machine; use *, an IP address or an interface name`,
    { address: endpoint, syscall: "bind" },
  );
}

async function sourceOf(
  source: HostPort | undefined,
  options: TransportOptions,
  lookup: Lookup,
): Promise<Pick<TcpNetConnectOpts, "localAddress" | "localPort">> {
  if (source === undefined) return {};
  const port = source.port === 0 ? {} : { localPort: source.port };
  if (source.host === "*") return port;
  const local =
    addressOfInterface(source.host, options.ipv6) ?? (await addressesOf(source.host, options.ipv6, lookup))[0];
  return local === undefined ? port : { localAddress: local, ...port };
}

async function resolve(address: TcpAddress, ipv6: boolean, lookup: Lookup): Promise<readonly string[]> {
  try {
    return await addressesOf(address.host, ipv6, lookup);
  } catch (error) {
    const text = `connect ${address.endpoint}: the name ${address.host} cannot be resolved`;
    throw new ZmqError("EHOSTUNREACH", text, { address: address.endpoint, cause: error });
  }
}

/** All addresses of a host. Without the `ipv6` option those of IPv4, and of IPv6 only where there is no other. */
async function addressesOf(host: string, ipv6: boolean, lookup: Lookup): Promise<readonly string[]> {
  if (isIP(host.split("%")[0] as string) !== 0) return [host];
  const all = await lookup(host);
  const ipv4 = all.filter((each) => each.family === 4);
  return (ipv6 || ipv4.length === 0 ? all : ipv4).map((each) => each.address);
}

/** Rejects with a ZmqError, and the socket is gone then. */
async function through(
  socket: Socket,
  address: TcpAddress,
  options: TransportOptions,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  const { endpoint } = address;
  const { handshakeInterval = 0 } = options;
  const text = `connect ${endpoint}: the SOCKS proxy did not answer in ${handshakeInterval} ms`;
  const late = (): unknown => socket.destroy(new ZmqError("ETIMEDOUT", text, { address: endpoint }));
  const timer = handshakeInterval > 0 ? clock.setTimer(handshakeInterval, late) : undefined;
  try {
    await askProxy(socket, address, options, endpoint, signal);
  } catch (error) {
    socket.on("error", () => {}).destroy();
    throw error;
  } finally {
    timer?.cancel();
  }
}

/** TCP lets a socket connect to itself when its source port happens to be the port it wants to reach. */
function isSelfConnected(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}
