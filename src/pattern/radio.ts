// SPDX-License-Identifier: MIT
/**
 * RADIO: gives each message to every peer that has joined its group (RFC 48). A message is the group and one part, which is
 * also what travels; groups are matched whole. What peers join comes as `Subscription` through their pipes.
 */
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, Subscription } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Broadcaster } from "./broadcaster.ts";
import { Distributor } from "./distributor.ts";
import { LONGEST_GROUP, toGroup } from "./groups.ts";
import { fullError, type WhenFull } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { requireSinglePart } from "./single-part.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import { admits } from "./subscription-limits.ts";
import { type SubscriptionCount, Subscriptions } from "./subscriptions.ts";

/** The publishing side of groups. */
export class Radio implements Pattern {
  unroutable = 0;
  private readonly options: PatternOptions;
  private readonly broadcaster: Broadcaster;
  private readonly outgoing = new Distributor();
  private readonly groups = new Subscriptions<Pipe>();
  /** Pipes that get all groups: nobody can join over udp (RFC 48 §UDP). */
  private readonly unfiltered = new Set<Pipe>();
  /** A message was refused (`noDrop`), and nothing has happened since that could make room for it. */
  private isRefusing = false;

  constructor(options: PatternOptions, clock: Clock) {
    this.options = options;
    this.broadcaster = new Broadcaster(clock);
  }

  attach(pipe: Pipe): void {
    this.outgoing.attach(pipe);
    this.readActivated(pipe);
  }

  connected(pipe: Pipe): void {
    if (pipe.peer?.wantsEverything === true) this.unfiltered.add(pipe);
  }

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.forget(pipe);
  }

  detach(pipe: Pipe): void {
    this.forget(pipe);
  }

  /** A DISH only joins and leaves. What a peer sends besides is dropped, so that it cannot stop the connection. */
  readActivated(pipe: Pipe): void {
    for (let item = pipe.read(); item !== undefined; item = pipe.read()) {
      if (item instanceof Subscription) this.apply(item, pipe);
    }
  }

  writeActivated(pipe: Pipe): void {
    this.isRefusing = false;
    this.outgoing.activate(pipe);
    this.broadcaster.activate();
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    requireSinglePart(message, "RADIO", 1);
    const isSent = this.distribute(message);
    this.isRefusing = !isSent;
    if (!isSent && this.rule === "error") throw fullError();
    return isSent;
  }

  receive(): Message | undefined {
    throw new ZmqError("ENOTSUP", "receive: a RADIO socket only sends, receive with DISH");
  }

  /** Always, as libzmq's, but after a refusal: whoever waits then shall not be told to try again before there is room. */
  canSend(): boolean {
    return !this.isRefusing;
  }

  canReceive(): boolean {
    return false;
  }

  settle(): void {
    this.broadcaster.settle();
  }

  /** The groups that were joined, and by how many. */
  subscriptionList(): SubscriptionCount[] {
    return this.groups.list();
  }

  subscribersOf(group: Uint8Array | undefined): number {
    if (group === undefined) return this.groups.pipeCount + this.unfiltered.size;
    return (this.groups.exactAudience(group)?.pipes.length ?? 0) + this.unfiltered.size;
  }

  private get rule(): WhenFull {
    return this.options.whenFull ?? (this.options.noDrop ? "wait" : "dropNewest");
  }

  private distribute(message: Message): boolean {
    const group = message[0] as Uint8Array;
    if (this.unfiltered.size === 0) {
      const audience = this.groups.exactAudience(group);
      if (audience !== undefined) return this.broadcaster.send(audience, message, this.rule);
      this.unroutable += 1;
      return true;
    }
    this.outgoing.unmatch();
    for (const pipe of this.groups.exactAudience(group)?.pipes ?? []) this.outgoing.match(pipe);
    for (const pipe of this.unfiltered) this.outgoing.match(pipe);
    if (!this.outgoing.write(message, this.rule)) return false;
    return true;
  }

  private apply({ kind, topic }: Subscription, pipe: Pipe): void {
    const group = toGroup(topic);
    if (group.length > LONGEST_GROUP) return;
    this.isRefusing = false;
    if (kind === "join" && !admits(this.groups, pipe, kind, group, this.options)) return;
    if (kind === "join") this.groups.add(group, pipe);
    else if (kind === "leave") this.groups.remove(group, pipe);
  }

  private forget(pipe: Pipe): void {
    this.isRefusing = false;
    this.settle();
    this.groups.removePipe(pipe);
    this.unfiltered.delete(pipe);
    this.outgoing.detach(pipe);
  }
}

/** The row of RADIO. */
export const RADIO: SocketType = /* @__PURE__ */ socketType({
  name: "RADIO",
  id: 14,
  peers: ["DISH"],
  create: (options, clock) => new Radio(options, clock),
  canReceive: false,
  details: "group",
});
