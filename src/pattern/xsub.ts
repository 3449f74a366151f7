// SPDX-License-Identifier: MIT
/**
 * XSUB: takes messages from each publisher in turn, and tells every publisher what it subscribes to (RFC 29). A fair
 * queue, a distributor and the set of its own subscriptions, which each new or replaced publisher is told again.
 */
import { copyBytes } from "../base/bytes.ts";
import { type Message, Subscription } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Distributor } from "./distributor.ts";
import { FairQueue } from "./fair-queue.ts";
import { fullError, type WhenFull } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import { OwnSubscriptions } from "./subscriptions.ts";
import { takeSubscriptions } from "./upstream.ts";

/** The subscriber that sends its subscriptions itself and sees everything that comes. */
export class Xsub implements Pattern {
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly outgoing = new Distributor();
  private readonly subscriptions = new OwnSubscriptions();
  /** A message was refused, and no pipe has told of room since. */
  private isRefusing = false;

  constructor(options: PatternOptions) {
    this.options = options;
  }

  attach(pipe: Pipe): void {
    this.incoming.attach(pipe);
    this.outgoing.attach(pipe);
    this.hiccuped(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.detach(pipe);
    this.incoming.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.activate(pipe);
  }

  hiccuped(pipe: Pipe): void {
    if (!this.outgoing.has(pipe)) return;
    for (const topic of this.subscriptions.topics()) pipe.writeSubscription(new Subscription("subscribe", topic));
  }

  send(message: Message): boolean {
    const rest = takeSubscriptions(message, this.options.onlyFirstSubscribe, this.apply);
    if (rest === undefined) return true;
    this.outgoing.matchAll();
    const { rule } = this;
    const isSent = this.outgoing.write(rest, rule);
    this.isRefusing = !isSent;
    if (!isSent && rule === "error") throw fullError();
    return isSent;
  }

  receive(): Message | undefined {
    const message = this.incoming.read();
    // Within one process a publisher gives the same array to all of its subscribers.
    return message !== undefined && isShared(this.incoming.lastPipe) ? message.slice() : message;
  }

  /** Always, as libzmq's, but after a refusal. */
  canSend(): boolean {
    return !this.isRefusing;
  }

  private get rule(): WhenFull {
    return this.options.whenFull ?? "dropNewest";
  }

  canReceive(): boolean {
    return this.incoming.canRead();
  }

  subscribe(topic: Uint8Array): void {
    this.apply(new Subscription("subscribe", topic));
  }

  unsubscribe(topic: Uint8Array): void {
    this.apply(new Subscription("cancel", topic));
  }

  topicsCount(): number {
    return this.subscriptions.size;
  }

  /** True when a message begins with something that was subscribed to. */
  isSubscribed(message: Message): boolean {
    return this.subscriptions.matches(message[0] as Uint8Array);
  }

  /** Repeated subscriptions are told too (XPUB may want to see them); of the cancels only the last, unless verbose. */
  private readonly apply = ({ kind, topic }: Subscription): void => {
    if (kind === "subscribe") this.subscriptions.add(topic);
    else if (this.subscriptions.remove(topic) !== "lastRemoved" && !this.options.verboseUnsubscribe) return;
    // It waits in pipes after the application has its buffer back.
    this.outgoing.writeSubscription(new Subscription(kind, copyBytes(topic)));
  };
}

/** Pipes of inproc have no address. */
function isShared(pipe: Pipe | undefined): boolean {
  const peer = pipe?.peer;
  return peer === undefined || peer.address === "";
}

/** The row of XSUB. */
export const XSUB: SocketType = /* @__PURE__ */ socketType({
  name: "XSUB",
  id: 10,
  peers: ["PUB", "XPUB"],
  create: (options) => new Xsub(options),
  isSubscriber: true,
  lingersByDefault: false,
});
