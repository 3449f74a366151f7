// SPDX-License-Identifier: MIT
/**
 * ZeroMQ in pure TypeScript, for Node.js, Bun and Deno. The names are those of npm `zeromq` 6.
 * @packageDocumentation
 */

import { type Capability, capabilityOf, hasCapability } from "./api/about.ts";
import { type AuthenticatorOptions, Authenticator as CoreAuthenticator } from "./api/authenticator.ts";
import { Certificate as CoreCertificate } from "./api/certificate.ts";
import { type ContextOptions, Context as CoreContext } from "./api/context.ts";
import { type CurveKeyPair, curveKeyPairOf, curvePublicKeyOf } from "./api/curve-keys.ts";
import type { MessageInput } from "./api/parts.ts";
import { Poller as CorePoller } from "./api/poller.ts";
import type { Readable as CoreReadable, ReadableOptions } from "./api/readable.ts";
import type { Socket } from "./api/socket.ts";
import * as sockets from "./api/sockets.ts";
import { Timers as CoreTimers } from "./api/timers.ts";
import type { OptionsOf } from "./api/types.ts";
import type { CallOptions } from "./api/waiters.ts";
import type { WritableOptions } from "./api/writable.ts";
import { type Z85, z85Of } from "./api/z85.ts";
import { nodeRuntime } from "./runtime/node.ts";

/** A context: its sockets share an inproc namespace, defaults and limits. Most programs use the global {@link context}. */
export class Context extends CoreContext<Sockets> {
  constructor(options?: ContextOptions) {
    super(nodeRuntime, () => classes, options);
  }
}

/** The global context, which sockets use when they are given none. */
export const context: Context = new Context();

