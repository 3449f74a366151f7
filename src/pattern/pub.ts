// SPDX-License-Identifier: MIT
/** PUB: an XPUB whose application hears nothing of its subscribers (RFC 29). */
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import type { SubscriptionCount } from "./subscriptions.ts";
import { Xpub } from "./xpub.ts";

/** The publisher. */
export class Pub implements Pattern {
  private readonly xpub: Xpub;

  constructor(options: PatternOptions, clock: Clock) {
    this.xpub = new Xpub(options, clock, false);
  }

  attach(pipe: Pipe): void {
    this.xpub.attach(pipe);
  }

  connected(pipe: Pipe): void {
    this.xpub.connected(pipe);
  }

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.xpub.closing(pipe);
  }

  detach(pipe: Pipe): void {
    this.xpub.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.xpub.readActivated(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.xpub.writeActivated(pipe);
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    return this.xpub.send(message);
  }

  receive(): Message | undefined {
    throw new ZmqError("ENOTSUP", "receive: a PUB socket only sends, receive subscriptions with XPUB");
  }

  canSend(): boolean {
    return this.xpub.canSend();
  }

  canReceive(): boolean {
    return false;
  }

  get unroutable(): number {
    return this.xpub.unroutable;
  }

  settle(): void {
    this.xpub.settle();
  }

  subscriptionList(): SubscriptionCount[] {
    return this.xpub.subscriptionList();
  }

  subscribersOf(topic: Uint8Array | undefined): number {
    return this.xpub.subscribersOf(topic);
  }

  topicsCount(): number {
    return this.xpub.topicsCount();
  }
}

/** The row of PUB. */
export const PUB: SocketType = /* @__PURE__ */ socketType({
  name: "PUB",
  id: 1,
  peers: ["SUB", "XSUB"],
  create: (options, clock) => new Pub(options, clock),
  canReceive: false,
  isSingleConnect: true,
  conflates: true,
});
