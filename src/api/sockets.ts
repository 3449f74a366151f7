// SPDX-License-Identifier: MIT
/**
 * The socket types as classes, under npm `zeromq`'s names. Each takes its options in the constructor and as properties.
 * What they do is in `pattern/`, how they wait in `socket-works.ts`.
 */
/* oxlint-disable no-unused-vars -- a class names its type parameter for the interface that it is merged with */
import type { Message } from "../pipe/message.ts";
import { defineOptions } from "./option-accessors.ts";
import { type MessageInput, toBytes } from "./parts.ts";
import { type Readable, type ReadableOptions, readableMethods } from "./readable.ts";
import { type Init, Socket, type SocketOptions } from "./socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "./writable.ts";

/** A routing id: 1 to 255 octets by which a ROUTER knows this socket. */
export interface RoutingIdOptions {
  /** Default null: the peer makes one up. Must not begin with a zero octet. */
  get routingId(): string | null;
  set routingId(value: string | Uint8Array | null);
}

/** How to connect a socket that addresses its peers by routing id. */
export interface RouterConnectOptions {
  /** The routing id by which this connection is to be addressed, whatever the peer announces. */
  routingId?: string | Uint8Array | undefined;
}

type Full = SocketOptions & ReadableOptions & WritableOptions;

/** Gives a class its options and its methods of sending and receiving. */
function complete(type: { readonly prototype: object }, name: string, ...methods: object[]): void {
  defineOptions(type.prototype, name);
  for (const each of methods) {
    Object.defineProperties(type.prototype, Object.getOwnPropertyDescriptors(each));
  }
}

// ── PAIR ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What Pair sockets can do. */
export interface Pair<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions {}

/** Exactly one peer, both ways (RFC 31). */
export class Pair<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full>) {
    super("PAIR", options);
  }
}
complete(Pair, "PAIR", writableMethods, readableMethods);

// ── PUB, SUB, XPUB, XSUB ─────────────────────────────────────────────────────────────────────────────────────────

/** Options of {@link Publisher}. */
export interface PublisherOptions {
  /** Wait, instead of dropping, when a subscriber is full. Takes effect at once. Default false. */
  noDrop: boolean;
  /** Keep only the newest message for each subscriber; single-part messages only. Default false. */
  conflate: boolean;
  /** Send to those who have *not* subscribed; set it on both sides. Default false. */
  invertMatching: boolean;
  /** A message that each new subscriber gets first; null: none. Default null. */
  get welcomeMessage(): Uint8Array | string | null;
  set welcomeMessage(value: string | Uint8Array | null);
}

/** What Publisher sockets can do. */
export interface Publisher extends Writable, WritableOptions, PublisherOptions {}

/** Sends each message to every peer that subscribed to a prefix of it (RFC 29). Drops for those that are too slow. */
export class Publisher extends Socket {
  constructor(options?: Init<SocketOptions & WritableOptions & PublisherOptions>) {
    super("PUB", options);
  }
}
complete(Publisher, "PUB", writableMethods);

/** Options of {@link Subscriber}. */
export interface SubscriberOptions {
  /** Keep only the newest message; single-part messages only. Default false. */
  conflate: boolean;
  /** Receive what does *not* match; set it on both sides. Default false. */
  invertMatching: boolean;
}

/** What Subscriber sockets can do. */
export interface Subscriber<Part extends Uint8Array = Uint8Array>
  extends Readable<Part>,
    ReadableOptions,
    SubscriberOptions {}

/** Receives what its publishers send, filtered by the prefixes it subscribed to (RFC 29). */
export class Subscriber<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<SocketOptions & ReadableOptions & SubscriberOptions>) {
    super("SUB", options);
  }

  /** Subscribes to messages that begin with any of these prefixes; without arguments, or with an empty one, to all. */
  subscribe(...prefixes: (string | Uint8Array)[]): void {
    forEachTopic(this, "subscribe", prefixes);
  }

  /** Takes subscriptions away again; one that was made twice has to be taken away twice. */
  unsubscribe(...prefixes: (string | Uint8Array)[]): void {
    forEachTopic(this, "unsubscribe", prefixes);
  }
}
complete(Subscriber, "SUB", readableMethods);

