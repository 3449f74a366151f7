// SPDX-License-Identifier: MIT
/**
 * Fair queue: takes one message at a time from each pipe that has some, in turn, so that a peer that sends a lot cannot
 * starve the others (RFC 28, 29, 30: "fair-queuing"). Used by every pattern that receives. The pipes stand in one array,
 * those with something to read first; a pipe knows its own place, so that moving it costs the same for any number.
 */
import { Ring } from "../base/ring.ts";
import { type Message, Subscription } from "../pipe/message.ts";
import type { Arrivals, Origin } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";

/** A message of the pattern's own that is read after what was waiting in the pipe when it was put there. */
interface Insertion {
  readonly message: Message;
  /** Items of the pipe that come before it. */
  ahead: number;
}

/** A message of the pattern's own, about a pipe that has gone. */
interface Orphan {
  readonly message: Message;
  readonly origin: Origin | undefined;
}

/** Round robin over the pipes that have something to read. */
export class FairQueue implements Arrivals {
  /** The pipe that the last message came from; undefined when the pattern itself had inserted it. */
  lastPipe: Pipe | undefined = undefined;
  /** Then, the pipe it was inserted for. */
  noticePipe: Pipe | undefined = undefined;
  /** Of the last message, when its pipe has gone. */
  gone: Origin | undefined = undefined;
  private readonly pipes: Pipe[] = [];
  /** The first `active` pipes are not known to be empty. */
  private active = 0;
  /** Place of the pipe whose turn it is. */
  private current = 0;
  private readonly insertions = new Map<Pipe, Insertion[]>();
  /** Insertions whose pipe has gone. */
  private readonly orphans = new Ring<Orphan>();
  private readonly onSubscription: ((subscription: Subscription, pipe: Pipe) => void) | undefined;

  /** `onSubscription` gets the subscriptions found among the messages; without it they are dropped. */
  constructor(onSubscription?: (subscription: Subscription, pipe: Pipe) => void) {
    this.onSubscription = onSubscription;
  }

  /** Number of pipes, readable or not. */
  get size(): number {
    return this.pipes.length;
  }

  /** Adds a pipe. It may have something to read already. */
  attach(pipe: Pipe): void {
    pipe.fairQueueIndex = this.pipes.length;
    this.pipes.push(pipe);
    this.activate(pipe);
  }

  /** Takes a pipe out; harmless when it is not in. What was inserted after its messages is still read, unless `discard`. */
  detach(pipe: Pipe, discard = false): void {
    const index = pipe.fairQueueIndex;
    if (index < 0) return;
    if (index < this.active) this.deactivate(index);
    const last = this.pipes.length - 1;
    this.swap(pipe.fairQueueIndex, last);
    this.pipes.pop();
    pipe.fairQueueIndex = -1;
    if (this.lastPipe === pipe || this.noticePipe === pipe) {
      if (this.lastPipe === pipe) this.lastPipe = undefined;
      this.noticePipe = undefined;
      this.gone = pipe.origin;
    }
    const insertions = this.insertions.get(pipe);
    if (insertions === undefined) return;
    this.insertions.delete(pipe);
    if (!discard) for (const { message } of insertions) this.orphans.push({ message, origin: pipe.origin });
  }

  /** A pipe has something to read again. */
  activate(pipe: Pipe): void {
    if (pipe.fairQueueIndex < this.active) return;
    this.swap(pipe.fairQueueIndex, this.active);
    this.active += 1;
  }

  /**
   * Puts a message of our own into a pipe's stream, behind the `ahead` next items of that pipe: a notice then keeps its
   * place between the peer's messages. It is outside any high-water mark.
   */
  insert(pipe: Pipe, message: Message, ahead: number = pipe.readable): void {
    if (pipe.fairQueueIndex < 0) {
      this.orphans.push({ message, origin: pipe.origin });
      return;
    }
    const insertion = { message, ahead };
    const insertions = this.insertions.get(pipe);
    if (insertions === undefined) this.insertions.set(pipe, [insertion]);
    else insertions.push(insertion);
    this.activate(pipe);
  }

  /** Takes the next message; undefined when no pipe has one. */
  read(): Message | undefined {
    for (;;) {
      if (this.orphans.length > 0) {
        const { message, origin } = this.orphans.shift() as Orphan;
        this.lastPipe = undefined;
        this.noticePipe = undefined;
        this.gone = origin;
        return message;
      }
      if (this.active === 0) return undefined;
      const pipe = this.pipes[this.current] as Pipe;
      const hasInsertions = this.insertions.size > 0;
      const inserted = hasInsertions ? this.takeInserted(pipe) : undefined;
      if (inserted !== undefined) {
        this.lastPipe = undefined;
        this.noticePipe = pipe;
        this.advance(pipe);
        return inserted;
      }
      const item = pipe.read();
      if (item === undefined) {
        this.exhausted(pipe);
        continue;
      }
      if (hasInsertions) this.countRead(pipe);
      if (!Array.isArray(item)) {
        if (item instanceof Subscription) this.onSubscription?.(item, pipe);
        continue;
      }
      this.lastPipe = pipe;
      // One pipe is the usual case, and its turn never ends.
      if (this.active !== 1) this.advance(pipe);
      return item;
    }
  }

  /** True when `read` may give a message. Subscriptions count: a caller that must be sure reads ahead. */
  canRead(): boolean {
    for (;;) {
      if (this.orphans.length > 0) return true;
      if (this.active === 0) return false;
      const pipe = this.pipes[this.current] as Pipe;
      if (this.insertions.has(pipe) || pipe.checkRead()) return true;
      this.exhausted(pipe);
    }
  }

  /** A read may have taken the pipe out (its last message was read), or moved it: then it is not its turn any more. */
  private advance(pipe: Pipe): void {
    if (pipe.fairQueueIndex !== this.current) {
      if (this.current >= this.active) this.current = 0;
      return;
    }
    this.current += 1;
    if (this.current >= this.active) this.current = 0;
  }

  private exhausted(pipe: Pipe): void {
    const insertions = this.insertions.get(pipe);
    if (insertions !== undefined) {
      // Items were taken back before they were read: what stood behind them comes now.
      for (const insertion of insertions) insertion.ahead = 0;
      return;
    }
    const index = pipe.fairQueueIndex;
    if (index >= 0 && index < this.active) this.deactivate(index);
  }

  private takeInserted(pipe: Pipe): Message | undefined {
    const insertions = this.insertions.get(pipe);
    const first = insertions?.[0];
    if (insertions === undefined || first === undefined || first.ahead > 0) return undefined;
    insertions.shift();
    if (insertions.length === 0) this.insertions.delete(pipe);
    return first.message;
  }

  private countRead(pipe: Pipe): void {
    const insertions = this.insertions.get(pipe);
    if (insertions === undefined) return;
    for (const insertion of insertions) insertion.ahead -= 1;
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
    second.fairQueueIndex = a;
    first.fairQueueIndex = b;
  }
}
