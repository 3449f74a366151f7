// SPDX-License-Identifier: MIT
/**
 * The pipe whose two ends live in one thread: two rings and direct calls. Used between a socket and each of its sessions,
 * and between two sockets for inproc. State, marks and counters of an end are in `pipe-end.ts`.
 */
import type { ZmqError } from "../base/errors.ts";
import type { TurnQueue, TurnTask } from "../base/turn-queue.ts";
import { Inbox, octetsOf } from "./inbox.ts";
import { Keyed } from "./keyed.ts";
import { type Message, type PipeItem, Subscription } from "./message.ts";
import type { MessageSource, Peer, Pipe } from "./pipe.ts";
import { NO_ITEMS, NOBODY, PipeEnd } from "./pipe-end.ts";
import { type Framing, Run } from "./run.ts";

/** One end of a pipe within a thread; made in pairs by {@link createPipePair}. */
export class LocalPipe extends PipeEnd implements Pipe, TurnTask {
  declare protected other: LocalPipe;

  /** Makes this end and another one the two ends of one pipe. */
  join(other: LocalPipe): void {
    this.other = other;
    other.other = this;
  }

  get readable(): number {
    return this.inbox.length + this.announced;
  }

  read(): PipeItem | undefined {
    const item = this.inbox.shift();
    if (item === undefined) {
      if (this.announced > 0) return this.readAnnounced();
      this.starve();
      return undefined;
    }
    if (Array.isArray(item)) {
      if (this.isWeighed) this.lighten(octetsOf(item));
      this.countRead(1);
    } else if (item instanceof Run) this.readRun(item);
    else if (item instanceof Keyed) return this.readKeyed(item);
    else if (item.isCounted) this.countSubscription();
    return item;
  }

  checkRead(): boolean {
    if (this.inbox.length > 0 || this.announced > 0) return true;
    this.starve();
    return false;
  }

  write(item: PipeItem): boolean {
    const other = this.other;
    if (!this.checkWrite()) return this.conflates && this.replace(item);
    if (this.tail !== undefined) this.endRun();
    if (other.announced > 0) this.settle();
    if (item instanceof Subscription) item.isCounted = true;
    else if (this.isDirect) this.guard?.own(item as Message);
    else if (this.offer(item as Message)) {
      this.taken += 1;
      return true;
    }
    if (this.conflates && this.conflate(item)) return true;
    this.written += 1;
    if (other.isWeighed && Array.isArray(item)) other.weight += octetsOf(item);
    other.enqueue(item);
    other.wake();
    if (this.guard !== undefined && !(item instanceof Subscription) && other.inbox.last() === item)
      this.guard.own(item as Message);
    return true;
  }

  /** Offers a message to a reader that has read everything: true when it never has to wait here. */
  private offer(message: Message): boolean {
    const { other } = this;
    if (!other.isStarved) return false;
    // A run that the reader has not been told of comes first.
    if (other.inbox.length > 0) other.wake();
    return other.isStarved && other.owner.take?.(message) === true;
  }

  checkWrite(): boolean {
    if (this.isClosed || this.isClosing) return false;
    if (this.room > 0) return true;
    this.isBlocked = true;
    return false;
  }

  retract(message: Message): boolean {
    if (!this.other.inbox.remove(message)) return false;
    this.written -= 1;
    if (this.other.isWeighed) this.other.weight -= octetsOf(message);
    this.unblock();
    return true;
  }

  checkRoom(): number {
    return this.checkWrite() ? this.room : 0;
  }

  get canAnnounce(): boolean {
    return !this.conflates && this.octetLimit === 0;
  }

  announce(count: number, source: MessageSource): void {
    const { other } = this;
    if (this.tail !== undefined) this.endRun();
    if (other.source !== source) {
      this.settle();
      other.source = source;
    }
    this.written += count;
    other.announced += count;
    other.wake();
  }

  settle(): void {
    const { other } = this;
    while (other.announced > 0) other.enqueue(other.makeAnnounced());
  }

