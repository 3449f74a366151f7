// SPDX-License-Identifier: MIT
/**
 * DISH: takes messages of the groups that it has joined from each RADIO in turn, and tells every RADIO what it joins
 * (RFC 48). A message is its group and one part. A new or replaced RADIO is told all groups again.
 */
import { copyBytes } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, Subscription } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Distributor } from "./distributor.ts";
import { FairQueue } from "./fair-queue.ts";
import { LONGEST_GROUP, toGroup } from "./groups.ts";
import type { Pattern } from "./pattern.ts";
import { Sieve } from "./sieve.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import { OwnSubscriptions } from "./subscriptions.ts";

/** The receiving side of groups. */
export class Dish implements Pattern {
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly outgoing = new Distributor();
  private readonly groups = new OwnSubscriptions();
  private readonly sieve = new Sieve(
    () => this.take(),
    (message) => this.isWanted(message),
  );

  attach(pipe: Pipe): void {
    this.incoming.attach(pipe);
    this.outgoing.attach(pipe);
    this.hiccuped(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    this.outgoing.detach(pipe);
    this.incoming.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.outgoing.activate(pipe);
  }

  hiccuped(pipe: Pipe): void {
    if (!this.outgoing.has(pipe)) return;
    for (const group of this.groups.topics()) pipe.writeSubscription(new Subscription("join", group));
  }

  send(): boolean {
    throw new ZmqError("ENOTSUP", "send: a DISH socket only receives, send with RADIO");
  }

  receive(): Message | undefined {
    return this.sieve.read();
  }

  canSend(): boolean {
    return false;
  }

  canReceive(): boolean {
    return this.sieve.canRead();
  }

  /**
   * Receives the messages of a group from now on.
   * @throws ZmqError `EINVAL` when it was joined before, or its name is too long
   */
  join(name: Uint8Array): void {
    const group = checked("join", name);
    if (this.groups.has(group)) throw new ZmqError("EINVAL", "join: the group was joined before");
    this.groups.add(group);
    // It waits in pipes after the application has its buffer back.
    this.outgoing.writeSubscription(new Subscription("join", copyBytes(group)));
  }

  /**
   * Receives the messages of a group no longer.
   * @throws ZmqError `EINVAL` when it was not joined, or its name is too long
   */
  leave(name: Uint8Array): void {
    const group = checked("leave", name);
    if (!this.groups.has(group)) throw new ZmqError("EINVAL", "leave: the group was not joined");
    this.groups.remove(group);
    this.outgoing.writeSubscription(new Subscription("leave", copyBytes(group)));
  }

  private take(): Message | undefined {
    const message = this.incoming.read();
    // Within one process a RADIO gives the same array to all who joined.
    return message !== undefined && this.incoming.lastPipe?.peer?.address === "" ? message.slice() : message;
  }

  /** Over udp everything comes, and a group that was left may still be on its way. */
  private isWanted(message: Message): boolean {
    if (message.length !== 2) return false;
    const group = message[0] as Uint8Array;
    if (group.length > LONGEST_GROUP) return false;
    if (this.groups.has(group)) return true;
    const name = toGroup(group);
    if (name.length === group.length || !this.groups.has(name)) return false;
    message[0] = name;
    return true;
  }
}

function checked(verb: string, name: Uint8Array): Uint8Array {
  const group = toGroup(name);
  if (group.length <= LONGEST_GROUP) return group;
  throw new ZmqError("EINVAL", `${verb}: a group has up to ${LONGEST_GROUP} octets, not ${group.length}`);
}

/** The row of DISH. */
export const DISH: SocketType = /* @__PURE__ */ socketType({
  name: "DISH",
  id: 15,
  peers: ["RADIO"],
  create: () => new Dish(),
  canSend: false,
  isSubscriber: true,
  lingersByDefault: false,
  details: "group",
});
