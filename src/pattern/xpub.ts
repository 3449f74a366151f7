// SPDX-License-Identifier: MIT
/**
 * XPUB: gives each message to every subscriber whose subscriptions match it, and its application what subscribers send:
 * subscriptions (one frame, 1 or 0 and the topic) and messages (RFC 29). A distributor and the subscriptions of all pipes.
 * PUB is the same with nothing for its application, see `pub.ts`.
 */
import { allocateLike, EMPTY } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, Subscription } from "../pipe/message.ts";
import type { Origin } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Broadcaster } from "./broadcaster.ts";
import { Distributor } from "./distributor.ts";
import { Notices, type Source } from "./notices.ts";
import { fullError, type WhenFull } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import { admits } from "./subscription-limits.ts";
import { type SubscriptionCount, Subscriptions } from "./subscriptions.ts";
import { takeSubscriptions } from "./upstream.ts";

/** The publisher that shows its application what subscribers want. */
export class Xpub implements Pattern {
  unroutable = 0;
  private readonly options: PatternOptions;
  /** False for PUB: nobody will ever receive, so nothing is kept. */
  private readonly isReceiving: boolean;
  private readonly outgoing = new Distributor();
  private readonly broadcaster: Broadcaster;
  private readonly subscriptions = new Subscriptions<Pipe>();
  /** Manual mode: what peers asked for, while `subscriptions` has what the application granted. */
  private readonly requests = new Subscriptions<Pipe>();
  private readonly sources = new Map<Pipe, Source>();
  private readonly notices = new Notices();
  /** Manual mode: whom the last notice came from, and whom `subscribe` is for. */
  private lastPipe: Pipe | undefined = undefined;
  /** Whom the last notice came from. */
  readonly arrivals: { lastPipe: Pipe | undefined; gone: Origin | undefined } = {
    lastPipe: undefined,
    gone: undefined,
  };
  /** Manual mode with last value: the only one to get the next message. */
  private lastValuePipe: Pipe | undefined = undefined;
  /** A message was refused (`noDrop`), and nothing has happened since that could make room for it. */
  private isRefusing = false;

  constructor(options: PatternOptions, clock: Clock, isReceiving = true) {
    this.options = options;
    this.broadcaster = new Broadcaster(clock);
    this.isReceiving = isReceiving;
  }

  attach(pipe: Pipe): void {
    const source = { pipe, waiting: 0, isPaused: false, isGone: false };
    this.sources.set(pipe, source);
    this.outgoing.attach(pipe);
    const welcome = this.options.welcomeMessage;
    if (welcome !== null && welcome.length > 0) pipe.write([welcome]);
    this.readFrom(source);
  }

