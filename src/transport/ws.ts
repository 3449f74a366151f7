// SPDX-License-Identifier: MIT
/**
 * The ws and wss transports (ZWS 2.0, RFC 45): `ws://host:port/path`. Addresses, listening and TLS are those of `tcp.ts` and `tls.ts`;
 * WebSocket itself is the dialect of the engines. An endpoint can also be a path of an HTTP server that the application has: `ws-mount.ts`.
 */
import type * as crypto from "node:crypto";
import { encodeText } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { ZmtpEngine } from "../engine/zmtp-engine.ts";
import { type WebSocketCrypto, type WebSocketTarget, ZwsDialect } from "../engine/zws-dialect.ts";
import type { Head, UpgradeRequest } from "../wire/ws-upgrade.ts";
import { builtin } from "./builtin.ts";
import { NetConnection } from "./net-connection.ts";
import { type Lookup, plainLayer, type TcpLayer, TcpTransport } from "./tcp.ts";
import type { TcpAddress } from "./tcp-address.ts";
import { TlsLayer } from "./tls.ts";
import type { Listener, ListenerHost, TlsOptions, Transport, TransportOptions } from "./transport.ts";
import { type HttpServer, mount } from "./ws-mount.ts";

/** A parsed ws address. */
export interface WsAddress extends TcpAddress {
  /** From its slash on. */
  readonly path: string;
}

