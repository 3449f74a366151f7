// SPDX-License-Identifier: MIT
/**
 * The contract of a transport: one scheme's way to reach a peer. A transport knows addresses, listeners and connections;
 * it knows no socket types. Concrete transports reach a socket only through the list in `runtime/`.
 */
import type { AcceptFilter } from "../base/accept-filter.ts";
import type { ZmqError } from "../base/errors.ts";
import type { Secret } from "../base/pem.ts";
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import type { FrameGuard } from "../pipe/frame-guard.ts";
import type { Keyer } from "../pipe/keyed.ts";
import type { Peer, Pipe } from "../pipe/pipe.ts";

/** What transports with certificates look at. Absent: as null, or false. */
export interface TlsOptions {
  /** PEM, each: this side's key, and its certificate with those between it and the authority. */
  tlsKey?: Secret | null;
  tlsCertificate?: Secret | null;
  /** Opens the key. */
  tlsPassphrase?: Secret | null;
  /** The authorities that are trusted, as PEM; null: those of the runtime. */
  tlsTrust?: Secret | null;
  /** What a server must be called; null: as the endpoint has it. */
  tlsServerName?: string | null;
  /** Clients must have a certificate of a trusted authority. */
  tlsRequireClient?: boolean;
  tlsMinVersion?: "1.2" | "1.3";
  /** libzmq's names of the same for wss. */
  wssKeyPem?: Secret | null;
  wssCertPem?: Secret | null;
  wssTrustPem?: Secret | null;
  wssHostname?: string | null;
  /** With `wssTrustPem`: the authorities of the runtime as well. */
  wssTrustSystem?: boolean;
}

/** The options that transports look at. */
export interface TransportOptions extends TlsOptions {
  /** Connections that may wait to be accepted. */
  backlog: number;
  ipv6: boolean;
  /** −1 leaves it to the system, 0 is off, 1 is on. */
  tcpKeepalive: number;
  /** Seconds; −1 leaves it to the system. */
  tcpKeepaliveIdle: number;
  /** Seconds between probes; −1 leaves it to the system. */
  tcpKeepaliveInterval: number;
  /** Probes without an answer before the connection is lost; −1 leaves it to the system. */
  tcpKeepaliveCount: number;
  /** Octet for the header of each IP packet. */
  typeOfService: number;
  /** Lets in only peers from these networks; empty: from everywhere. */
  tcpAcceptFilter: readonly AcceptFilter[];
  /** Of connections over TCP: the SOCKS5 proxy, `host:port`, and who this side is there. Absent: as null. */
  socksProxy?: string | null;
  socksUsername?: string | null;
  socksPassword?: string | null;
  /** Milliseconds that a proxy may take for its answers, beside what else must be agreed on. Absent: 0, as many as it likes. */
  handshakeInterval?: number;
  /** Datagrams to groups: how many routers they may pass, and whether this machine hears them. Absent: 1, and it does. */
  multicastHops?: number;
  multicastLoop?: boolean;
  /** A descriptor that listens already, to be taken over by a bind; −1: none. */
  useFd: number;
  /** An HTTP server of the application's to accept at, in the place of an address of its own. */
  server?: unknown;
  /** The socket's values of now, for what endpoints do not keep from when they were made: key, certificate and trust. */
  live?: TlsOptions;
}

/** A bound address that accepts connections. */
export interface Listener {
  /** The endpoint as it is really bound, wildcards replaced: `tcp://127.0.0.1:49152`. */
  readonly endpoint: string;
  /** Stops accepting; resolves once the address is free again. Connections that were accepted stay. */
  close(): Promise<void>;
}

/** What a listener calls. */
export interface ListenerHost {
  accepted(connection: Connection): void;
  /** A connection was refused (filter) or could not be accepted; `remote`: whose, where that is known. */
  acceptFailed(error: ZmqError, remote?: string): void;
}

/** A parsed address; opaque to all but its transport. */
export interface Address {
  /** The endpoint as the application wrote it, scheme included. */
  readonly endpoint: string;
}

/** One scheme's way to reach a peer. */
export interface Transport {
  /** What stands before `://`. */
  readonly scheme: string;
  /** True where the system decides an attempt to connect at once, so that there is no delay to tell of. */
  readonly connectsAtOnce?: boolean;
  /**
   * True where nobody connects, as with datagrams: an endpoint has one `Connection` for all who are there, whose `received` gives one
   * datagram a call and whose `write` sends each chunk as one. `listen` calls `accepted` with it, once, before it resolves. Engines
   * say `handshaken` in `start`; what is sent before that waits in the pipe.
   */
  readonly isConnectionless?: boolean;
  /**
   * @throws ZmqError `EINVAL` and others that need no network; wildcards only for bind. `ENOCOMPATPROTO` where a socket of this type
   * has no use for it
   */
  parse(address: string, use: "bind" | "connect", socketType?: string): Address;
  /** Checks, before anything is done, whether these options will do. @throws ZmqError `EINVAL`, `ENOTSUP` */
  prepare?(address: Address, options: TransportOptions, use: "bind" | "connect"): void;
  /** @throws ZmqError `EADDRINUSE`, `EADDRNOTAVAIL`, `ENODEV`, `EACCES` (rejects) */
  listen(address: Address, options: TransportOptions, host: ListenerHost): Promise<Listener>;
  /** The same, done when it returns, for `bindSync`. @throws ZmqError also `ENOTSUP` where the runtime cannot */
  listenSync?(address: Address, options: TransportOptions, host: ListenerHost): Listener;
  /** Tries once. Rejects with a ZmqError; an aborted signal gives up at once. */
  connect(address: Address, options: TransportOptions, signal: AbortSignal): Promise<Connection>;
  /**
   * All addresses that the host of an address has now, each as an address to connect to. Rejects where there are none. Without
   * it, an address is one address.
   */
  resolve?(address: Address, options: TransportOptions): Promise<readonly Address[]>;
  /** The engine for this transport's connections. */
  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine;
}

/** One socket, as a transport within the process sees it. */
export interface PipeSide {
  readonly sendHighWaterMark: number;
  readonly receiveHighWaterMark: number;
  /** Keep only the newest message (`ZMQ_CONFLATE`). */
  readonly conflate: boolean;
  /** The same in octets; undefined: no limit. */
  readonly sendHighWaterMarkBytes?: number;
  readonly receiveHighWaterMarkBytes?: number;
  /** Keep the newest message of each key, of those that it sends, and that it receives. */
  readonly sendingKeyer?: Keyer | undefined;
  readonly receivingKeyer?: Keyer | undefined;
  /** How the other side shall know this one. */
  readonly peer: Peer;
  readonly guard: FrameGuard | undefined;
  /** Takes one end of a new pipe. */
  attach(pipe: Pipe, isLocal: boolean): void;
}

/** A bound or connected name; closing it gives the name back and leaves the pipes alone. */
export interface PipeEndpoint {
  close(): void;
}

/**
 * A way to reach sockets of the same process. It hands out the two ends of one pipe: there are no octets, so there is no
 * connection and no engine either, and a bind is done at once.
 */
export interface PipeTransport {
  readonly scheme: string;
  /** @throws ZmqError `EINVAL`, `EADDRINUSE` */
  bind(address: string, side: PipeSide): PipeEndpoint;
  /** Connects, now or when the name is bound. @throws ZmqError `EINVAL` */
  connect(address: string, side: PipeSide): PipeEndpoint & { readonly pipe: Pipe };
  /** True when somebody has bound this name. */
  isBound(address: string): boolean;
}
