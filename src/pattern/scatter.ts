// SPDX-License-Identifier: MIT
/** SCATTER: each message goes to one GATHER, in turn, one part a message (RFC 49). A PUSH without parts. */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { Push } from "./push.ts";
import { requireSinglePart } from "./single-part.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The sending side of a pipeline of single parts. */
export class Scatter implements Pattern {
  private readonly push: Push;

  constructor(options: PatternOptions) {
    this.push = new Push(options);
  }

  attach(pipe: Pipe): void {
    this.push.attach(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.push.closing(pipe);
  }

  detach(pipe: Pipe): void {
    this.push.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.push.readActivated(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.push.writeActivated(pipe);
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    requireSinglePart(message, "SCATTER");
    return this.push.send(message);
  }

  receive(): Message | undefined {
    throw new ZmqError("ENOTSUP", "receive: a SCATTER socket only sends, receive with GATHER");
  }

  canSend(): boolean {
    return this.push.canSend();
  }

  canReceive(): boolean {
    return false;
  }
}

/** The row of SCATTER. */
export const SCATTER: SocketType = /* @__PURE__ */ socketType({
  name: "SCATTER",
  id: 17,
  peers: ["GATHER"],
  create: (options) => new Scatter(options),
  canReceive: false,
  conflates: true,
});
