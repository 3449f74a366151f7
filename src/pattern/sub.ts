// SPDX-License-Identifier: MIT
/** SUB: an XSUB that filters what it receives by what its application subscribed to, and sends nothing else (RFC 29). */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";
import { Xsub } from "./xsub.ts";

/** The subscriber. */
export class Sub implements Pattern {
  private readonly options: PatternOptions;
  private readonly xsub: Xsub;
  readonly arrivals: Arrivals;
  /** A message that was read ahead to answer `canReceive`. */
  private next: Message | undefined = undefined;

  constructor(options: PatternOptions) {
    this.options = options;
    this.xsub = new Xsub(options);
    this.arrivals = this.xsub.arrivals;
  }

  attach(pipe: Pipe): void {
    this.xsub.attach(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.xsub.closing(pipe);
  }

  detach(pipe: Pipe): void {
    this.xsub.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.xsub.readActivated(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.xsub.writeActivated(pipe);
  }

  hiccuped(pipe: Pipe): void {
    this.xsub.hiccuped(pipe);
  }

  send(): boolean {
    throw new ZmqError("ENOTSUP", "send: a SUB socket only receives, send to a publisher with XSUB");
  }

  receive(): Message | undefined {
    const next = this.next ?? this.readMatching();
    this.next = undefined;
    return next;
  }

  canSend(): boolean {
    return false;
  }

  canReceive(): boolean {
    this.next ??= this.readMatching();
    return this.next !== undefined;
  }

  subscribe(topic: Uint8Array): void {
    this.xsub.subscribe(topic);
  }

  unsubscribe(topic: Uint8Array): void {
    this.xsub.unsubscribe(topic);
  }

  topicsCount(): number {
    return this.xsub.topicsCount();
  }

  /** Publishers that cannot filter send everything, and a cancelled topic may still be on its way. */
  private readMatching(): Message | undefined {
    for (;;) {
      const message = this.xsub.receive();
      if (message === undefined) return undefined;
      if (this.xsub.isSubscribed(message) !== this.options.invertMatching) return message;
    }
  }
}

/** The row of SUB. */
export const SUB: SocketType = /* @__PURE__ */ socketType({
  name: "SUB",
  id: 2,
  peers: ["PUB", "XPUB"],
  create: (options) => new Sub(options),
  canSend: false,
  isSingleConnect: true,
  conflates: true,
  isSubscriber: true,
  lingersByDefault: false,
});
