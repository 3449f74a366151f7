// SPDX-License-Identifier: MIT
/** DEALER: sends to its peers in turn, takes from them in turn (RFC 28). A load balancer and a fair queue. */
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The asynchronous requester. */
export class Dealer implements Pattern {
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly outgoing = new LoadBalancer();
  private readonly greeter: Greeter;

  constructor(options: PatternOptions) {
    this.options = options;
    this.greeter = new Greeter(options, true);
  }

  attach(pipe: Pipe): void {
    this.greeter.attached(pipe);
    this.incoming.attach(pipe);
    this.outgoing.attach(pipe);
  }

  connected(pipe: Pipe): void {
    this.greeter.connected(pipe);
  }

  disconnected(pipe: Pipe): void {
    const hiccup = this.options.hiccupMessage;
    if (hiccup !== null && hiccup.length > 0) this.incoming.insert(pipe, [hiccup]);
  }

  closing(pipe: Pipe): void {
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    this.greeter.detached(pipe);
    this.outgoing.detach(pipe);
    this.incoming.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.outgoing.activate(pipe);
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    return this.outgoing.send(message, this.options);
  }

  receive(): Message | undefined {
    return this.incoming.read();
  }

  canSend(): boolean {
    return this.outgoing.canSend(this.options);
  }

  canReceive(): boolean {
    return this.incoming.canRead();
  }
}

/** The row of DEALER. */
export const DEALER: SocketType = /* @__PURE__ */ socketType({
  name: "DEALER",
  id: 5,
  peers: ["REP", "DEALER", "ROUTER"],
  create: (options) => new Dealer(options),
  announcesRoutingId: true,
  isSingleConnect: true,
  conflates: true,
});
