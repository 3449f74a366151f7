// SPDX-License-Identifier: MIT
/** PUSH: each message goes to one PULL, in turn (RFC 30). A load balancer, and nothing else. */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The sending side of a pipeline. */
export class Push implements Pattern {
  private readonly options: PatternOptions;
  private readonly outgoing = new LoadBalancer();

  constructor(options: PatternOptions) {
    this.options = options;
  }

  attach(pipe: Pipe): void {
    this.outgoing.attach(pipe);
    this.readActivated(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    this.outgoing.detach(pipe);
  }

  /** A PULL has nothing to say. What a peer sends all the same is dropped, so that it cannot stop the connection. */
  readActivated(pipe: Pipe): void {
    while (pipe.read() !== undefined);
  }

  writeActivated(pipe: Pipe): void {
    this.outgoing.activate(pipe);
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    return this.outgoing.send(message, this.options);
  }

  receive(): Message | undefined {
    throw new ZmqError("ENOTSUP", "receive: a PUSH socket only sends, receive with PULL");
  }

  canSend(): boolean {
    return this.outgoing.canSend(this.options);
  }

  canReceive(): boolean {
    return false;
  }
}

/** The row of PUSH. */
export const PUSH: SocketType = /* @__PURE__ */ socketType({
  name: "PUSH",
  id: 8,
  peers: ["PULL"],
  create: (options) => new Push(options),
  canReceive: false,
  conflates: true,
});
