// SPDX-License-Identifier: MIT
/**
 * ZeroMQ in pure TypeScript, for Node.js, Bun and Deno. The names are those of npm `zeromq` 6.
 * @packageDocumentation
 */
import { type ContextOptions, Context as CoreContext } from "./api/context.ts";
import * as sockets from "./api/sockets.ts";
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
};

// Bundlers, this package's own build among them, rename classes that are called alike in several files of one bundle.
const named = {
  Context,
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
};
for (const [name, type] of Object.entries(named)) Object.defineProperty(type, "name", { value: name });

export type { ContextOptions } from "./api/context.ts";
export { Observer } from "./api/observer.ts";
export type { MessageInput, MessageLike } from "./api/parts.ts";
export { Proxy } from "./api/proxy.ts";
export type { Readable, ReadableOptions } from "./api/readable.ts";
export type { CloseOptions, Init, SocketOptions } from "./api/socket.ts";
export { Socket } from "./api/socket.ts";
export type {
  DealerOptions,
  PipelineOptions,
  PublisherOptions,
  ReplyOptions,
  RequestOptions,
  RouterConnectOptions,
  RouterOptions,
  RoutingIdOptions,
  StreamOptions,
  SubscriberOptions,
  XPublisherOptions,
  XSubscriberOptions,
} from "./api/sockets.ts";
export type { CallOptions } from "./api/waiters.ts";
export type { Writable, WritableOptions } from "./api/writable.ts";
export type { ErrorCode, ProtocolErrorName } from "./base/errors.ts";
export { AuthenticationError, ProtocolError, ZmqError } from "./base/errors.ts";
export type { Message } from "./pipe/message.ts";
export type { Event, EventOfType, EventType } from "./session/events.ts";
