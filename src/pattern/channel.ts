// SPDX-License-Identifier: MIT
/** CHANNEL: talks to exactly one peer, one part a message (RFC 52). A PAIR without parts. */
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Pair } from "./pair.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { Sieve } from "./sieve.ts";
import { requireSinglePart } from "./single-part.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** One end of an exclusive pair of single parts. */
export class Channel implements Pattern {
  private readonly pair: Pair;
  readonly arrivals: Arrivals;
  private readonly sieve = new Sieve(() => this.pair.receive());

  constructor(options: PatternOptions) {
    this.pair = new Pair(options);
    this.arrivals = this.pair;
  }

  attach(pipe: Pipe): void {
    this.pair.attach(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.pair.closing(pipe);
  }

  detach(pipe: Pipe): void {
    this.pair.detach(pipe);
  }

  readActivated(): void {}

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    requireSinglePart(message, "CHANNEL");
    return this.pair.send(message);
  }

  receive(): Message | undefined {
    return this.sieve.read();
  }

  canSend(): boolean {
    return this.pair.canSend();
  }

  canReceive(): boolean {
    return this.sieve.canRead();
  }
}

/** The row of CHANNEL. */
export const CHANNEL: SocketType = /* @__PURE__ */ socketType({
  name: "CHANNEL",
  id: 20,
  peers: ["CHANNEL"],
  create: (options) => new Channel(options),
});
