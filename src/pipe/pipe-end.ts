// SPDX-License-Identifier: MIT
/**
 * What an end of a pipe within one thread is: its state, its marks in messages and octets, and what is counted. How items
 * move is in `local-pipe.ts`. High-water marks count as libzmq's do: a writer is blocked once it is `limit` messages ahead
 * of what the reader has acknowledged, and the reader acknowledges every ⌊(limit + 1) / 2⌋ messages.
 */
import type { FrameGuard } from "./frame-guard.ts";
import { Inbox } from "./inbox.ts";
import type { Keyer } from "./keyed.ts";
import type { Origin } from "./origin.ts";
import type { Backlog, MessageSource, Peer, Pipe, PipeOwner } from "./pipe.ts";
import type { Framing, Run } from "./run.ts";

function nothing(): void {}

/** Holds an end until somebody takes it. */
export const NOBODY: PipeOwner = {
  readActivated: nothing,
  writeActivated: nothing,
  connected: nothing,
  disconnected: nothing,
  hiccuped: nothing,
  closing: nothing,
  closed: nothing,
};

/** Where nothing has waited yet, all alike; it is replaced, never filled. */
export const NO_ITEMS: Inbox = new Inbox();

/** One end, as far as it only knows and counts. */
export abstract class PipeEnd {
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

  protected other!: PipeEnd;
  protected inbox: Inbox = NO_ITEMS;
  protected isClosed = false;
  protected isFinished = false;
  protected keepsLastOnly = false;
  /** What is written at this end may take the place of what waits at the other. */
  protected conflates = false;
  /** Then, unless only the last is kept: which message takes whose place. */
  protected keyer: Keyer | undefined = undefined;
  /** This side's own marks; −1: it has no say. */
  protected ownInbound = -1;
  protected ownOutbound = -1;
  protected ownInboundOctets = -1;
  protected ownOutboundOctets = -1;

  /** Messages behind those in the inbox, which are made when they are read, and what makes them. */
  protected announced = 0;
  protected source: MessageSource | undefined = undefined;

  // As a reader: `isStarved` asks for readActivated; counters drive the acknowledgement.
  protected isStarved = true;
  protected readCount = 0;
  protected lowWaterMark = 1;
  protected untilAcknowledged = 1;
  /** Octets in the inbox, where they are limited. */
  protected isWeighed = false;
  protected weight = 0;

  // As a writer: `isBlocked` asks for writeActivated.
  protected isBlocked = false;
  protected limit = 0;
  protected octetLimit = 0;
  protected written = 0;
  protected acknowledged = 0;
  /** The last item written, when it is a run: its messages are not in `written` yet, as it may still grow. */
  protected tail: Run | undefined = undefined;
  /** The reader will be woken at the end of a turn. */
  protected isAwaited = false;
  protected runFraming: Framing | undefined = undefined;

  // For statistics: what the counters above do not tell.
  replaced = 0;
  lost = 0;
  dropped = 0;
  /** Messages that were taken at once, and never waited here. */
  protected taken = 0;
  /** Subscriptions among what was read and counts. */
  protected subscriptionsRead = 0;
  /** While messages are being dropped: how many had been before. */
  protected droppedBefore = -1;

  /** This end, as its owner knows it. */
  private get self(): Pipe {
    return this as unknown as Pipe;
  }

  /** How many messages may be written. */
  protected get room(): number {
    if (this.octetLimit > 0 && this.other.weight >= this.octetLimit) return 0;
    if (this.limit === 0) return Number.POSITIVE_INFINITY;
    const written = this.tail === undefined ? this.written : this.written + this.tail.count;
    return this.limit - (written - this.acknowledged);
  }

  /** Something else follows the run, or it was read: nothing may be added to it any more. */
  protected endRun(): void {
    const run = this.tail as Run;
    this.tail = undefined;
    run.close();
    this.written += run.count;
  }

  setHighWaterMarks(inbound: number, outbound: number): void {
    this.ownInbound = inbound;
    this.ownOutbound = outbound;
    this.limitWriter();
    this.other.limitWriter();
  }

  /** Keeps only the newest message in each direction (`ZMQ_CONFLATE`): no marks, nobody is ever blocked. */
  keepLastOnly(): void {
    for (const end of [this, this.other]) end.keepsLastOnly = end.conflates = true;
    this.setOctetLimits(-1, -1);
    this.other.setOctetLimits(-1, -1);
    this.limitWriter();
    this.other.limitWriter();
  }

  /** Of the messages written at this end, keeps the last one of each key. */
  keepLastOf(keyer: Keyer): void {
    this.keyer = keyer;
    this.conflates = true;
  }

  setOctetLimits(inbound: number, outbound: number): void {
    this.ownInboundOctets = inbound;
    this.ownOutboundOctets = outbound;
    this.weigh();
    this.other.weigh();
  }

  protected weigh(): void {
    const writer = this.other;
    writer.octetLimit = this.keepsLastOnly ? 0 : bothAllow(writer.ownOutboundOctets, this.ownInboundOctets);
    this.isWeighed = writer.octetLimit > 0;
    this.weight = this.isWeighed ? this.waiting().octets : 0;
    writer.unblock();
  }

  /** Works out what may wait at this end, from what both sides allow, and tells the writer at the other. */
  protected limitWriter(): void {
    const writer = this.other;
    const limit = this.keepsLastOnly ? 0 : bothAllow(writer.ownOutbound, this.ownInbound);
    if (writer.tail !== undefined) writer.endRun();
    this.lowWaterMark = Math.max(1, (limit + 1) >> 1);
    this.untilAcknowledged = this.lowWaterMark - (this.readCount % this.lowWaterMark);
    writer.limit = limit;
    // All that was read counts: with the old mark's step it could stay unacknowledged for ever.
    writer.acknowledge(this.readCount);
  }

  protected acknowledge(count: number): void {
    this.acknowledged = count;
    this.unblock();
  }

  protected unblock(): void {
    if (!this.isBlocked || this.isClosed || this.isClosing) return;
    if (this.room <= 0) return;
    this.isBlocked = false;
    this.owner.writeActivated(this.self);
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
      this.owner.dropping?.(this.self);
    }
    this.dropped += count;
  }

  protected endDropping(owner: PipeOwner): void {
    const count = this.dropped - this.droppedBefore;
    this.droppedBefore = -1;
    owner.dropped?.(this.self, count);
  }

  waiting(): Backlog {
    const { messages, octets } = this.inbox.backlog();
    return { messages: messages + this.announced, octets: octets + (this.source?.buffered ?? 0) };
  }

  unread(): Backlog {
    return this.other.waiting();
  }
}

/** The marks of a writer and a reader add up, unless one of them has none or has no say. */
function bothAllow(outbound: number, inbound: number): number {
  if (outbound < 0 || inbound < 0) return Math.max(0, outbound, inbound);
  return outbound === 0 || inbound === 0 ? 0 : outbound + inbound;
}
