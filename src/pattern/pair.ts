// SPDX-License-Identifier: MIT
/**
 * PAIR: talks to exactly one peer (RFC 31). Whoever comes while there is one is turned away. A peer that has gone holds
 * its place no longer, even while its last messages are unread: they are read before its successor's.
 */
import type { Message } from "../pipe/message.ts";
import type { Arrivals, Origin } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { mayRefuse, overflow } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** One end of an exclusive pair. */
export class Pair implements Pattern, Arrivals {
  readonly arrivals: Arrivals = this;
  lastPipe: Pipe | undefined = undefined;
  gone: Origin | undefined = undefined;
  private readonly options: PatternOptions;
  private pipe: Pipe | undefined = undefined;
  /** The peer before: gone, but not all it sent is read. One at most, so that peers that come and go pile nothing up. */
  private former: Pipe | undefined = undefined;

  constructor(options: PatternOptions) {
    this.options = options;
  }

  attach(pipe: Pipe): void {
    if (this.pipe === undefined) this.pipe = pipe;
    else pipe.close();
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    if (pipe === this.pipe && this.former === undefined) this.retire();
  }

  detach(pipe: Pipe): void {
    if (pipe === this.lastPipe) {
      this.lastPipe = undefined;
      this.gone = pipe.origin;
    }
    if (pipe === this.pipe) this.pipe = undefined;
    if (pipe !== this.former) return;
    this.former = undefined;
    if (this.pipe?.isClosing === true) this.retire();
  }

  readActivated(): void {}

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    const { pipe } = this;
    if (pipe === undefined) return false;
    return pipe.write(message) || overflow(pipe, message, this.options.whenFull ?? "wait");
  }

  receive(): Message | undefined {
    for (let pipe = this.former ?? this.pipe; pipe !== undefined; pipe = this.former ?? this.pipe) {
      const item = pipe.read();
      if (item === undefined) {
        if (!this.isPassed(pipe)) return undefined;
      } else if (Array.isArray(item)) {
        this.lastPipe = pipe;
        return item;
      }
    }
    return undefined;
  }

  canSend(): boolean {
    const { pipe } = this;
    if (pipe === undefined) return false;
    return pipe.checkWrite() || (!pipe.isClosing && !mayRefuse(this.options.whenFull ?? "wait"));
  }

  canReceive(): boolean {
    for (let pipe = this.former ?? this.pipe; pipe !== undefined; pipe = this.former ?? this.pipe) {
      if (pipe.checkRead()) return true;
      if (!this.isPassed(pipe)) return false;
    }
    return false;
  }

  /** A pipe had nothing to read: true when there is another one to look at. */
  private isPassed(pipe: Pipe): boolean {
    // Reading the end of a pipe may have detached it already.
    if (pipe === this.former) this.detach(pipe);
    return pipe !== this.pipe;
  }

  private retire(): void {
    this.former = this.pipe;
    this.pipe = undefined;
  }
}

/** The row of PAIR. */
export const PAIR: SocketType = /* @__PURE__ */ socketType({
  name: "PAIR",
  id: 0,
  peers: ["PAIR"],
  create: (options) => new Pair(options),
});