/** Exactly one peer, both ways (RFC 31). */
export class Pair extends sockets.Pair<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends each message to every peer that subscribed to a prefix of it (RFC 29). */
export class Publisher extends sockets.Publisher {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives what its publishers send, filtered by prefixes (RFC 29). */
export class Subscriber extends sockets.Subscriber<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** A publisher that receives its peers' subscriptions (RFC 29). */
export class XPublisher extends sockets.XPublisher<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** A subscriber that sends its subscriptions as messages (RFC 29). */
export class XSubscriber extends sockets.XSubscriber<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends a request, then receives its reply, in turns (RFC 28). */
export class Request extends sockets.Request<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives a request, then sends its reply, in turns (RFC 28). */
export class Reply extends sockets.Reply<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn, receives from all of them fairly (RFC 28). */
export class Dealer extends sockets.Dealer<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all peers with their routing ids, sends to the one that is named (RFC 28). */
export class Router extends sockets.Router<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn (RFC 30). */
export class Push extends sockets.Push {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its peers fairly (RFC 30). */
export class Pull extends sockets.Pull<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Speaks to plain TCP peers. */
export class Stream extends sockets.Stream<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its clients with their numbers, sends to the one that is named (RFC 41). */
export class Server extends sockets.Server<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its servers in turn, receives from all of them fairly; messages have one part (RFC 41). */
export class Client extends sockets.Client<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends each message to every peer that joined its group (RFC 48). */
export class Radio extends sockets.Radio {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives what is sent to the groups that it joined (RFC 48). */
export class Dish extends sockets.Dish<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its peers fairly; messages have one part (RFC 49). */
export class Gather extends sockets.Gather<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn; messages have one part (RFC 49). */
export class Scatter extends sockets.Scatter {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends and receives plain datagrams: an address and a body. */
export class Datagram extends sockets.Datagram<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** One among equals: connects and is connected to, and knows each peer by a number (RFC 51). */
export class Peer extends sockets.Peer<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Exactly one peer, both ways; messages have one part (RFC 52). */
export class Channel extends sockets.Channel<Buffer> {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}

/**
 * Waits for several sockets at once (zmq_poller(3)).
 * @example
 * ```ts
 * const poller = new Poller();
 * poller.add(receiver);
 * poller.add(sender, POLLOUT);
 * const { socket, readable } = await poller.wait({ timeout: 1000 });
 * ```
 */
export class Poller<Data = unknown> extends CorePoller<Data> {
  constructor() {
    super(nodeRuntime);
  }
}

/**
 * Recurring timers (zmq_timers(3)): run them, or execute what is due in a loop of your own.
 * @example
 * ```ts
 * const timers = new Timers();
 * timers.add(1000, () => console.log("every second"));
 * await timers.run();
 * ```
 */
export class Timers extends CoreTimers {
  constructor() {
    super(nodeRuntime);
  }
}

/** What is there and what is not, on this runtime. */
export const capability: Capability = /* @__PURE__ */ capabilityOf(nodeRuntime);

/** Whether a capability is there, by libzmq's name for it, such as `"curve"` (`zmq_has`). */
export function has(name: string): boolean {
  return hasCapability(capability, name);
}

/**
 * Z85 (RFC 32): octets as printable text, as CURVE keys are written.
 * @example
 * ```ts
 * z85.encode(Buffer.from("864fd26fb559f75b", "hex")); // "HelloWorld"
 * ```
 */
export const z85: Z85<Buffer> = /* @__PURE__ */ z85Of(nodeRuntime);

/**
 * A fresh pair of keys for CURVE, in Z85: the public one for everybody, the secret one for nobody else.
 * @example
 * ```ts
 * const { publicKey, secretKey } = curveKeyPair();
 * const reply = new Reply({ curveServer: true, curveSecretKey: secretKey });
 * ```
 */
export function curveKeyPair(): CurveKeyPair {
  return curveKeyPairOf(nodeRuntime);
}

/**
 * The public key that belongs to a secret one, both in Z85 (`zmq_curve_public`). The secret key may be 32 octets as well.
 * @throws ZmqError `EINVAL` when that is no key; TypeError
 */
export function curvePublicKey(secretKey: string | Uint8Array): string {
  return curvePublicKeyOf(nodeRuntime, secretKey);
}

/**
 * Decides who may come in, by addresses, passwords, keys and certificates. Denies everybody until something lets them in.
 * @example
 * ```ts
 * const authenticator = new Authenticator({ passwords: { ann: "open sesame" }, deny: "192.0.2.0/24" });
 * const server = new Reply({ plainServer: true, authorize: authenticator });
 * ```
 */
export class Authenticator extends CoreAuthenticator {
  constructor(options?: AuthenticatorOptions) {
    super(nodeRuntime, options);
  }

