// SPDX-License-Identifier: MIT
/** PULL: takes messages from each PUSH, in turn (RFC 30). A fair queue, and nothing else. */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import type { Pattern } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The receiving side of a pipeline. */
export class Pull implements Pattern {
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;

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
    throw new ZmqError("ENOTSUP", "send: a PULL socket only receives, send with PUSH");
  }

  receive(): Message | undefined {
    return this.incoming.read();
  }

  canSend(): boolean {
    return false;
  }

  canReceive(): boolean {
    return this.incoming.canRead();
  }
}

/** The row of PULL. */
export const PULL: SocketType = /* @__PURE__ */ socketType({
  name: "PULL",
  id: 7,
  peers: ["PUSH"],
  create: () => new Pull(),
  canSend: false,
  conflates: true,
});
