// SPDX-License-Identifier: MIT
/**
 * A run: messages one after another that all of an audience gets, encoded once and sent to each as the same octets. A
 * distributor (`pattern/`) puts it into the pipes when it begins and goes on writing it while it is open; an engine takes
 * it out of a pipe and sends it as it is. How messages are spelt is the engine's affair: see {@link Framing}.
 */
import { allocateLike } from "../base/bytes.ts";
import type { Message } from "./message.ts";

/** How a version of the protocol spells messages. One object without state for all connections that speak it. */
export interface Framing {
  /** Octets that a message takes. */
  sizeOf(message: Message): number;
  /** Writes a message into `octets` from `position` on, and returns where it ends. */
  write(message: Message, octets: Uint8Array, position: number): number;
  /** The messages that octets spell. */
  read(octets: Uint8Array): Message[];
}

/** Who writes a run; forgets it when it is closed. */
export interface RunWriter {
  run: Run | undefined;
  /** Octets of the last run. */
  lastSize: number;
}

/** Octets that a new run has room for, at least. */
const LEAST_ROOM = 64;
/** Octets that a run seldom passes: 64 KiB, after which it is sent, and most of a message. */
const MOST_ROOM = 69632;

/** Encoded messages, as one item of a pipe. */
export class Run {
  /** Number of messages. */
  count = 0;
  /** Number of octets. */
  size = 0;
  readonly framing: Framing;
  private readonly writer: RunWriter;
  private slab: Uint8Array;
  private whole: Uint8Array | undefined = undefined;

  /** A run for a writer, which begins with a message of `size` octets. */
  constructor(framing: Framing, writer: RunWriter, message: Message, size: number) {
    this.framing = framing;
    this.writer = writer;
    this.slab = allocateLike(message[0] as Uint8Array, Math.max(LEAST_ROOM, size, writer.lastSize));
    writer.run = this;
  }

  /** Nothing may be added any more: somebody has read it, or one of its pipes got something else. */
  close(): void {
    if (this.writer.run !== this) return;
    this.writer.run = undefined;
    this.writer.lastSize = this.size;
  }

  /** Adds a message of `size` octets, as `framing.sizeOf` says, until the run is closed. */
  add(message: Message, size: number): void {
    if (this.size + size > this.slab.length) this.grow(size);
    this.size = this.framing.write(message, this.slab, this.size);
    this.count += 1;
  }

  /** All octets of a closed run; the same array for everybody who asks. */
  octets(): Uint8Array {
    this.whole ??= this.slab.subarray(0, this.size);
    return this.whole;
  }

  /** The messages again, for a peer that is spoken to otherwise. */
  messages(): Message[] {
    return this.framing.read(this.octets());
  }

  private grow(size: number): void {
    const larger = allocateLike(this.slab, Math.max(this.size + size, Math.min(4 * this.slab.length, MOST_ROOM)));
    larger.set(this.slab.subarray(0, this.size));
    this.slab = larger;
  }
}
