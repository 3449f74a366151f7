// SPDX-License-Identifier: MIT
/**
 * The pipe whose two ends live in one thread: two rings and direct calls. Used between a socket and each of its sessions,
 * and between two sockets for inproc. High-water marks count as libzmq's do: a writer is blocked once it is `limit`
 * messages ahead of what the reader has acknowledged, and the reader acknowledges every ⌊(limit + 1) / 2⌋ messages.
 */
import { Ring } from "../base/ring.ts";
import type { TurnQueue, TurnTask } from "../base/turn-queue.ts";
import type { FrameGuard } from "./frame-guard.ts";
import { type Message, type PipeItem, Subscription } from "./message.ts";
import type { Origin } from "./origin.ts";
import type { Backlog, MessageSource, Peer, Pipe, PipeOwner } from "./pipe.ts";
import { type Framing, Run } from "./run.ts";

function nothing(): void {}

/** Holds an end until somebody takes it. */
const NOBODY: PipeOwner = {
  readActivated: nothing,
  writeActivated: nothing,
  connected: nothing,
  disconnected: nothing,
  hiccuped: nothing,
  closing: nothing,
  closed: nothing,
};

/** Where nothing has waited yet, all alike; it is replaced, never filled. */
const NO_ITEMS = new Ring<PipeItem>();

/** One end of a pipe within a thread; made in pairs by {@link createPipePair}. */
export class LocalPipe implements Pipe, TurnTask {
  owner: PipeOwner = NOBODY;
  peer: Peer | undefined = undefined;
  connectRoutingId: Uint8Array | undefined = undefined;
  endpoint = "";
  origin: Origin | undefined = undefined;
  isClosing = false;
  fairQueueIndex = -1;
  loadBalancerIndex = -1;
  distributorIndex = -1;

  /** Keeps what waits here safe from an application that reuses its buffers. */
  guard: FrameGuard | undefined = undefined;
  /** True where the reader is an application (inproc), which must never see the writer's own small buffers. */
  isDirect = false;

  private other!: LocalPipe;
  private inbox: Ring<PipeItem> = NO_ITEMS;
  private isClosed = false;
  private isFinished = false;
  private keepsLastOnly = false;
  /** This side's own marks; −1: it has no say. */
  private ownInbound = -1;
  private ownOutbound = -1;

  /** Messages behind those in the inbox, which are made when they are read, and what makes them. */
  private announced = 0;
  private source: MessageSource | undefined = undefined;

  // As a reader: `isStarved` asks for readActivated; counters drive the acknowledgement.
  private isStarved = true;
  private readCount = 0;
  private lowWaterMark = 1;
  private untilAcknowledged = 1;

  // As a writer: `isBlocked` asks for writeActivated.
  private isBlocked = false;
  private limit = 0;
  private written = 0;
  private acknowledged = 0;
  /** The last item written, when it is a run: its messages are not in `written` yet, as it may still grow. */
  private tail: Run | undefined = undefined;
  /** The reader will be woken at the end of a turn. */
  private isAwaited = false;
  private runFraming: Framing | undefined = undefined;

