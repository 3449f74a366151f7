// SPDX-License-Identifier: MIT
/**
 * REP: one request, then its reply, in strict turn (RFC 28). A fair queue that remembers the pipe and the envelope (the
 * frames up to the first empty one) of the request, so that the reply finds its way back through any number of ROUTERs.
 */
import { NO_CHUNKS } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, prepend } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { overflow } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The replier. */
export class Rep implements Pattern {
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly options: PatternOptions;
  private readonly greeter: Greeter;
  unroutable = 0;
  private isReplying = false;
  /** Who asked; undefined once that pipe is gone. */
  private requester: Pipe | undefined = undefined;
  private envelope: Message = NO_CHUNKS;
  /** A request that was read ahead to answer `canReceive`. */
  private request: Message | undefined = undefined;

  constructor(options: PatternOptions) {
    this.options = options;
    this.greeter = new Greeter(options, false);
  }

  attach(pipe: Pipe): void {
    this.greeter.attached(pipe);
    this.incoming.attach(pipe);
  }

  connected(pipe: Pipe): void {
    this.greeter.connected(pipe);
  }

  disconnected(): void {}

  closing(): void {}

  detach(pipe: Pipe): void {
    this.greeter.detached(pipe);
    this.incoming.detach(pipe);
    if (this.requester === pipe) this.requester = undefined;
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    if (!this.isReplying) throw new ZmqError("EFSM", "send: a REP socket must receive a request first");
    const { envelope, requester } = this;
    const reply = envelope.length === 1 ? prepend(envelope[0] as Uint8Array, message) : envelope.concat(message);
    // A requester that is gone, or does not take its replies, loses this one: nobody else is kept waiting for it.
    if (requester === undefined) this.unroutable += 1;
    else if (!requester.write(reply)) {
      if (requester.isClosing) requester.drop(1);
      else if (!overflow(requester, reply, this.options.whenFull ?? "dropNewest")) return false;
    }
    this.isReplying = false;
    this.requester = undefined;
    this.envelope = NO_CHUNKS;
    return true;
  }

  receive(): Message | undefined {
    if (this.isReplying)
      throw new ZmqError("EFSM", "receive: a REP socket must send the reply to the last request first");
    const request = this.request ?? this.readRequest();
    if (request === undefined) return undefined;
    this.request = undefined;
    this.isReplying = true;
    return request;
  }

  canSend(): boolean {
    return this.isReplying;
  }

  canReceive(): boolean {
    if (this.isReplying) return false;
    this.request ??= this.readRequest();
    return this.request !== undefined;
  }

  /** The body of the next request; a message whose envelope does not end, or has nothing behind it, is skipped. */
  private readRequest(): Message | undefined {
    for (let message = this.incoming.read(); message !== undefined; message = this.incoming.read()) {
      const delimiter = delimiterOf(message);
      if (delimiter < 0) continue;
      this.requester = this.incoming.lastPipe;
      this.envelope = message.slice(0, delimiter + 1);
      return message.slice(delimiter + 1);
    }
    return undefined;
  }
}

/** Place of the first empty frame that has a frame behind it; −1 when there is none. */
function delimiterOf(message: Message): number {
  for (let i = 0; i < message.length - 1; i += 1) {
    if ((message[i] as Uint8Array).length === 0) return i;
  }
  return -1;
}

/** The row of REP. */
export const REP: SocketType = /* @__PURE__ */ socketType({
  name: "REP",
  id: 4,
  peers: ["REQ", "DEALER"],
  create: (options) => new Rep(options),
});
