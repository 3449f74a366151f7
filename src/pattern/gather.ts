// SPDX-License-Identifier: MIT
/** GATHER: takes messages of one part from each SCATTER, in turn (RFC 49). A PULL that drops messages of several parts. */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import type { Pattern } from "./pattern.ts";
import { Sieve } from "./sieve.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The receiving side of a pipeline of single parts. */
export class Gather implements Pattern {
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly sieve = new Sieve(() => this.incoming.read());

  attach(pipe: Pipe): void {
    this.incoming.attach(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(): void {}

  detach(pipe: Pipe): void {
    this.incoming.detach(pipe);
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(): void {}

  hiccuped(): void {}

  send(): boolean {
    throw new ZmqError("ENOTSUP", "send: a GATHER socket only receives, send with SCATTER");
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
}

/** The row of GATHER. */
export const GATHER: SocketType = /* @__PURE__ */ socketType({
  name: "GATHER",
  id: 16,
  peers: ["SCATTER"],
  create: () => new Gather(),
  canSend: false,
  conflates: true,
});