/** Options of {@link XPublisher}. */
export interface XPublisherOptions extends Omit<PublisherOptions, "conflate"> {
  /** Which subscriptions are received: null the first of each topic and the last cancel, or all of them. Default null. */
  verbosity: null | "allSubs" | "allSubsUnsubs";
  /** Subscriptions take effect only when confirmed with `subscribe` and `unsubscribe`. Default false. */
  manual: boolean;
  /** As `manual`, and the first message after a confirmation goes to the newest subscriber only. Default false. */
  manualLastValue: boolean;
  /** Once the first part of a message is no subscription, its other parts are none either. Default false. */
  onlyFirstSubscribe: boolean;
}

/** What XPublisher sockets can do. */
export interface XPublisher<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    XPublisherOptions {}

/** A publisher that receives its peers' subscriptions, as messages that begin with 1 or 0 (RFC 29). */
export class XPublisher<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & XPublisherOptions>) {
    super("XPUB", options);
  }

  /** Manual mode: subscribes the peer whose subscription was received last. */
  subscribe(...prefixes: (string | Uint8Array)[]): void {
    forEachTopic(this, "subscribe", prefixes);
  }

  /** Manual mode: unsubscribes the peer whose cancellation was received last. */
  unsubscribe(...prefixes: (string | Uint8Array)[]): void {
    forEachTopic(this, "unsubscribe", prefixes);
  }
}
complete(XPublisher, "XPUB", writableMethods, readableMethods);

/** Options of {@link XSubscriber}. */
export interface XSubscriberOptions {
  /** Pass every cancellation on, not only the last of each topic. Default false. */
  verboseUnsubscribe: boolean;
  /** Once the first part of a message is no subscription, its other parts are none either. Default false. */
  onlyFirstSubscribe: boolean;
}

/** What XSubscriber sockets can do. */
export interface XSubscriber<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    XSubscriberOptions {}

/** A subscriber that sends its subscriptions as messages that begin with 1 or 0, and receives unfiltered (RFC 29). */
export class XSubscriber<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & XSubscriberOptions>) {
    super("XSUB", options);
  }
}
complete(XSubscriber, "XSUB", writableMethods, readableMethods);

// ── REQ, REP, DEALER, ROUTER ─────────────────────────────────────────────────────────────────────────────────────

/** Options of {@link Request}. */
export interface RequestOptions extends RoutingIdOptions {
  /** Number the requests, and take only the reply that carries the number. Default false. */
  correlate: boolean;
  /** Allow a new request while a reply is awaited. Default false. */
  relaxed: boolean;
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
}

/** What Request sockets can do. */
export interface Request<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    RequestOptions {}

/** Sends a request, then receives its reply, in turns (RFC 28). */
export class Request<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & RequestOptions>) {
    super("REQ", options);
  }
}
complete(Request, "REQ", writableMethods, readableMethods);

/** Options of {@link Reply}. */
export interface ReplyOptions extends RoutingIdOptions {
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
}

/** What Reply sockets can do. */
export interface Reply<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    ReplyOptions {}

/** Receives a request, then sends its reply, in turns (RFC 28). */
export class Reply<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & ReplyOptions>) {
    super("REP", options);
  }
}
complete(Reply, "REP", writableMethods, readableMethods);

/** Options of {@link Dealer}. */
export interface DealerOptions extends RoutingIdOptions {
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
  /** Keep only the newest message; single-part messages only. Default false. */
  conflate: boolean;
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives when a connection that it made is lost; null: none. Default null. */
  get hiccupMessage(): Uint8Array | string | null;
  set hiccupMessage(value: string | Uint8Array | null);
}

/** What Dealer sockets can do. */
export interface Dealer<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    DealerOptions {}

/** Sends to its peers in turn, receives from all of them fairly (RFC 28). */
export class Dealer<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & DealerOptions>) {
    super("DEALER", options);
  }
}
complete(Dealer, "DEALER", writableMethods, readableMethods);

/** Options of {@link Router}. */
export interface RouterOptions extends RoutingIdOptions {
  /** Fail with `EHOSTUNREACH` when a message cannot be routed, and wait when its peer is full, instead of dropping it. Default false. */
  mandatory: boolean;
  /** A new peer takes over the routing id of an older one. Default false: the new one is ignored. */
  handover: boolean;
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
  /** Receive an empty message from each peer that comes (1), goes (2), or both (3). Default 0. */
  routerNotify: number;
  /** Speak to plain TCP peers, as {@link Stream} does. Default false. */
  routerRaw: boolean;
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives, as if from the peer, when a peer has gone; null: none. Default null. */
  get disconnectMessage(): Uint8Array | string | null;
  set disconnectMessage(value: string | Uint8Array | null);
}

