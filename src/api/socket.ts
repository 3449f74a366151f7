// SPDX-License-Identifier: MIT
/** The base of all typed sockets: endpoints, options that all have, events, closing. The types are in `sockets/`. */
import type { AuthorizeOption } from "../auth/authorization.ts";
import { ZmqError } from "../base/errors.ts";
import type { SocketType } from "../pattern/socket-type.ts";
import type { Jitter, ReconnectStop } from "../socket/options.ts";
import type { SocketCore } from "../socket/socket.ts";
import type { PeerStatistics, SocketStatistics } from "../socket/statistics.ts";
import type { Context } from "./context.ts";
import type { GssapiOptions } from "./gssapi-options.ts";
import type { LimitOptions } from "./limit-options.ts";
import { NumberedOptions } from "./numbered-options.ts";
import { Observer } from "./observer.ts";
import { defineOptions, setInitialOptions } from "./option-accessors.ts";
import type { NetworkOptions, PlatformOptions } from "./platform-options.ts";
import { SocketWorks } from "./socket-works.ts";
import type { TlsSocketOptions } from "./tls-options.ts";

export type { ConflateByKey, Jitter, ReconnectStop } from "../socket/options.ts";

/** How to close a socket. */
export interface CloseOptions {
  /** Milliseconds that unsent messages have; −1 for ever, 0 none. Default: the socket's `linger` option. */
  linger?: number | undefined;
}

/** A server of `node:http` or `node:https`, whether it listens already or not. */
export interface UpgradeServer {
  on(event: string, listener: (...details: never) => void): unknown;
}

/** How to bind. */
export interface BindOptions {
  /**
   * Accepts peers at a path of this HTTP server, in the place of an address of its own: `bind("ws://0.0.0.0:0/feed", { server })`, and
   * `wss://` where the server speaks TLS. Upgrades to other paths are left to the program.
   */
  server?: UpgradeServer | undefined;
}

/** How to connect. */
export interface ConnectOptions {
  /**
   * `"all"`: one connection to each address of the host name, instead of one to the first that answers. New addresses are connected
   * to, and those that are gone let go; `disconnect` with the name ends all. Events have the single addresses.
   */
  resolve?: "all" | undefined;
  /** With it: milliseconds after which the name is asked for anew, besides whenever a peer is lost; 0: only then. Default 30000. */
  resolveInterval?: number | undefined;
}

/** Options that every socket has. Those not marked otherwise take effect at the next bind or connect. */
export interface SocketOptions extends NetworkOptions, PlatformOptions, GssapiOptions, LimitOptions, TlsSocketOptions {
  /**
   * How long unsent messages are kept after `close`, in milliseconds: −1 for ever, 0 not at all. Takes effect at once.
   * Default −1; 0 for SUB and XSUB.
   */
  linger: number;
  /** Delay before a lost connection is tried again, in milliseconds, up to doubled at random; 0 or −1: never. Default 100. */
  reconnectInterval: number;
  /** Longest delay between attempts, in milliseconds: each doubles the one before. 0: no doubling. Default 0. */
  reconnectMaxInterval: number;
  /**
   * When to stop reconnecting: the peer refused the connection, its handshake failed (for whatever reason), it was lost, or the
   * authenticator said no, even if only for now. A list of names, or libzmq's bits: 1 refused, 2 handshake, 4 disconnect. Default 0.
   */
  reconnectStop: number | readonly ReconnectStop[];
  /** How many attempts in a row may fail before the endpoint is given up; an attempt lasts until the handshake is done. 0: no limit. Default 0. */
  reconnectAttempts: number;
  /**
   * How the delays before new attempts are spread, so that clients of one server do not all come back together: with `"full"` a
   * random time up to the interval, with `"half"` half of it and up to as much again at random, with `"none"` exactly the interval.
   * Default null, as libzmq: the interval and up to as much again at random; with `reconnectMaxInterval` exactly the interval.
   */
  reconnectJitter: Jitter | null;
  /** Connections that may wait to be accepted. Default 100. */
  backlog: number;
  /** Longest frame that a peer may send, in octets; a longer one ends its connection. −1: no limit. Default −1. */
  maxMessageSize: number;
  /** TCP keepalive: 1 on, 0 off, −1 as the system has it. Default −1. */
  tcpKeepalive: number;
  /** Seconds of silence before the first TCP keepalive probe; −1 as the system has it. Default −1. */
  tcpKeepaliveIdle: number;
  /**
   * Accept only peers from these networks, `address` or `address/bits`. Each text that is set adds one; a list takes the place of
   * all, and null lets everybody in. Reads as one text, with commas. Default null.
   */
  get tcpAcceptFilter(): string | null;
  set tcpAcceptFilter(value: string | readonly string[] | null);
  /** Queue messages only for connections that stand, not for those under way. Default false. */
  immediate: boolean;
  /** Bind and connect with IPv6 too. Default false, or the context's. */
  ipv6: boolean;
  /** Ask peers for a user name and a password (PLAIN, RFC 24); needs `authorize` or a ZAP handler. Default false. */
  plainServer: boolean;
  /** User name for PLAIN, 1 to 255 octets. Default null. */
  plainUsername: string | null;
  /** Password for PLAIN, 1 to 255 octets. Default null. */
  plainPassword: string | null;
  /**
   * Serve CURVE clients (RFC 26): they know this side's public key, and this side has the secret one in `curveSecretKey`. Default false.
   */
  curveServer: boolean;
  /** This side's own public key for CURVE, which a client shows its server. 32 octets, or 40 characters of Z85 as it reads. Default null. */
  curvePublicKey: string | null;
  /** This side's own secret key for CURVE. 32 octets, or 40 characters of Z85 as it reads. Default null. */
  curveSecretKey: string | null;
  /** The public key of the CURVE server to connect to: this side is a client. 32 octets, or 40 characters of Z85. Default null. */
  curveServerKey: string | null;
  /** Domain to name to the authenticator (RFC 27); with NULL security, the authenticator is asked only when set. Default null. */
  zapDomain: string | null;
  /** Refuse peers when a domain is set and no authenticator is there. Default false. */
  zapEnforceDomain: boolean;
  /**
   * Decides who may come in, instead of a ZAP handler: a function that is asked about each peer and says `true`, or who it is; a `Set` of
   * the CURVE public keys that may; or an {@link Authenticator}. Whatever is no clear yes refuses the peer. For the side that is `plainServer` or
   * `curveServer`, or any side with NULL. Default null: the ZAP handler is asked, where there is one.
   */
  authorize: AuthorizeOption | null;
  /** Time a peer has to finish its handshake, in milliseconds; 0: no limit. Default 30000. */
  handshakeInterval: number;
  /** Send a PING after each such time, in milliseconds; 0: never. Default 0. */
  heartbeatInterval: number;
  /** Close a connection that stays silent so long after a PING, in milliseconds; −1: as the interval. Default −1. */
  heartbeatTimeout: number;
  /** Ask the peer to close when it hears nothing for so long, in milliseconds, rounded down to hundreds; 0: do not ask. Default 0. */
  heartbeatTimeToLive: number;
  /** Time that one attempt to connect may take, in milliseconds; 0: as long as the system allows. Default 0. */
  connectTimeout: number;
}