  /**
   * Becomes the ZAP handler of a context, the global one unless another is named: binds `inproc://zeromq.zap.01`, so that it is asked about
   * the peers of all sockets with PLAIN, with CURVE, or with a `zapDomain`. Keeps no program alive.
   * @throws ZmqError `EADDRINUSE` where the context has a handler
   */
  override serve(served: CoreContext = context): Promise<void> {
    return super.serve(served);
  }
}

/**
 * A CURVE certificate. On disk it is two files: a public one to give away, and `<path>_secret` for its owner alone. The secret key is
 * no enumerable property, so that it is not shown where a certificate is printed.
 * @example
 * ```ts
 * const certificate = Certificate.generate({ name: "server 7" });
 * await certificate.save("server.key"); // and server.key_secret
 * const server = new Reply({ curveServer: true, ...certificate.options });
 * ```
 */
export class Certificate extends CoreCertificate {
  /** What certificates are loaded and saved with. @internal */
  static override readonly runtime: typeof nodeRuntime = nodeRuntime;
}

// ── Types that npm `zeromq` has ──────────────────────────────────────────────────────────────────────────────────────

/** One part of a message that was received. */
export type Message = Buffer;

/** Any socket that receives: messages are the parts of each, or for some types what `M` says. */
export interface Readable<M extends object[] = Message[]> extends CoreReadable<Buffer, M>, ReadableOptions {}

/** Any socket that sends what `M` says, with the options `O` that its type needs. */
export interface Writable<M extends MessageInput = MessageInput, O extends [...object[]] = []> extends WritableOptions {
  /** Sends a message: see the classes. */
  send(message: M, ...options: O extends [] ? [options?: CallOptions] : O): Promise<void>;
  /** Sends without waiting, or gives false: see the classes. */
  trySend(message: M, ...options: O): boolean;
  /** Resolves when a send would not have to wait. */
  whenWritable(options?: CallOptions): Promise<void>;
}

/** What the constructor of a socket takes. */
export type SocketOptions<S extends Socket = Socket> = OptionsOf<S> & {
  /** Default: the global context. */
  context?: Context | undefined;
};

/** The classes of this entry, by the names of their types. */
export interface Sockets extends sockets.SocketClasses {
  /** PAIR: see {@link Pair}. */
  readonly pair: typeof Pair;
  /** PUB: see {@link Publisher}. */
  readonly pub: typeof Publisher;
  /** SUB: see {@link Subscriber}. */
  readonly sub: typeof Subscriber;
  /** REQ: see {@link Request}. */
  readonly req: typeof Request;
  /** REP: see {@link Reply}. */
  readonly rep: typeof Reply;
  /** DEALER: see {@link Dealer}. */
  readonly dealer: typeof Dealer;
  /** ROUTER: see {@link Router}. */
  readonly router: typeof Router;
  /** PULL: see {@link Pull}. */
  readonly pull: typeof Pull;
  /** PUSH: see {@link Push}. */
  readonly push: typeof Push;
  /** XPUB: see {@link XPublisher}. */
  readonly xpub: typeof XPublisher;
  /** XSUB: see {@link XSubscriber}. */
  readonly xsub: typeof XSubscriber;
  /** STREAM: see {@link Stream}. */
  readonly stream: typeof Stream;
  /** SERVER: see {@link Server}. */
  readonly server: typeof Server;
  /** CLIENT: see {@link Client}. */
  readonly client: typeof Client;
  /** RADIO: see {@link Radio}. */
  readonly radio: typeof Radio;
  /** DISH: see {@link Dish}. */
  readonly dish: typeof Dish;
  /** GATHER: see {@link Gather}. */
  readonly gather: typeof Gather;
  /** SCATTER: see {@link Scatter}. */
  readonly scatter: typeof Scatter;
  /** DGRAM: see {@link Datagram}. */
  readonly dgram: typeof Datagram;
  /** PEER: see {@link Peer}. */
  readonly peer: typeof Peer;
  /** CHANNEL: see {@link Channel}. */
  readonly channel: typeof Channel;
  /** Libzmq 2's name of DEALER: see {@link Dealer}. */
  readonly xreq: typeof Dealer;
  /** Libzmq 2's name of ROUTER: see {@link Router}. */
  readonly xrep: typeof Router;
  /** Libzmq 2's name of PULL: see {@link Pull}. */
  readonly upstream: typeof Pull;
  /** Libzmq 2's name of PUSH: see {@link Push}. */
  readonly downstream: typeof Push;
}

const classes: Sockets = {
  pair: Pair,
  pub: Publisher,
  sub: Subscriber,
  req: Request,
  rep: Reply,
  dealer: Dealer,
  router: Router,
  pull: Pull,
  push: Push,
  xpub: XPublisher,
  xsub: XSubscriber,
  stream: Stream,
  server: Server,
  client: Client,
  radio: Radio,
  dish: Dish,
  gather: Gather,
  scatter: Scatter,
  dgram: Datagram,
  peer: Peer,
  channel: Channel,
  xreq: Dealer,
  xrep: Router,
  upstream: Pull,
  downstream: Push,
};

// Bundlers, this package's own build among them, rename classes that are called alike in several files of one bundle.
const named = {
  Context,
  Poller,
  Timers,
  Authenticator,
  Certificate,
  Pair,
  Publisher,
  Subscriber,
  Request,
  Reply,
  Dealer,
  Router,
  Pull,
  Push,
  XPublisher,
  XSubscriber,
  Stream,
  Server,
  Client,
  Radio,
  Dish,
  Gather,
  Scatter,
  Datagram,
  Peer,
  Channel,
};
for (const [name, type] of Object.entries(named)) Object.defineProperty(type, "name", { value: name });

export type { Capability } from "./api/about.ts";
export { version } from "./api/about.ts";
export type * from "./api/authorization.ts";
export type { ContextOptions } from "./api/context.ts";
export type { CurveKeyPair } from "./api/curve-keys.ts";
export type { MessageDetails, Origin as MessagePeer } from "./api/details.ts";
export { metadataOf, peerOf } from "./api/details.ts";
export { hardened } from "./api/hardened.ts";
export type { LimitOptions } from "./api/limit-options.ts";
export { Observer } from "./api/observer.ts";
export type {
  Backlog,
  DroppedMessages,
  PeerStatistics,
  SocketStatistics,
  Traffic,
} from "./api/open-metrics.ts";
export { toOpenMetrics } from "./api/open-metrics.ts";
export type { MessageInput, MessageLike } from "./api/parts.ts";
export type { PollEvent } from "./api/poller.ts";
export { POLLIN, POLLOUT } from "./api/poller.ts";
export type { ProxyCount, ProxyOptions, ProxyStatistics, ProxyTraffic } from "./api/proxy.ts";
export { Proxy } from "./api/proxy.ts";
export type { ReadableOptions } from "./api/readable.ts";
export type { RequestCallOptions } from "./api/requests.ts";
export type {
  CloseOptions,
  ConflateByKey,
  ConnectOptions,
  Init,
  Jitter,
  ReconnectStop,
  SocketOptions as CommonOptions,
} from "./api/socket.ts";
export { Socket } from "./api/socket.ts";
export type { PeerState } from "./api/sockets/routing.ts";
export type {
  Addressed,
  AddressedWritable,
  ClientOptions,
  DealerOptions,
  DishGroup,
  DishMessage,
  PeerOptions,
  PipelineOptions,
  PublisherOptions,
  RadioGroup,
  RadioOptions,
  ReplyOptions,
  RequestOptions,
  RouterConnectOptions,
  RouterConnectOptions as StreamConnectOptions,
  RouterOptions,
  RoutingIdOptions,
  ServerMessage,
  ServerOptions,
  ServerRouting,
  StreamOptions,
  SubscriberOptions,
  XPublisherOptions,
  XSubscriberOptions,
} from "./api/sockets.ts";
export type { SubscribedTopic, SubscriberWaitOptions } from "./api/subscribers.ts";
export type { TimerHandler } from "./api/timers.ts";
export type { TlsSocketOptions } from "./api/tls-options.ts";
export type { EventSubscriber, OptionsOf } from "./api/types.ts";
export type { CallOptions } from "./api/waiters.ts";
export type { WhenFull, WritableOptions } from "./api/writable.ts";
export type { Z85 } from "./api/z85.ts";
export type {
  AuthenticationStatus,
  ErrorCode,
  LimitName,
  PassedLimit,
  ProtocolErrorCode,
  ProtocolErrorName,
} from "./base/errors.ts";
export { AuthenticationError, ProtocolError, strerror, ZmqError } from "./base/errors.ts";
export type { TlsErrorCode, TlsFailure } from "./base/tls-error.ts";
export { TlsError } from "./base/tls-error.ts";
export type {
  ConnectStopReason,
  Event,
  EventAddress,
  EventDetails,
  EventError,
  EventFacts,
  EventOfType,
  EventPeer,
  EventType,
} from "./session/events.ts";
