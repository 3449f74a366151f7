// SPDX-License-Identifier: MIT
/**
 * ZeroMQ in pure TypeScript, for Node.js, Bun and Deno. The names are those of npm `zeromq` 6.
 * @packageDocumentation
 */
import { Context as CoreContext, type ContextOptions } from "./api/context.ts";
import * as sockets from "./api/sockets.ts";
import { nodeRuntime } from "./runtime/node.ts";

/** A context: its sockets share an inproc namespace, defaults and limits. Most programs use the global {@link context}. */
export class Context extends CoreContext {
  constructor(options?: ContextOptions) {
    super(nodeRuntime, () => classes, options);
  }
}

/** The global context, which sockets use when they are given none. */
export const context: Context = new Context();

export class Pair extends sockets.Pair {
  static override readonly context: Context = context;
}
export class Publisher extends sockets.Publisher {
  static override readonly context: Context = context;
}
export class Subscriber extends sockets.Subscriber {
  static override readonly context: Context = context;
}
export class XPublisher extends sockets.XPublisher {
  static override readonly context: Context = context;
}
export class XSubscriber extends sockets.XSubscriber {
  static override readonly context: Context = context;
}
export class Request extends sockets.Request {
  static override readonly context: Context = context;
}
export class Reply extends sockets.Reply {
  static override readonly context: Context = context;
}
export class Dealer extends sockets.Dealer {
  static override readonly context: Context = context;
}
export class Router extends sockets.Router {
  static override readonly context: Context = context;
}
export class Push extends sockets.Push {
  static override readonly context: Context = context;
}
export class Pull extends sockets.Pull {
  static override readonly context: Context = context;
}
export class Stream extends sockets.Stream {
  static override readonly context: Context = context;
}

const classes: sockets.SocketClasses = {
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

export { Observer } from "./api/observer.ts";
export { Socket } from "./api/socket.ts";
export { AuthenticationError, ProtocolError, ZmqError } from "./base/errors.ts";
export type { CloseOptions, Init, SocketOptions } from "./api/socket.ts";
export type { CallOptions } from "./api/waiters.ts";
export type { ContextOptions } from "./api/context.ts";
export type { MessageInput, MessageLike } from "./api/parts.ts";
export type { Readable, ReadableOptions } from "./api/readable.ts";
export type { Writable, WritableOptions } from "./api/writable.ts";
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
export type { ErrorCode, ProtocolErrorName } from "./base/errors.ts";
export type { Message } from "./pipe/message.ts";
export type { Event, EventOfType, EventType } from "./session/events.ts";