  // For statistics: what the counters above do not tell.
  replaced = 0;
  lost = 0;
  dropped = 0;
  /** Messages that were taken at once, and never waited here. */
  private taken = 0;
  /** Subscriptions among what was read and counts. */
  private subscriptionsRead = 0;
  /** While messages are being dropped: how many had been before. */
  private droppedBefore = -1;

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
    if (Array.isArray(item)) this.countRead(1);
    else if (item instanceof Run) this.readRun(item);
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
    if (!this.checkWrite()) return false;
    if (this.tail !== undefined) this.endRun();
    if (other.announced > 0) this.settle();
    if (item instanceof Subscription) item.isCounted = true;
    else if (this.isDirect) this.guard?.own(item as Message);
    else if (this.offer(item as Message)) {
      this.taken += 1;
      return true;
    }
    if (this.keepsLastOnly && other.inbox.length > 0) {
      other.inbox.replaceLast(item);
      this.written += 1;
      this.replaced += 1;
    } else {
      this.written += 1;
      other.enqueue(item);
      other.wake();
    }
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
    this.unblock();
    return true;
  }

  /** How many messages may be written. */
  private get room(): number {
    if (this.limit === 0) return Number.POSITIVE_INFINITY;
    const written = this.tail === undefined ? this.written : this.written + this.tail.count;
    return this.limit - (written - this.acknowledged);
  }

  checkRoom(): number {
    return this.checkWrite() ? this.room : 0;
  }

  get canAnnounce(): boolean {
    return !this.keepsLastOnly;
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
    // Where only the last message is kept, a run would have to be taken apart again.
    this.other.runFraming = this.keepsLastOnly ? undefined : framing;
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
    if (this.inbox === NO_ITEMS) this.inbox = new Ring();
    this.inbox.push(item);
  }

  /** Something else follows the run, or it was read: nothing may be added to it any more. */
  private endRun(): void {
    const run = this.tail as Run;
    this.tail = undefined;
    run.close();
    this.written += run.count;
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
      const item = this.inbox.shift() as PipeItem;
      if (!(item instanceof Subscription)) this.inbox.push(item);
      else if (item.isCounted) this.countSubscription();
    }
    this.other.owner.hiccuped(this.other);
  }

  setHighWaterMarks(inbound: number, outbound: number): void {
    this.ownInbound = inbound;
    this.ownOutbound = outbound;
    this.limitWriter();
    this.other.limitWriter();
  }

  /** Keeps only the newest message in each direction (`ZMQ_CONFLATE`): no marks, nobody is ever blocked. */
  keepLastOnly(): void {
    this.keepsLastOnly = true;
    this.other.keepsLastOnly = true;
    this.limitWriter();
    this.other.limitWriter();
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

  /** Works out what may wait at this end, from what both sides allow, and tells the writer at the other. */
  private limitWriter(): void {
    const writer = this.other;
    const limit = this.keepsLastOnly ? 0 : bothAllow(writer.ownOutbound, this.ownInbound);
    if (writer.tail !== undefined) writer.endRun();
    this.lowWaterMark = Math.max(1, (limit + 1) >> 1);
    this.untilAcknowledged = this.lowWaterMark - (this.readCount % this.lowWaterMark);
    writer.limit = limit;
    // All that was read counts: with the old mark's step it could stay unacknowledged for ever.
    writer.acknowledge(this.readCount);
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

  private acknowledge(count: number): void {
    this.acknowledged = count;
    this.unblock();
  }

  private unblock(): void {
    if (!this.isBlocked || this.isClosed || this.isClosing) return;
    if (this.room <= 0) return;
    this.isBlocked = false;
    this.owner.writeActivated(this);
    if (this.droppedBefore >= 0 && !this.isClosed) this.endDropping(this.owner);
  }

  // ── Statistics ─────────────────────────────────────────────────────────────────────────────────────────────────

  get sent(): number {
    return this.written + this.taken + (this.tail?.count ?? 0);
  }

  get received(): number {
    return this.readCount - this.subscriptionsRead;
  }

  drop(count: number): void {
    if (this.droppedBefore < 0) {
      // It is not for want of room that a pipe takes nothing whose other end is closed.
      if (this.isClosed || this.isClosing) {
        this.lost += count;
        return;
      }
      this.droppedBefore = this.dropped;
      this.owner.dropping?.(this);
    }
    this.dropped += count;
  }

  private endDropping(owner: PipeOwner): void {
    const count = this.dropped - this.droppedBefore;
    this.droppedBefore = -1;
    owner.dropped?.(this, count);
  }

  waiting(): Backlog {
    let messages = this.announced;
    let octets = this.source?.buffered ?? 0;
    this.inbox.forEach((item) => {
      if (item instanceof Subscription) return;
      messages += item instanceof Run ? item.count : 1;
      if (item instanceof Run) octets += item.size;
      else for (const part of item) octets += part.length;
    });
    return { messages, octets };
  }

  unread(): Backlog {
    return this.other.waiting();
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

/** The marks of a writer and a reader add up, unless one of them has none or has no say. */
function bothAllow(outbound: number, inbound: number): number {
  if (outbound < 0 || inbound < 0) return Math.max(0, outbound, inbound);
  return outbound === 0 || inbound === 0 ? 0 : outbound + inbound;
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