  connected(pipe: Pipe): void {
    const source = this.sources.get(pipe);
    // A peer that filters for itself subscribes to nothing: we do it in its name, and say so, as libzmq does.
    if (pipe.peer?.wantsEverything === true && source !== undefined)
      this.apply(source, new Subscription("subscribe", EMPTY));
  }

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    const source = this.sources.get(pipe);
    if (source === undefined) return;
    this.settle();
    this.sources.delete(pipe);
    this.isRefusing = false;
    this.outgoing.detach(pipe);
    if (this.lastPipe === pipe) this.lastPipe = undefined;
    if (this.lastValuePipe === pipe) this.lastValuePipe = undefined;
    if (this.arrivals.lastPipe === pipe) {
      this.arrivals.lastPipe = undefined;
      this.arrivals.gone = pipe.origin;
    }
    const isManual = this.isManual;
    const isVerbose = this.options.verbosity === "allSubsUnsubs";
    this.requests.removePipe(pipe, (topic) => {
      if (isManual) this.tell(undefined, "cancel", topic);
    });
    this.subscriptions.removePipe(pipe, (topic, wasLast) => {
      if (!isManual && (wasLast || isVerbose)) this.tell(undefined, "cancel", topic);
    });
    this.notices.leave(source);
  }

  readActivated(pipe: Pipe): void {
    const source = this.sources.get(pipe);
    if (source !== undefined) this.readFrom(source);
  }

  writeActivated(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.activate(pipe);
    this.broadcaster.activate();
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    const isSent = this.distribute(message);
    this.isRefusing = !isSent;
    if (!isSent && this.rule === "error") throw fullError();
    return isSent;
  }

  private get rule(): WhenFull {
    return this.options.whenFull ?? (this.options.noDrop ? "wait" : "dropNewest");
  }

  private distribute(message: Message): boolean {
    const topic = message[0] as Uint8Array;
    if (this.lastValuePipe === undefined && !this.options.invertMatching) {
      const audience = this.subscriptions.audience(topic);
      if (audience !== undefined) return this.broadcaster.send(audience, message, this.rule);
      this.unroutable += 1;
      return true;
    }
    this.outgoing.unmatch();
    this.subscriptions.match(topic, this.lastValuePipe === undefined ? this.choose : this.chooseLastValue);
    if (this.options.invertMatching) this.outgoing.invert();
    if (!this.outgoing.write(message, this.rule)) return false;
    this.lastValuePipe = undefined;
    return true;
  }

  receive(): Message | undefined {
    const notice = this.notices.shift();
    if (notice === undefined) return undefined;
    const source = notice.source;
    this.arrivals.lastPipe = source?.isGone === false ? source.pipe : undefined;
    this.arrivals.gone = source?.pipe.origin;
    if (notice.kind !== "message") this.lastPipe = source?.isGone === false ? source.pipe : undefined;
    if (source?.isPaused === true) this.readFrom(source);
    return notice.message;
  }

  /** Always, as libzmq's, but after a refusal: whoever waits then shall not be told to try again before there is room. */
  canSend(): boolean {
    return !this.isRefusing;
  }

  canReceive(): boolean {
    return this.notices.length > 0;
  }

  /** Manual mode: grants a subscription to the peer that the last notice came from; to nobody when it is gone. */
  subscribe(topic: Uint8Array): void {
    this.requireManual("subscribe");
    if (this.lastPipe === undefined) return;
    this.subscriptions.add(topic, this.lastPipe);
    if (this.options.manualLastValue) this.lastValuePipe = this.lastPipe;
  }

  /** Manual mode: takes a subscription from the peer that the last notice came from. */
  unsubscribe(topic: Uint8Array): void {
    this.requireManual("unsubscribe");
    if (this.lastPipe !== undefined) this.subscriptions.remove(topic, this.lastPipe);
  }

  settle(): void {
    this.broadcaster.settle();
  }

  /** What is granted, and to how many. */
  subscriptionList(): SubscriptionCount[] {
    return this.subscriptions.list();
  }

  subscribersOf(topic: Uint8Array | undefined): number {
    if (topic === undefined) return this.subscriptions.pipeCount;
    let matched = 0;
    this.subscriptions.match(topic, () => {
      matched += 1;
    });
    return this.options.invertMatching ? this.outgoing.size - matched : matched;
  }

  topicsCount(): number {
    return this.subscriptions.size;
  }

  private get isManual(): boolean {
    return this.isReceiving && (this.options.manual || this.options.manualLastValue);
  }

  private requireManual(operation: string): void {
    if (!this.isManual)
      throw new ZmqError("EINVAL", `${operation}: an XPUB socket does this by itself unless it is manual`);
  }

  private readonly choose = (pipe: Pipe): void => {
    this.outgoing.match(pipe);
  };

  private readonly chooseLastValue = (pipe: Pipe): void => {
    if (pipe === this.lastValuePipe) this.outgoing.match(pipe);
  };

  /** Takes what a pipe has, as long as the application keeps up. */
  private readFrom(source: Source): void {
    const limit = this.options.receiveHighWaterMark;
    source.isPaused = false;
    for (;;) {
      if (limit > 0 && source.waiting >= limit) {
        source.isPaused = true;
        return;
      }
      const item = source.pipe.read();
      if (item === undefined) return;
      if (item instanceof Subscription) this.apply(source, item);
      else this.accept(source, item as Message);
    }
  }

  private accept(source: Source, message: Message): void {
    const rest = takeSubscriptions(message, this.options.onlyFirstSubscribe, (subscription) => {
      this.apply(source, subscription);
    });
    // Within one process the sender gives the same array to all publishers.
    if (rest !== undefined && this.isReceiving) this.notices.push({ kind: "message", message: rest.slice(), source });
  }

  private apply(source: Source, subscription: Subscription): void {
    this.isRefusing = false;
    const { kind, topic } = subscription;
    if (kind !== "subscribe" && kind !== "cancel") return;
    const { verbosity } = this.options;
    const granted = this.isManual ? this.requests : this.subscriptions;
    if (!admits(granted, source.pipe, kind, topic, this.options)) return;
    if (this.isManual) {
      if (kind === "subscribe") this.requests.add(topic, source.pipe);
      else this.requests.remove(topic, source.pipe);
      this.tell(source, kind, topic);
    } else if (kind === "subscribe") {
      const isFirst = this.subscriptions.add(topic, source.pipe);
      // With every subscription told but only the last cancel, they do not pair up.
      if (isFirst || verbosity !== null) this.tell(source, kind, topic, !isFirst && verbosity === "allSubs");
    } else {
      const removal = this.subscriptions.remove(topic, source.pipe);
      if (removal !== "valuesRemain" || verbosity === "allSubsUnsubs") this.tell(source, kind, topic);
    }
  }

  private tell(source: Source | undefined, kind: "subscribe" | "cancel", topic: Uint8Array, isRepeated = false): void {
    if (!this.isReceiving) return;
    const frame = allocateLike(topic, topic.length + 1);
    frame[0] = kind === "subscribe" ? 1 : 0;
    frame.set(topic, 1);
    this.notices.push({ kind, message: [frame], source, isRepeated });
  }
}

/** The row of XPUB. */
export const XPUB: SocketType = /* @__PURE__ */ socketType({
  name: "XPUB",
  id: 9,
  peers: ["SUB", "XSUB"],
  create: (options, clock) => new Xpub(options, clock),
});
