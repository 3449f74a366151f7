// SPDX-License-Identifier: MIT
/**
 * Distributor: gives one and the same message object to every pipe that was matched (RFC 29: "fan-out"). Used by PUB,
 * XPUB and XSUB. Nothing is cloned, so that an engine may encode a message once for all of its readers. The pipes stand
 * in one array: first the matched ones, then the others with room, then the full ones (see `fair-queue.ts`).
 */
import type { Message, Subscription } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { mayRefuse, overflow, type WhenFull } from "./overflow.ts";

/** Fan-out to a chosen set of pipes. */
export class Distributor {
  private readonly pipes: Pipe[] = [];
  /** The first `matching` pipes get the next message. */
  private matching = 0;
  /** The first `active` pipes are not known to be full. */
  private active = 0;
  /** Matched pipes that are known to be full. */
  private missing: Pipe[] = [];

  /** Number of pipes, full or not. */
  get size(): number {
    return this.pipes.length;
  }

  /** Adds a pipe. */
  attach(pipe: Pipe): void {
    pipe.distributorIndex = this.pipes.length;
    this.pipes.push(pipe);
    this.activate(pipe);
  }

  /** Takes a pipe out; harmless when it is not in. */
  detach(pipe: Pipe): void {
    if (pipe.distributorIndex < 0) return;
    if (pipe.distributorIndex < this.matching) {
      this.matching -= 1;
      this.swap(pipe.distributorIndex, this.matching);
    }
    if (pipe.distributorIndex < this.active) {
      this.active -= 1;
      this.swap(pipe.distributorIndex, this.active);
    }
    this.swap(pipe.distributorIndex, this.pipes.length - 1);
    this.pipes.pop();
    pipe.distributorIndex = -1;
  }

  /** A pipe has room again. */
  activate(pipe: Pipe): void {
    if (pipe.distributorIndex < this.active) return;
    this.swap(pipe.distributorIndex, this.active);
    this.active += 1;
  }

  /** True when the pipe was attached here and not taken out. */
  has(pipe: Pipe): boolean {
    return pipe.distributorIndex >= 0 && this.pipes[pipe.distributorIndex] === pipe;
  }

  /** Chooses a pipe for the next message. Call it once for each pipe and message. */
  match(pipe: Pipe): void {
    const index = pipe.distributorIndex;
    if (index < this.matching) return;
    if (index >= this.active) {
      this.missing.push(pipe);
      return;
    }
    this.swap(index, this.matching);
    this.matching += 1;
  }

  /** Chooses every pipe. */
  matchAll(): void {
    this.matching = this.active;
    this.missing = this.pipes.slice(this.active);
  }

  /** Chooses the pipes that were not chosen, and no others. */
  invert(): void {
    const chosen = this.matching;
    this.matching = 0;
    for (let i = chosen; i < this.active; i += 1) {
      this.swap(i, this.matching);
      this.matching += 1;
    }
    const { missing } = this;
    this.missing = this.pipes.slice(this.active).filter((pipe) => !missing.includes(pipe));
  }

  /** Forgets the choice. */
  unmatch(): void {
    this.matching = 0;
    if (this.missing.length > 0) this.missing = [];
  }

  /** True when every chosen pipe has room for the message. */
  canWrite(message: Message): boolean {
    for (const pipe of this.missing) if (!pipe.replaces(message)) return false;
    for (let i = 0; i < this.matching; i += 1) {
      const pipe = this.pipes[i] as Pipe;
      if (!pipe.checkWrite() && !pipe.replaces(message)) return false;
    }
    return true;
  }

  /**
   * Gives the message to every chosen pipe that has room, does as the rule says for the others, and forgets the choice. False:
   * the rule is that the sender waits, and some have no room; nobody has it then.
   */
  write(message: Message, rule: WhenFull = "dropNewest"): boolean {
    if (mayRefuse(rule) && !this.canWrite(message)) return false;
    for (const pipe of this.missing) give(pipe, message, rule);
    for (let i = 0; i < this.matching; ) {
      const pipe = this.pipes[i] as Pipe;
      if (pipe.write(message)) {
        i += 1;
        continue;
      }
      give(pipe, message, rule);
      // Out of the chosen ones, then out of those with room. It may have left altogether during the call.
      if (this.pipes[i] !== pipe) continue;
      this.matching -= 1;
      this.swap(i, this.matching);
      this.active -= 1;
      this.swap(this.matching, this.active);
    }
    this.unmatch();
    return true;
  }

  /** Gives a subscription to every pipe, full or not. */
  writeSubscription(subscription: Subscription): void {
    for (const pipe of this.pipes) pipe.writeSubscription(subscription);
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    const first = this.pipes[a] as Pipe;
    const second = this.pipes[b] as Pipe;
    this.pipes[a] = second;
    this.pipes[b] = first;
    second.distributorIndex = a;
    first.distributorIndex = b;
  }
}

/** For one that has no room. Whoever could refuse was asked before. */
export function give(pipe: Pipe, message: Message, rule: WhenFull): void {
  if (!overflow(pipe, message, mayRefuse(rule) ? "dropNewest" : rule)) pipe.drop(1);
}
