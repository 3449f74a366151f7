// SPDX-License-Identifier: MIT
/**
 * Counts the messages in a stream of ZMTP 2.0 or 3.x frames (RFC 37 §Framing) and takes nothing out of it, so that an
 * engine knows how many have arrived before any is decoded. It sees the chunks that its decoder (`zmtp-v2.ts`) gets.
 * `test/twins/scanner.ts` says the same plainly; a property test holds the two equal.
 */
import { COMMAND, type DecoderLimits, LONG, largestFrame, MORE } from "./frame.ts";
import { mostOctets } from "./frame-limits.ts";
import { LONGEST_HEADER } from "./slab-writer.ts";

/**
 * A message that ends with a larger frame is decoded when it arrives: to put such a frame together takes memory that the
 * runtime may not have, and it is this peer who has to hear of that, not the application that reads.
 */
const LARGE = 0xffff;

/** Walks from header to header. */
export class FrameScanner {
  /** The most octets that a frame may have. */
  private readonly largest: number;
  /** The octets that so many frames have at least, or a message that is too long. */
  private readonly mostOctets: number;
  private flags = 0;
  /** Octets of the size that are still to come; 0 between frames and within bodies. */
  private sizeOctets = 0;
  /** The size so far; within a body, its octets that are still to come. */
  private left = 0;
  private isInBody = false;
  private isLarge = false;
  /** Octets since a message ended, or more. */
  private open = 0;
  /** Nothing but messages has ended in this chunk. */
  private isPlain = true;
  /** Something stood there that the decoder must look at; from then on nothing is known. */
  private isLost = false;

  constructor(limits: DecoderLimits) {
    this.largest = largestFrame(limits);
    this.mostOctets = Math.min(limits.maxFrames * 2, mostOctets(limits));
  }

  /**
   * How many messages end in the next chunk; −1: there is something that has to be decoded at once, such as a command, a
   * large frame, more frames than a message may have, or what no peer may send.
   */
  scan(chunk: Uint8Array): number {
    if (this.isLost) return -1;
    this.isPlain = this.open + chunk.length < this.mostOctets;
    const { largest } = this;
    const end = chunk.length;
    let at = 0;
    let messages = 0;
    while (at < end) {
      if (this.isInBody) {
        const next = at + this.left;
        if (next > end) {
          this.left = next - end;
          break;
        }
        messages += this.endFrame();
        at = next;
      } else if (this.sizeOctets > 0) {
        messages += this.readSize(chunk[at] as number);
        at += 1;
      } else {
        // Fast path: frames that lie whole in the chunk; all that a busy connection has, but for the ends of the chunk.
        while (at + 2 <= end) {
          const flags = chunk[at] as number;
          let size = chunk[at + 1] as number;
          let next = at + 2 + size;
          if ((flags & (LONG | COMMAND)) !== 0) {
            if ((flags & COMMAND) !== 0 || at + LONGEST_HEADER > end || !isBelow65536(chunk, at)) break;
            size = (chunk[at + 7] as number) * 256 + (chunk[at + 8] as number);
            next = at + LONGEST_HEADER + size;
          }
          if (next > end || size > largest) break;
          messages += (flags & MORE) ^ MORE;
          at = next;
        }
        if (at >= end) break;
        this.flags = chunk[at] as number;
        this.sizeOctets = (this.flags & LONG) === 0 ? 1 : 8;
        this.left = 0;
        at += 1;
      }
    }
    this.open = messages > 0 ? end : this.open + end;
    return this.isPlain && !this.isLost ? messages : -1;
  }

  /** Returns the number of messages that this octet ends: an empty body has no octet of its own. */
  private readSize(octet: number): number {
    this.left = this.left * 256 + octet;
    this.sizeOctets -= 1;
    if (this.sizeOctets > 0) return 0;
    // What an empty command means, the decoder knows.
    if (this.left > this.largest || (this.left === 0 && (this.flags & COMMAND) !== 0)) this.isLost = true;
    this.isLarge = this.left > LARGE;
    this.isInBody = true;
    return this.left === 0 ? this.endFrame() : 0;
  }

  private endFrame(): number {
    this.isInBody = false;
    if ((this.flags & COMMAND) !== 0 || this.isLarge) this.isPlain = false;
    return (this.flags & COMMAND) !== 0 ? 0 : (this.flags & MORE) ^ MORE;
  }
}

/** Whether the upper octets of the size at `at + 1` are zeros. */
function isBelow65536(chunk: Uint8Array, at: number): boolean {
  for (let i = at + 1; i < at + 7; i += 1) if (chunk[i] !== 0) return false;
  return true;
}