/** What a path may consist of: printable ASCII, as RFC 3986 has it. */
const PATH = /^\/[!-"$-~]*$/;
/** Random octets that are fetched at once. */
const POOL = 4096;

/** The transport for `ws://` endpoints. */
export function createWsTransport(clock: Clock, lookup?: Lookup): Transport {
  return new WsTransport(clock, { ...plainLayer, scheme: "ws" }, lookup);
}

/** The transport for `wss://` endpoints: with libzmq's options where they are set, and those of TLS otherwise. */
export function createWssTransport(clock: Clock, lookup?: Lookup): Transport {
  return new WsTransport(clock, new TlsLayer("wss", asTls), lookup);
}

function asTls(options: TlsOptions): TlsOptions {
  const { wssKeyPem, wssCertPem, wssTrustPem, wssHostname } = options;
  return {
    ...options,
    tlsKey: wssKeyPem ?? options.tlsKey ?? null,
    tlsCertificate: wssCertPem ?? options.tlsCertificate ?? null,
    tlsTrust: wssTrustPem ?? options.tlsTrust ?? null,
    tlsServerName: wssHostname ?? options.tlsServerName ?? null,
  };
}

class WsTransport implements Transport {
  readonly scheme: string;
  private readonly clock: Clock;
  private readonly below: TcpTransport;
  private readonly crypto = new NodeWebSocketCrypto();
  /** What connections that were made here ask for; all others answer. */
  private readonly targets = new WeakMap<Connection, WsAddress>();
  /** Addresses of servers without mechanisms. */
  private readonly bare = new WeakSet<WsAddress>();
  /** Requests that an HTTP server has read. */
  private readonly heads = new WeakMap<Connection, Head>();

  constructor(clock: Clock, layer: TcpLayer, lookup: Lookup | undefined) {
    this.clock = clock;
    this.scheme = layer.scheme;
    this.below = new TcpTransport(clock, lookup, layer);
  }

  parse(address: string, use: "bind" | "connect"): WsAddress {
    const slash = address.indexOf("/");
    const path = slash < 0 ? "/" : address.slice(slash);
    const endpoint = `${this.scheme}://${address}`;
    if (!PATH.test(path)) {
      const text = `${use} ${endpoint}: a path has printable ASCII characters only, and no #; escape others as %XX`;
      throw new ZmqError("EINVAL", text, { address: endpoint, syscall: use });
    }
    return { ...this.below.parse(slash < 0 ? address : address.slice(0, slash), use), endpoint, path };
  }

  prepare(address: WsAddress, options: TransportOptions, use: "bind" | "connect"): void {
    // A server that somebody else has, has its own certificates.
    if (options.server === undefined || use === "connect") this.below.prepare(address, options, use);
  }

  async listen(address: WsAddress, options: TransportOptions, host: ListenerHost): Promise<Listener> {
    const { server } = options;
    if (server !== undefined) return this.mount(server as HttpServer, address, host);
    return this.withPath(await this.below.listen(address, options, host), address);
  }

  listenSync(address: WsAddress, options: TransportOptions, host: ListenerHost): Listener {
    const { server } = options;
    if (server !== undefined) return this.mount(server as HttpServer, address, host);
    return this.withPath(this.below.listenSync(address, options, host), address);
  }

  private mount(server: HttpServer, address: WsAddress, host: ListenerHost): Listener {
    return mount(server, this.scheme, address, (socket, remote, head) => {
      const connection = new NetConnection(socket, remote, this.clock);
      this.heads.set(connection, head);
      host.accepted(connection);
    });
  }

  private withPath(listener: Listener, { path }: WsAddress): Listener {
    return { endpoint: `${listener.endpoint}${path}`, close: () => listener.close() };
  }

  async connect(address: WsAddress, options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    const connection = await this.below.connect(address, options, signal);
    this.targets.set(connection, address);
    return connection;
  }

  async resolve(address: WsAddress, options: TransportOptions): Promise<readonly WsAddress[]> {
    const { path } = address;
    const all = await this.below.resolve(address, options);
    return all.map((each) => ({ ...each, endpoint: `${each.endpoint}${path}`, path }));
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    const target = this.targets.get(connection);
    const dialect = new ZwsDialect({
      crypto: this.crypto,
      target: target === undefined ? undefined : this.targetOf(target, setup),
      head: this.heads.get(connection),
      closing: () => connection.end(),
      asked: (request) => {
        connection.facts = factsOf(request, connection.facts);
      },
    });
    connection.farewell = () => dialect.farewell(setup.slabs);
    return new ZmtpEngine(connection, setup, host, dialect);
  }

  /** jszmq's servers agree on whatever is offered first, and speak ZWS without a mechanism all the same. */
  private targetOf(address: WsAddress, setup: EngineSetup): WebSocketTarget {
    const canBeBare = !setup.requiresSecurity;
    return {
      host: hostOf(address, this.scheme),
      path: address.path,
      isBare: canBeBare && this.bare.has(address),
      ...(canBeBare ? { foundBare: () => void this.bare.add(address) } : {}),
    };
  }
}

/** As the Host of a request: the name, where the host is one of its addresses, and the port where it is not the usual one. */
function hostOf({ name, host, port }: WsAddress, scheme: string): string {
  const shown = name ?? (host.includes(":") ? `[${host.replace(/%.*$/, "")}]` : host);
  return port === (scheme === "wss" ? 443 : 80) ? shown : `${shown}:${port}`;
}

/** What a request tells of a peer, by names that no peer can give: the path that it asked for, and the page it comes from. */
function factsOf({ path, fields }: UpgradeRequest, before: Connection["facts"]): ReadonlyMap<string, Uint8Array> {
  const facts = new Map(before ?? []);
  facts.set("Ws-Path", encodeText(path.slice(0, 1024)));
  const origin = fields.get("origin");
  if (origin !== undefined) facts.set("Ws-Origin", encodeText(origin.slice(0, 1024)));
  return facts;
}

/** `node:crypto`, loaded with the first connection. */
class NodeWebSocketCrypto implements WebSocketCrypto {
  private module: typeof crypto | undefined = undefined;
  private pool = new DataView(new ArrayBuffer(POOL));
  private used = POOL;

  digest(text: string): string {
    this.module ??= builtin<typeof crypto>("node:crypto");
    return this.module.createHash("sha1").update(text).digest("base64");
  }

  nextMask(): number {
    if (this.used === POOL) {
      globalThis.crypto.getRandomValues(new Uint8Array(this.pool.buffer));
      this.used = 0;
    }
    const mask = this.pool.getUint32(this.used);
    this.used += 4;
    return mask;
  }

  createKey(): string {
    return btoa(String.fromCharCode(...globalThis.crypto.getRandomValues(new Uint8Array(16))));
  }
}
