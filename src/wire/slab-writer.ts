// SPDX-License-Identifier: MIT
/**
 * What both encoders write into: slabs for headers and small bodies, with large bodies by reference in between. Owns the
 * slabs from the first octet until `recycle`. Below `zmtp-v1.ts` and `zmtp-v2.ts`.
 */
import { EMPTY, NO_CHUNKS } from "../base/bytes.ts";
import type { SlabPool } from "./frame.ts";

/**
 * Bodies of at least this many octets go out as they are. Smaller ones are copied, so that one write carries many: over
 * loopback a copy is 1.4 times as fast at 1 KiB and 1.1 times at 8 KiB, equal at 16 KiB, and slower above.
 */
export const BY_REFERENCE = 16384;
/**
 * The most octets of a body that is written in place: in a slab, which is used again and again, unless that would be one of
 * its own. Memory that is fresh costs the system as much as the body costs to encrypt.
 */
const LARGEST_GAP = 81920;
/** Below this many octets a loop copies faster than `set`, whose call costs 11 ns whatever the length. */
const LOOP = 12;
/** The longest header: flags and a 64-bit size. */
export const LONGEST_HEADER = 9;

/** Collects outgoing octets in order. The encoders extend it and write headers straight into `slab`. */
export class SlabWriter {
  /** Where the caller of `blank` writes. */
  room: Uint8Array = EMPTY;
  /** The slab that is being filled; empty when none is held. */
  protected slab: Uint8Array = EMPTY;
  /** Where the next octet goes. */
  protected position = 0;
  /** What lies before this in the slab has been taken, or stands in `chunks`. */
  private start = 0;
  private chunks: Uint8Array[] = NO_CHUNKS;
  /** Octets in `chunks`. */
  private queued = 0;
  /** Octets that slabs hold of this flush, up to `start`, and that they held of the last one. */
  private copied = 0;
  private usual = 0;
  /** Slabs that are full, and slabs of what has been taken. */
  private full: Uint8Array[] = NO_CHUNKS;
  private inFlight: Uint8Array[] = NO_CHUNKS;
  private readonly pool: SlabPool;

  constructor(pool: SlabPool) {
    this.pool = pool;
  }

  /** Octets that are not taken yet. */
  get pending(): number {
    return this.queued + this.position - this.start;
  }

  /** Takes all octets, as chunks in order. They are good until `recycle`. */
  take(): Uint8Array[] {
    this.cut();
    const { chunks } = this;
    this.chunks = NO_CHUNKS;
    this.queued = 0;
    this.usual = this.copied;
    this.copied = 0;
    if (this.full.length > 0) {
      this.inFlight = this.inFlight.length === 0 ? this.full : this.inFlight.concat(this.full);
      this.full = NO_CHUNKS;
    }
    return chunks;
  }

  /** Everything that was taken has left: gives back what held it. */
  recycle(): void {
    if (this.inFlight.length > 0) {
      for (const slab of this.inFlight) this.pool.give(slab);
      this.inFlight = NO_CHUNKS;
    }
    this.room = EMPTY;
    // The slab that is being filled stays while it holds anything that was not taken.
    if (this.pending > 0 || this.slab.length === 0) return;
    this.pool.give(this.slab);
    this.slab = EMPTY;
    this.position = 0;
    this.start = 0;
  }

  /** Adds frames that are encoded already: by reference when a write of their own is cheaper than a copy. */
  octets(frames: Uint8Array, isLast: boolean): void {
    if (!isLast || this.pending > 0) this.body(frames);
    else this.reference(frames);
  }

  /** Makes sure that the slab has room for `count` octets, at most LARGEST_GAP. */
  protected reserve(count: number): void {
    if (this.position + count <= this.slab.length) return;
    if (this.slab.length > 0) {
      this.cut();
      if (this.full === NO_CHUNKS) this.full = [this.slab];
      else this.full.push(this.slab);
    }
    // As much as was needed last time, then twice as much: a connection that has little to say holds little.
    this.slab = this.pool.take(Math.max(count, this.usual, 2 * this.copied));
    this.position = 0;
    this.start = 0;
    if (count > this.slab.length) throw new RangeError(`a slab of ${this.slab.length} octets has no room for ${count}`);
  }

  /** Adds a body behind its header. */
  protected body(body: Uint8Array): void {
    const { length } = body;
    if (length >= BY_REFERENCE) {
      this.reference(body);
      return;
    }
    this.reserve(length);
    const { slab, position } = this;
    if (length < LOOP) for (let i = 0; i < length; i += 1) slab[position + i] = body[i] as number;
    else slab.set(body, position);
    this.position = position + length;
  }

  /** Room for a body that the caller writes; gives where it begins. */
  protected gap(length: number): number {
    if (length > LARGEST_GAP) {
      this.room = this.pool.allocate?.(length) ?? new Uint8Array(length);
      this.reference(this.room);
      return 0;
    }
    this.reserve(length);
    const { position } = this;
    this.room = this.slab;
    this.position = position + length;
    return position;
  }

  private reference(octets: Uint8Array): void {
    this.cut();
    this.append(octets);
    this.queued += octets.length;
  }

  private append(chunk: Uint8Array): void {
    if (this.chunks === NO_CHUNKS) this.chunks = [chunk];
    else this.chunks.push(chunk);
  }

  /** Closes the part of the slab that was filled since the last cut. */
  private cut(): void {
    if (this.position === this.start) return;
    this.append(this.slab.subarray(this.start, this.position));
    const length = this.position - this.start;
    this.queued += length;
    this.copied += length;
    this.start = this.position;
  }
}
