// SPDX-License-Identifier: MIT
/**
 * What an engine has encoded and not yet handed to its connection. Collects everything that is sent within one turn into
 * one write, and says when to stop pulling from the pipe. Used by every engine over a byte stream.
 */
import { copyBytes, NO_CHUNKS } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import type { TurnTask } from "../base/turn-queue.ts";
import type { Encoder } from "../wire/frame.ts";
import type { Connection } from "./connection.ts";

/** Octets after which a flush no longer waits for the end of the turn; one slab. */
const FLUSH_AT = 65536;

/** The default of `outBatchSize`, libzmq's, with which it is this file that chooses. */
const USUAL_BATCH = 8192;

/** The outgoing half of a connection. */
export class Outbox implements TurnTask {
  encoder: Encoder;
  /** True while the connection holds what it was given: nothing more may be written. */
  isBlocked = false;
  /** Octets after which a flush no longer waits for the end of the turn. */
  readonly flushAt: number;
  private isScheduled = false;
  private isClosed = false;
  private raw: Uint8Array[] = NO_CHUNKS;
  private readonly connection: Connection;
  private readonly clock: Clock;

  constructor(connection: Connection, clock: Clock, encoder: Encoder, outBatchSize: number = USUAL_BATCH) {
    this.flushAt = outBatchSize === USUAL_BATCH ? FLUSH_AT : outBatchSize;
    this.connection = connection;
    this.clock = clock;
    this.encoder = encoder;
  }

  /** Something was encoded: it leaves at the end of this turn, or now when it is much. */
  encoded(): void {
    if (this.encoder.pending >= this.flushAt) {
      this.flush();
    } else if (!this.isScheduled) {
      this.isScheduled = true;
      this.clock.tasks.push(this);
    }
  }

  turnEnded(): void {
    this.isScheduled = false;
    this.flush();
  }

  /** Hands everything to the connection, unless that is still busy with what it was given before. */
  flush(): void {
    if (this.isBlocked || this.isClosed) return;
    let chunks = this.encoder.take();
    if (this.raw.length > 0) {
      chunks = this.raw.concat(chunks);
      this.raw = NO_CHUNKS;
    }
    if (chunks.length === 0) return;
    if (this.connection.write(chunks)) this.encoder.recycle();
    else this.isBlocked = true;
  }

  /** Octets that go out as they are, before any frame: the greeting. */
  writeRaw(octets: Uint8Array): void {
    this.raw = [...this.raw, octets];
    this.flush();
  }

  /** Continues with another encoder, behind what the first one holds. */
  switchTo(encoder: Encoder): void {
    const chunks = this.encoder.take();
    if (chunks.length > 0) this.raw = this.raw.concat(chunks.map(copyBytes));
    // What a busy connection has not read yet must not be lent to anybody else: it goes with the encoder.
    if (!this.isBlocked) this.encoder.recycle();
    this.encoder = encoder;
  }

  /** The connection has taken everything. */
  drained(): void {
    this.isBlocked = false;
    this.encoder.recycle();
    this.flush();
  }

  /** True when the peer takes nothing and a whole flush waits for it already: what can be left unsaid should be. */
  get isBehind(): boolean {
    return this.isBlocked && this.encoder.pending >= FLUSH_AT;
  }

  /** True when nothing waits here or in the connection. */
  get isEmpty(): boolean {
    return !this.isBlocked && this.encoder.pending === 0 && this.raw.length === 0;
  }

  /** The connection is gone, or takes nothing any more; it may still be carrying what it was given. */
  close(): void {
    this.isClosed = true;
    this.encoder.take();
    if (!this.isBlocked) this.encoder.recycle();
  }
}
