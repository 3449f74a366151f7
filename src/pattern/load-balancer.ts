// SPDX-License-Identifier: MIT
/**
 * Load balancer: gives each message to the next pipe with room (RFC 28, 30: "round-robin"). Used by PUSH, DEALER and REQ.
 * The pipes stand in one array, those with room first; a pipe knows its own place (see `fair-queue.ts`).
 */
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { mayRefuse, overflow } from "./overflow.ts";
import type { PatternOptions } from "./pattern.ts";

/** Round robin over the pipes that have room. */
export class LoadBalancer {
  /** The pipe that took the last message. */
  lastPipe: Pipe | undefined = undefined;
  private readonly pipes: Pipe[] = [];
  /** The first `active` pipes are not known to be full. */
  private active = 0;
  /** Place of the pipe whose turn it is. */
  private current = 0;
  /** Place of the pipe that was asked last to make room. */
  private overflowed = 0;

  /** Number of pipes, full or not. */
  get size(): number {
    return this.pipes.length;
  }

  /** Adds a pipe; its turn comes last. */
  attach(pipe: Pipe): void {
    pipe.loadBalancerIndex = this.pipes.length;
    this.pipes.push(pipe);
    this.activate(pipe);
  }

  /** Takes a pipe out; harmless when it is not in. */
  detach(pipe: Pipe): void {
    const index = pipe.loadBalancerIndex;
    if (index < 0) return;
    if (index < this.active) this.deactivate(index);
    this.swap(pipe.loadBalancerIndex, this.pipes.length - 1);
    this.pipes.pop();
    pipe.loadBalancerIndex = -1;
    if (this.lastPipe === pipe) this.lastPipe = undefined;
  }

  /** A pipe has room again. */
  activate(pipe: Pipe): void {
    if (pipe.loadBalancerIndex < this.active) return;
    this.swap(pipe.loadBalancerIndex, this.active);
    this.active += 1;
  }

  /** Gives the message to the pipe whose turn it is. False: no pipe has room. */
  write(message: Message): boolean {
    while (this.active > 0) {
      const pipe = this.pipes[this.current] as Pipe;
      if (pipe.write(message)) {
        this.lastPipe = pipe;
        if (this.pipes[this.current] === pipe) this.current += 1;
        if (this.current >= this.active) this.current = 0;
        return true;
      }
      this.full(pipe);
    }
    return false;
  }

  /** Goes on to the next pipe that this is not true of; where it is true of all, the turn stays as it is. */
  passOver(isPassedOver: (pipe: Pipe) => boolean): void {
    for (let left = this.active; left > 0 && isPassedOver(this.pipes[this.current] as Pipe); left -= 1) {
      this.current = (this.current + 1) % this.active;
    }
  }

  /** As `write`, and when no pipe has room does as the options say. */
  send(message: Message, options: PatternOptions): boolean {
    return this.write(message) || this.overflow(message, options);
  }

  /** True when `send` would not make its caller wait. */
  canSend({ whenFull }: PatternOptions): boolean {
    return this.canWrite() || (whenFull !== null && !mayRefuse(whenFull) && this.pipes.length > 0);
  }

  private overflow(message: Message, { whenFull, conflate }: PatternOptions): boolean {
    const { pipes } = this;
    if (pipes.length === 0 || (whenFull === null && typeof conflate === "boolean")) return false;
    if (typeof conflate === "object") for (const pipe of pipes) if (pipe.replaces(message)) return pipe.write(message);
    this.overflowed = (this.overflowed + 1) % pipes.length;
    return overflow(pipes[this.overflowed] as Pipe, message, whenFull ?? "wait");
  }

  /** True when `write` would find room. */
  canWrite(): boolean {
    while (this.active > 0) {
      const pipe = this.pipes[this.current] as Pipe;
      if (pipe.checkWrite()) return true;
      this.full(pipe);
    }
    return false;
  }

  private full(pipe: Pipe): void {
    const index = pipe.loadBalancerIndex;
    if (index >= 0 && index < this.active) this.deactivate(index);
  }

  /** The last active pipe takes the place, and with it the turn, of the one that leaves. */
  private deactivate(index: number): void {
    this.active -= 1;
    this.swap(index, this.active);
    if (this.current >= this.active) this.current = 0;
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    const first = this.pipes[a] as Pipe;
    const second = this.pipes[b] as Pipe;
    this.pipes[a] = second;
    this.pipes[b] = first;
    second.loadBalancerIndex = a;
    first.loadBalancerIndex = b;
  }
}
