// SPDX-License-Identifier: MIT
/** CLIENT: sends to its servers in turn, takes from them in turn, one part a message (RFC 41). A DEALER without envelopes. */
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { Sieve } from "./sieve.ts";
import { requireSinglePart } from "./single-part.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The side that asks. */
export class Client implements Pattern {
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly sieve = new Sieve(() => this.incoming.read());
  private readonly outgoing = new LoadBalancer();
  private readonly greeter: Greeter;

  constructor(options: PatternOptions) {
    this.options = options;
    this.greeter = new Greeter(options, false);
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
    requireSinglePart(message, "CLIENT");
    return this.outgoing.send(message, this.options);
  }

  receive(): Message | undefined {
    return this.sieve.read();
  }

  canSend(): boolean {
    return this.outgoing.canSend(this.options);
  }

  canReceive(): boolean {
    return this.sieve.canRead();
  }
}

/** The row of CLIENT. */
export const CLIENT: SocketType = /* @__PURE__ */ socketType({
  name: "CLIENT",
  id: 13,
  peers: ["SERVER"],
  create: (options) => new Client(options),
});