  private readAnnounced(): Message {
    const message = this.makeAnnounced();
    this.countRead(1);
    return message;
  }

  private makeAnnounced(): Message {
    const message = (this.source as MessageSource).message();
    this.announced -= 1;
    // A source whose connection has gone is nobody else's any more.
    if (this.announced === 0) this.source = undefined;
    return message;
  }

  get framing(): Framing | undefined {
    return this.runFraming;
  }

  takeRuns(framing: Framing | undefined): void {
    // A run would have to be taken apart again where messages take each other's place, or their octets count.
    this.other.runFraming = this.other.canAnnounce ? framing : undefined;
  }

  writeRun(run: Run, tasks: TurnQueue): number {
    if (!this.checkWrite()) return 0;
    if (this.tail !== undefined) this.endRun();
    const { other, room } = this;
    if (other.announced > 0) this.settle();
    this.tail = run;
    other.enqueue(run);
    if (other.isStarved && !this.isAwaited) {
      this.isAwaited = true;
      tasks.push(this);
    }
    return room;
  }

  wakeReader(): void {
    if (this.other.inbox.length > 0) this.other.wake();
  }

  turnEnded(): void {
    const { other } = this;
    this.isAwaited = false;
    if (!other.isStarved || other.inbox.length === 0 || other.isClosed) return;
    if (other.owner.flush === undefined) {
      other.wake();
      return;
    }
    other.isStarved = false;
    other.owner.flush(other);
  }

  private enqueue(item: PipeItem): void {
    if (this.inbox === NO_ITEMS) this.inbox = new Inbox();
    this.inbox.push(item);
  }

  writeSubscription(subscription: Subscription): void {
    if (this.isClosed || this.isClosing) return;
    if (this.tail !== undefined) this.endRun();
    if (this.other.announced > 0) this.settle();
    this.other.enqueue(subscription);
    this.other.wake();
  }

  connect(peer: Peer): void {
    if (this.isClosed || this.other.isClosed) return;
    this.other.peer = peer;
    this.other.owner.connected(this.other);
  }

  disconnect(): void {
    if (!this.isClosed && !this.other.isClosed) this.other.owner.disconnected(this.other);
  }

  hiccup(): void {
    if (this.isClosed || this.other.isClosed) return;
    for (let waiting = this.inbox.length; waiting > 0; waiting -= 1) {
      const item = this.inbox.shift() as PipeItem | Keyed;
      if (!(item instanceof Subscription)) this.inbox.push(item);
      else if (item.isCounted) this.countSubscription();
    }
    this.other.owner.hiccuped(this.other);
  }

  /** Octets were taken: the writer hears of it when half of what it may write is free. */
  private lighten(octets: number): void {
    this.weight -= octets;
    if (this.weight * 2 <= this.other.octetLimit) this.other.unblock();
  }

  // ── Messages that make room for others ─────────────────────────────────────────────────────────────────────────

  /** Puts a message where its predecessor waits, or remembers its key. False: it is to wait as any other. */
  private conflate(item: PipeItem): boolean {
    const { other, keyer } = this;
    if (this.replace(item)) return true;
    const key = Array.isArray(item) ? keyer?.keyOf(item) : undefined;
    if (key === undefined) return false;
    const keyed = new Keyed(key, item as Message);
    this.written += 1;
    if (other.isWeighed) other.weight += octetsOf(keyed.message);
    if (other.inbox === NO_ITEMS) other.inbox = new Inbox();
    other.inbox.pushKeyed(keyed);
    other.wake();
    if (other.inbox.find(key) === keyed) this.guard?.own(keyed.message);
    return true;
  }