/** What the constructor of a socket takes: any of its options, and a context. */
export type Init<Options> = {
  [K in keyof Options as K extends "threadSafe" | "topicsCount" ? never : K]?: Options[K] | Settable<K> | undefined;
} & {
  /** Default: the global context. */
  context?: Context | undefined;
};

/** What an option takes besides what it is read as. */
type Settable<Name> = Name extends "tcpAcceptFilter"
  ? readonly string[]
  : Name extends "routingId" | `${string}Message` | `curve${string}Key` | "tlsKey" | "tlsPassphrase" | "wssKeyPem"
    ? Uint8Array
    : Name extends "tlsCertificate" | "tlsTrust" | "wssCertPem" | "wssTrustPem"
      ? Uint8Array | readonly (string | Uint8Array)[]
      : never;

/** What all sockets have. The properties are made from the table of options. */
export interface Socket extends SocketOptions {}

/** What all sockets have. Made through the classes of its types, such as {@link Publisher}. */
export abstract class Socket extends NumberedOptions {
  /** The context of sockets that are given none. */
  static readonly context: Context | undefined = undefined;

  /** What is particular to the type of a class. @internal */
  static readonly row: SocketType | undefined = undefined;

  /** @internal */
  readonly works: SocketWorks;

  constructor(options: Init<object> = {}) {
    super();
    const { row } = new.target;
    if (row === undefined) throw new TypeError("Sockets are made through the classes of their types");
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object");
    const { context = new.target.context, ...values } = options;
    if (context === undefined) throw new TypeError("A context is missing: import sockets from the package's entry");
    this.works = new SocketWorks(context, row);
    try {
      setInitialOptions(this.works, values);
    } catch (error) {
      context.leave(this.works);
      throw error;
    }
    Object.preventExtensions(this);
  }

  /** The context of this socket. */
  get context(): Context {
    return this.works.context;
  }

  /** libzmq's number of the socket type (`ZMQ_TYPE`). */
  get type(): number {
    return this.works.core.type.id;
  }

  /** True once the socket was closed. */
  get closed(): boolean {
    return this.works.core.isClosed;
  }

  /** True when a receive would not have to wait. */
  get readable(): boolean {
    return this.works.core.canReceive();
  }

  /** True when a send would not have to wait. */
  get writable(): boolean {
    return this.works.core.canSend();
  }

  /** The endpoint that was bound or connected last, with the real port or path in the place of a wildcard; null: none yet. */
  get lastEndpoint(): string | null {
    return this.works.core.endpoints.last;
  }

  /** The security mechanism that the options ask for; null for NULL. */
  get securityMechanism(): null | "plain" | "curve" | "gssapi" {
    return this.works.core.options.mechanism;
  }