/** What Router sockets can do. */
export interface Router<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    RouterOptions {}

/** Receives from all peers, with the sender's routing id as first part; sends to the peer that the first part names (RFC 28). */
export class Router<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & RouterOptions>) {
    super("ROUTER", options);
  }

  override connect(address: string, options?: RouterConnectOptions): void {
    connectWithId(this, address, options);
  }
}
complete(Router, "ROUTER", writableMethods, readableMethods);

// ── PUSH, PULL ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Options of {@link Push} and {@link Pull}. */
export interface PipelineOptions {
  /** Keep only the newest message; single-part messages only. Default false. */
  conflate: boolean;
}

/** What Push sockets can do. */
export interface Push extends Writable, WritableOptions, PipelineOptions {}

/** Sends to its peers in turn (RFC 30). */
export class Push extends Socket {
  constructor(options?: Init<SocketOptions & WritableOptions & PipelineOptions>) {
    super("PUSH", options);
  }
}
complete(Push, "PUSH", writableMethods);

/** What Pull sockets can do. */
export interface Pull<Part extends Uint8Array = Uint8Array> extends Readable<Part>, ReadableOptions, PipelineOptions {}

/** Receives from all its peers fairly (RFC 30). */
export class Pull<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<SocketOptions & ReadableOptions & PipelineOptions>) {
    super("PULL", options);
  }
}
complete(Pull, "PULL", readableMethods);

// ── STREAM ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Options of {@link Stream}. */
export interface StreamOptions {
  /** Receive an empty message from each peer that comes or goes. Default true. */
  notify: boolean;
}

/** What Stream sockets can do. */
export interface Stream<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    StreamOptions {}

/** Speaks to plain TCP peers: messages are a connection's id and its octets; an empty second part closes the connection. */
export class Stream<Part extends Uint8Array = Uint8Array> extends Socket {
  constructor(options?: Init<Full & StreamOptions>) {
    super("STREAM", options);
  }

  override connect(address: string, options?: RouterConnectOptions): void {
    connectWithId(this, address, options);
  }
}
complete(Stream, "STREAM", writableMethods, readableMethods);

// ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The classes, by the names of their types. */
export interface SocketClasses {
  readonly pair: new (...options: ConstructorParameters<typeof Pair>) => Pair;
  readonly pub: new (...options: ConstructorParameters<typeof Publisher>) => Publisher;
  readonly sub: new (...options: ConstructorParameters<typeof Subscriber>) => Subscriber;
  readonly req: new (...options: ConstructorParameters<typeof Request>) => Request;
  readonly rep: new (...options: ConstructorParameters<typeof Reply>) => Reply;
  readonly dealer: new (...options: ConstructorParameters<typeof Dealer>) => Dealer;
  readonly router: new (...options: ConstructorParameters<typeof Router>) => Router;
  readonly pull: new (...options: ConstructorParameters<typeof Pull>) => Pull;
  readonly push: new (...options: ConstructorParameters<typeof Push>) => Push;
  readonly xpub: new (...options: ConstructorParameters<typeof XPublisher>) => XPublisher;
  readonly xsub: new (...options: ConstructorParameters<typeof XSubscriber>) => XSubscriber;
  readonly stream: new (...options: ConstructorParameters<typeof Stream>) => Stream;
}

function forEachTopic(
  socket: Subscriber | XPublisher,
  verb: "subscribe" | "unsubscribe",
  prefixes: (string | Uint8Array)[],
): void {
  const { core, runtime } = socket.works;
  core.requireOpen(verb);
  for (const prefix of prefixes.length === 0 ? [""] : prefixes) {
    core.changeSubscription(verb, toBytes(prefix, runtime, "A topic"));
  }
}

function connectWithId(socket: Router | Stream, address: string, options: RouterConnectOptions | undefined): void {
  if (typeof address !== "string") throw new TypeError("Address must be a string");
  const { core, runtime } = socket.works;
  core.requireOpen("connect");
  const { routingId } = options ?? {};
  core.connect(address, routingId === undefined ? undefined : toBytes(routingId, runtime, "routingId"));
}

export type { Message, MessageInput };
