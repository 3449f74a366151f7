// SPDX-License-Identifier: MIT
/** PUB, SUB, XPUB and XSUB as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { PUB } from "../../pattern/pub.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import { SUB } from "../../pattern/sub.ts";
import { XPUB } from "../../pattern/xpub.ts";
import { XSUB } from "../../pattern/xsub.ts";
import type { ConflateByKey } from "../../socket/options.ts";
import { toBytes } from "../parts.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket, type SocketOptions } from "../socket.ts";
import {
  type SubscribedTopic,
  type SubscriberWaitOptions,
  subscriptionsOf,
  waitForSubscribers,
} from "../subscribers.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";

/** Options of {@link Publisher}. */
export interface PublisherOptions {
  /** Prefixes that are subscribed to, each counted once. */
  readonly topicsCount: number;
  /** Wait, instead of dropping, when a subscriber is full. Takes effect at once. Default false. */
  noDrop: boolean;
  /**
   * Keep only the newest message for each subscriber, of one part; with a function, the newest of each key, whole, in the order in which their keys
   * began to wait. The high-water marks bound the number of keys. Default false.
   */
  conflate: boolean | ConflateByKey;
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
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, PUB, writableMethods);

  constructor(options?: Init<SocketOptions & WritableOptions & PublisherOptions>) {
    super(options);
  }

  /** What peers have subscribed to, and how many of them: those whose subscription has arrived. */
  subscriptions(): SubscribedTopic[] {
    return subscriptionsOf(this);
  }

  /**
   * Waits until enough peers have subscribed, and resolves with how many there are. What is sent from then on reaches them.
   * A connection alone does not show that: a subscription takes its time, and what is sent before it comes is for nobody.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError), `ETERM`, `EBADF`
   * @example
   * ```ts
   * await publisher.waitForSubscribers({ topic: "goal", count: 2, timeout: 5000 });
   * await publisher.send("goal 1:0");
   * ```
   */
  waitForSubscribers(options?: SubscriberWaitOptions): Promise<number> {
    return waitForSubscribers(this, options);
  }
}

/** Options of {@link Subscriber}. */
export interface SubscriberOptions {
  /** Prefixes that are subscribed to, each counted once. */
  readonly topicsCount: number;
  /**
   * Keep only the newest message, of one part; with a function, the newest of each key, whole, in the order in which their keys
   * began to wait. The high-water marks bound the number of keys. Default false.
   */
  conflate: boolean | ConflateByKey;
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
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, SUB, readableMethods);

  constructor(options?: Init<SocketOptions & ReadableOptions & SubscriberOptions>) {
    super(options);
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
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, XPUB, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & XPublisherOptions>) {
    super(options);
  }

  /** What peers have subscribed to, and how many of them: those whose subscription has arrived. */
  subscriptions(): SubscribedTopic[] {
    return subscriptionsOf(this);
  }

  /**
   * Waits until enough peers have subscribed, and resolves with how many there are. What is sent from then on reaches them.
   * A connection alone does not show that: a subscription takes its time, and what is sent before it comes is for nobody.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError), `ETERM`, `EBADF`
   * @example
   * ```ts
   * await publisher.waitForSubscribers({ topic: "goal", count: 2, timeout: 5000 });
   * await publisher.send("goal 1:0");
   * ```
   */
  waitForSubscribers(options?: SubscriberWaitOptions): Promise<number> {
    return waitForSubscribers(this, options);
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

/** Options of {@link XSubscriber}. */
export interface XSubscriberOptions {
  /** Prefixes that are subscribed to, each counted once. */
  readonly topicsCount: number;
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
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, XSUB, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & XSubscriberOptions>) {
    super(options);
  }
}

function forEachTopic(
  socket: Subscriber | XPublisher,
  verb: "subscribe" | "unsubscribe",
  prefixes: (string | Uint8Array)[],
): void {
  const { core, runtime, beside } = socket.works;
  core.requireOpen(verb);
  for (const prefix of prefixes.length === 0 ? [""] : prefixes) {
    core.changeSubscription(verb, toBytes(prefix, runtime, "A topic"));
  }
  // What is granted here is what an XPUB's own call may wait for.
  beside?.serve();
}