  /** What happens to endpoints and connections, from the first use of this property on. Always the same object. */
  get events(): Observer {
    const socketWorks = this.works;
    socketWorks.observer ??= new Observer(this);
    return socketWorks.observer;
  }

  /**
   * Accepts peers at an endpoint, such as `tcp://127.0.0.1:5555`, `tcp://*:0` for any free port, `ipc:///tmp/feed`,
   * `inproc://jobs`. See `lastEndpoint` for what a wildcard became.
   * @throws ZmqError `EINVAL`, `EPROTONOSUPPORT`, `EADDRINUSE`, `EADDRNOTAVAIL`, `ENODEV`, `EACCES`, `ENAMETOOLONG`, `EBADF`
   */
  async bind(address: string, options: BindOptions = {}): Promise<void> {
    const { hold } = this.works;
    const core = this.openCore("bind", address);
    hold.hold();
    try {
      await core.bind(address, options.server);
    } catch (error) {
      // Closed meanwhile, as its context was terminated.
      if ((error as ZmqError).code === "EBADF") core.requireOpen("bind", address);
      throw error;
    } finally {
      hold.release();
    }
  }

  /**
   * Stops accepting at an endpoint, given as `lastEndpoint` showed it, and ends the connections that came through it.
   * @throws ZmqError `ENOENT` when it is not bound, `EBADF`
   */
  async unbind(address: string): Promise<void> {
    await this.openCore("unbind", address).endpoints.unbind(address);
  }

  /**
   * The same as `bind`, done when it returns. It makes the program wait for the system, so prefer `bind`.
   * @throws ZmqError as `bind`, and `ENOTSUP` where a transport or the runtime cannot
   */
  bindSync(address: string, options: BindOptions = {}): void {
    this.openCore("bind", address).bindSync(address, options.server);
  }

  /**
   * The same as `unbind`: the address is free when it returns.
   * @throws ZmqError `ENOENT` when it is not bound, `EBADF`
   */
  unbindSync(address: string): void {
    void this.openCore("unbind", address).endpoints.unbind(address);
  }

  /**
   * Connects to an endpoint and stays connected: whenever the connection is lost it is tried again. Returns at once.
   * @throws ZmqError `EINVAL`, `EPROTONOSUPPORT`, `ENAMETOOLONG`, `EBADF`
   */
  connect(address: string, options?: ConnectOptions): void {
    this.openCore("connect", address).connect(address, undefined, resolveIntervalOf(options));
  }

  /**
   * Ends the connections to an endpoint. What is unsent gets the time that `linger` allows.
   * @throws ZmqError `ENOENT` when it is not connected, `EBADF`
   */
  disconnect(address: string): void {
    this.openCore("disconnect", address).endpoints.disconnect(address);
  }

  /**
   * Who is there: a snapshot of all peers, with what was counted for each. An inproc peer has no address. Where a connection
   * is being set up, or was lost, the peer is in the list with `isConnected: false`.
   */
  peers(): PeerStatistics[] {
    return this.works.core.peers.list();
  }

  /**
   * What happened to messages so far: sent, received, waiting, dropped and why; of all peers together, also of those that have
   * gone, and of each that is there. Goes through what waits, so it is nothing to be called for every message. Also good after `close`.
   */
  statistics(): SocketStatistics {
    return this.works.core.peers.statistics();
  }

  /**
   * Closes the socket. What waits is settled at once: a send or receive that can still be done is done, the others fail
   * with `EAGAIN`. The promise resolves when all that was sent has left, or the time that `linger` allows is up.
   * Called again with a `linger`, it gives what is still unsent that time from then on.
   */
  close(options?: CloseOptions): Promise<void> {
    return this.works.close(options?.linger);
  }

  /**
   * Keeps the program alive from now on, whether anything waits or not, until `unref` or `close`. A socket that was never
   * told does so only while a call waits.
   */
  ref(): this {
    this.works.hold.ref();
    return this;
  }

  /** Lets the program end, even while calls of this socket wait, until `ref`. What is unsent still has the time that `linger` allows. */
  unref(): this {
    this.works.hold.unref();
    return this;
  }

  /** Closes at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  protected openCore(verb: string, address: unknown): SocketCore {
    if (typeof address !== "string") throw new TypeError("Address must be a string");
    const { core } = this.works;
    core.requireOpen(`${verb} ${address}`, address);
    return core;
  }
}

/** After how long to ask for the addresses of a name; undefined: one of them will do. @throws TypeError, ZmqError `EINVAL` */
export function resolveIntervalOf({ resolve, resolveInterval = 30_000 }: ConnectOptions = {}): number | undefined {
  if (resolve !== undefined && resolve !== "all") throw new ZmqError("EINVAL", 'connect: resolve is "all" or nothing');
  if (!(resolveInterval >= 0))
    throw new ZmqError("EINVAL", `connect: resolveInterval is a time, not ${resolveInterval}`);
  return resolve === undefined ? undefined : resolveInterval;
}

defineOptions(Socket.prototype);
