// SPDX-License-Identifier: MIT
/**
 * ZeroMQ in pure TypeScript, for pages and workers in browsers: sockets of all types over `ws://` and `wss://`, to which they connect, and
 * over `inproc://`. The names are those of the main entry; parts of messages are `Uint8Array`.
 * @packageDocumentation
 */

import { type Capability, capabilityOf, hasCapability } from "./api/about.ts";
import { type ContextOptions, Context as CoreContext } from "./api/context.ts";
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
import { ZmqError } from "./base/errors.ts";
import { browserRuntime } from "./runtime/browser.ts";

/** A context: its sockets share an inproc namespace, defaults and limits. Most programs use the global {@link context}. */
export class Context extends CoreContext {
  constructor(options?: ContextOptions) {
    super(browserRuntime, noClasses, options);
  }
}

/** A bundle that names no class of a type need not hold it: `new Push({ context })` in the place of `context.socket("push")`. */
function noClasses(): never {
  throw new ZmqError("ENOTSUP", "context.socket() knows no types in browsers: write new Push({ context })");
}

/** The global context, which sockets use when they are given none. */
export const context: Context = /* @__PURE__ */ new Context();

/** Exactly one peer, both ways (RFC 31). */
export class Pair extends sockets.Pair {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends each message to every peer that subscribed to a prefix of it (RFC 29). */
export class Publisher extends sockets.Publisher {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives what its publishers send, filtered by prefixes (RFC 29). */
export class Subscriber extends sockets.Subscriber {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** A publisher that receives its peers' subscriptions (RFC 29). */
export class XPublisher extends sockets.XPublisher {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** A subscriber that sends its subscriptions as messages (RFC 29). */
export class XSubscriber extends sockets.XSubscriber {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends a request, then receives its reply, in turns (RFC 28). */
export class Request extends sockets.Request {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives a request, then sends its reply, in turns (RFC 28). */
export class Reply extends sockets.Reply {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn, receives from all of them fairly (RFC 28). */
export class Dealer extends sockets.Dealer {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all peers with their routing ids, sends to the one that is named (RFC 28). */
export class Router extends sockets.Router {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn (RFC 30). */
export class Push extends sockets.Push {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its peers fairly (RFC 30). */
export class Pull extends sockets.Pull {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its clients with their numbers, sends to the one that is named (RFC 41). */
export class Server extends sockets.Server {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its servers in turn, receives from all of them fairly; messages have one part (RFC 41). */
export class Client extends sockets.Client {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends each message to every peer that joined its group (RFC 48). */
export class Radio extends sockets.Radio {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives what is sent to the groups that it joined (RFC 48). */
export class Dish extends sockets.Dish {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Receives from all its peers fairly; messages have one part (RFC 49). */
export class Gather extends sockets.Gather {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Sends to its peers in turn; messages have one part (RFC 49). */
export class Scatter extends sockets.Scatter {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** One among equals: connects and is connected to, and knows each peer by a number (RFC 51). */
export class Peer extends sockets.Peer {
  /** The context of sockets that are given none. */
  static override readonly context: Context = context;
}
/** Exactly one peer, both ways; messages have one part (RFC 52). */
export class Channel extends sockets.Channel {
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
    super(browserRuntime);
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
    super(browserRuntime);
  }
}

/** What is there and what is not, on this runtime. */
export const capability: Capability = /* @__PURE__ */ capabilityOf(browserRuntime);

/** Whether a capability is there, by libzmq's name for it, such as `"curve"` (`zmq_has`). */
export function has(name: string): boolean {
  return hasCapability(capability, name);
}

/**
 * Z85 (RFC 32): octets as printable text, as CURVE keys are written.
 * @example
 * ```ts
 * z85.encode(Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b)); // "HelloWorld"
 * ```
 */
export const z85: Z85 = /* @__PURE__ */ z85Of(browserRuntime);

/** One part of a message that was received. */
export type Message = Uint8Array;

/** Any socket that receives: messages are the parts of each, or for some types what `M` says. */
export interface Readable<M extends object[] = Message[]> extends CoreReadable<Uint8Array, M>, ReadableOptions {}

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

export type { Capability } from "./api/about.ts";
export { version } from "./api/about.ts";
export type { ContextOptions } from "./api/context.ts";
export type { MessageDetails, Origin as MessagePeer } from "./api/details.ts";
export { metadataOf, peerOf } from "./api/details.ts";
export type { LimitOptions } from "./api/limit-options.ts";
export { Observer } from "./api/observer.ts";
export type {
  Backlog,
  DroppedMessages,
  PeerStatistics,
  SocketStatistics,
  Traffic,
} from "./api/open-metrics.ts";
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
  RouterOptions,
  RoutingIdOptions,
  ServerMessage,
  ServerOptions,
  ServerRouting,
  SubscriberOptions,
  XPublisherOptions,
  XSubscriberOptions,
} from "./api/sockets.ts";
export type { SubscribedTopic, SubscriberWaitOptions } from "./api/subscribers.ts";
export type { TimerHandler } from "./api/timers.ts";
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