  private replace(item: PipeItem): boolean {
    const { other, keyer } = this;
    if (this.isClosed || this.isClosing || !Array.isArray(item)) return false;
    if (keyer === undefined) {
      if (other.inbox.length === 0) return false;
      other.inbox.replaceLast(item);
      this.written += 1;
    } else {
      const key = keyer.keyOf(item);
      const keyed = key === undefined ? undefined : other.inbox.find(key);
      if (keyed === undefined) return false;
      if (other.isWeighed) other.weight += octetsOf(item) - octetsOf(keyed.message);
      keyed.message = item;
      // It was written, but does not count towards the mark.
      this.taken += 1;
    }
    this.replaced += 1;
    this.guard?.own(item);
    return true;
  }

  replaces(message: Message): boolean {
    const key = this.keyer?.keyOf(message);
    return key !== undefined && this.other.inbox.find(key) !== undefined;
  }

  private readKeyed(keyed: Keyed): Message {
    const { message } = keyed;
    this.inbox.forget(keyed);
    if (this.isWeighed) this.lighten(octetsOf(message));
    this.countRead(1);
    return message;
  }

  dropOldest(): boolean {
    const { other } = this;
    if (this.tail !== undefined) this.endRun();
    this.settle();
    const oldest = other.inbox.takeOldest();
    if (oldest === undefined) return false;
    if (other.isWeighed) other.weight -= octetsOf(oldest);
    this.written -= 1;
    this.drop(1);
    return true;
  }

  cutOff(why?: ZmqError): void {
    if (!this.isClosed && !this.isClosing) this.other.owner.cutOff?.(this.other, why);
  }

  discard(): void {
    if (this.isClosed) return;
    this.other.lost += this.waiting().messages;
    while (this.read() !== undefined);
  }

  close(): void {
    if (this.isClosed) return;
    if (this.tail !== undefined) this.endRun();
    this.wakeReader();
    // What the reader did with it may have closed this end.
    if (this.isClosed) return;
    this.isClosed = true;
    const { owner } = this;
    this.owner = NOBODY;
    if (this.droppedBefore >= 0) this.endDropping(owner);
    if (this.readable > 0) this.other.lost += this.waiting().messages;
    this.inbox.clear();
    this.announced = 0;
    this.source = undefined;
    owner.released?.(this);
    const other = this.other;
    other.isClosing = true;
    if (other.isClosed) return;
    other.owner.closing(other);
    if (other.readable === 0) other.finish();
  }

  private readRun(run: Run): void {
    if (this.other.tail === run) this.other.endRun();
    if (this.inbox.length > 0) {
      this.countRead(run.count);
      return;
    }
    // As if all had been offered and taken: then none of it counts.
    this.readCount += run.count;
    this.untilAcknowledged = this.lowWaterMark;
    this.other.acknowledge(this.readCount);
  }

  private countSubscription(): void {
    this.subscriptionsRead += 1;
    this.countRead(1);
  }

  private countRead(count: number): void {
    this.readCount += count;
    this.untilAcknowledged -= count;
    if (this.untilAcknowledged > 0) return;
    this.untilAcknowledged = this.lowWaterMark - (-this.untilAcknowledged % this.lowWaterMark);
    this.other.acknowledge(this.readCount);
  }

  private wake(): void {
    if (!this.isStarved) return;
    this.isStarved = false;
    if (!this.isClosed) this.owner.readActivated(this);
  }

  private starve(): void {
    this.isStarved = true;
    if (this.isClosing) this.finish();
  }

  private finish(): void {
    if (this.isFinished || this.isClosed) return;
    this.isFinished = true;
    this.owner.closed(this);
  }
}

/** The first end's marks, in messages; 0 is no limit. The second end has no say until it sets its own. */
export interface PipeLimits {
  /** What may wait for the first end. */
  inbound: number;
  /** What may wait for the second end. */
  outbound: number;
}

/** A new pipe: its two ends, alike. */
export function createPipePair(limits: PipeLimits): [LocalPipe, LocalPipe] {
  const first = new LocalPipe();
  const second = new LocalPipe();
  first.join(second);
  first.setHighWaterMarks(limits.inbound, limits.outbound);
  return [first, second];
}
