// SPDX-License-Identifier: MIT
/**
 * What both decoders read from: the queue of chunks, the limits, the frames of an unfinished message, and the choice of
 * view or copy for each body. Below `zmtp-v1.ts` and `zmtp-v2.ts`, above `base/bytes.ts`.
 */
import { ByteQueue, EMPTY, NO_CHUNKS, speciesOf } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { type DecoderLimits, largestFrame } from "./frame.ts";
import { mostOctets, tooLarge, tooMany } from "./frame-limits.ts";

/**
 * Bodies up to SMALL octets never pin a chunk of more than BLOCK: a message that is kept would otherwise hold all that
 * was read with it, 64 KiB for a few octets. In a run of small frames, BLOCK octets at a time are copied and the bodies
 * are views of the copy. At 16 octets that gives 40 million bodies a second, where views of the chunk itself give 56 and
 * a copy of each body 26; at 128 octets it gives 15 against 51, so larger bodies are views of the chunk.
 */
const SMALL = 64;
const BLOCK = 4096;
/** The memory of nothing. */
const NO_MEMORY = EMPTY.buffer;
/** So many small frames in a row are a run; where large ones stand between them, each is copied alone. */
const RUN = 8;

/** Collects incoming octets and cuts bodies out of them. The decoders extend it. */
export class FrameReader {
  protected readonly input: ByteQueue = new ByteQueue();
  /** The most octets that the next frame may have; less within a message, the more of it has come. */
  protected largest: number;
  /** The most that any may have, and commands always. */
  protected readonly largestAlone: number;
  protected readonly limits: DecoderLimits;
  /** The frames of a message whose last one has not come yet, and their octets. */
  private parts: Uint8Array[] = NO_CHUNKS;
  private held = 0;

  /** The chunk that the next members are about. */
  private entered: Uint8Array = EMPTY;
  private buffer: ArrayBufferLike = NO_MEMORY;
  private offset = 0;
  /** A copy of the chunk up to `blockEnd`, in which position 0 of the chunk would lie at `blockOffset`. */
  private block: ArrayBufferLike = NO_MEMORY;
  private blockOffset = 0;
  private blockEnd = 0;
  /** What to make views with. Calling it is 2.5 times as fast as `subarray`, and gives the same. */
  private species: Uint8ArrayConstructor = Uint8Array;
  /** A body without octets, the same for all that have none: such as every delimiter of REQ and REP. */
  private empty: Uint8Array | undefined = undefined;
  /** Small frames in a row. */
  private run = 0;

  constructor(limits: DecoderLimits) {
    this.largest = largestFrame(limits);
    this.largestAlone = this.largest;
    this.limits = limits;
  }

  /** Octets that were pushed and are not yet given out, headers included. */
  get buffered(): number {
    return this.input.length + this.held;
  }

  /** Hands over octets from the network. */
  push(chunk: Uint8Array): void {
    this.input.push(chunk);
  }

  /** Gives up the chunks that are not decoded yet. */
  takeRest(): Uint8Array[] {
    return this.input.takeAll();
  }

  /** True within a message whose first frames are kept here. */
  protected get isHolding(): boolean {
    return this.parts.length > 0;
  }

  /** Takes a body that lies in the head chunk from `start` to `end`, and all before it. */
  protected cut(head: Uint8Array, start: number, end: number): Uint8Array {
    if (head !== this.entered) this.enter(head);
    const size = end - start;
    let body: Uint8Array;
    if (size > SMALL) {
      this.run = 0;
      body = new this.species(this.buffer, this.offset + start, size);
    } else {
      body = this.small(head, start, end);
    }
    const { input } = this;
    input.length -= end - input.position;
    if (end === head.length) {
      input.advance();
      if (input.length === 0) this.leave();
    } else {
      input.position = end;
    }
    return body;
  }

  /** Takes a body of `size` octets behind a header, which may lie across chunks but must be there. */
  protected join(header: number, size: number): Uint8Array {
    const { input } = this;
    input.skip(header);
    if (input.position + size <= input.head.length) return this.cut(input.head, input.position, input.position + size);
    try {
      const body = input.consume(size, this.limits.allocate);
      if (input.length === 0) this.leave();
      return body;
    } catch (error) {
      throw this.noMemory(size, error);
    }
  }

  /** The runtime has no memory for it: this peer's trouble, nobody else's. */
  protected noMemory(size: number, error: unknown): ProtocolError {
    return new ProtocolError("ZMTP_UNSPECIFIED", `no memory for a frame of ${size} octets: ${error}`, "EMSGSIZE");
  }

  /** Keeps a frame that others follow. */
  protected hold(body: Uint8Array): void {
    if (this.parts.length + 1 >= this.limits.maxFrames) throw tooMany(this.limits);
    if (this.parts === NO_CHUNKS) this.parts = [body];
    else this.parts.push(body);
    this.held += body.length;
    this.largest = Math.min(this.largestAlone, mostOctets(this.limits) - this.held);
  }

  /** The whole message, given its last frame. */
  protected finish(body: Uint8Array): Uint8Array[] {
    const { parts } = this;
    if (parts.length === 0) return [body];
    this.parts = NO_CHUNKS;
    this.held = 0;
    this.largest = this.largestAlone;
    // Written out: to push a second one onto the first makes room for seventeen.
    if (parts.length === 1) return [parts[0] as Uint8Array, body];
    parts.push(body);
    return parts;
  }

  /** The unsigned 64-bit integer at `index` of the queue; above 2^53 it is only near, which is enough to refuse it. */
  protected peekUint64(index: number): number {
    let value = 0;
    for (let i = index; i < index + 8; i += 1) value = value * 256 + (this.input.peek(i) as number);
    return value;
  }

  /** A frame's size is above the limit. */
  protected tooLarge(size: number): ProtocolError {
    return tooLarge(size, this.held, this.limits);
  }

  /** Lets go of the last chunk, so that an idle connection pins none. */
  protected leave(): void {
    this.entered = EMPTY;
    this.buffer = NO_MEMORY;
    this.block = NO_MEMORY;
  }

  private enter(head: Uint8Array): void {
    this.entered = head;
    // Looking up a species takes as long as all else that is done for a message; nearly all chunks are of one kind.
    if (Object.getPrototypeOf(head) !== this.species.prototype) {
      this.species = speciesOf(head);
      this.empty = undefined;
    }
    this.buffer = head.buffer;
    this.offset = head.byteOffset;
    // A chunk as short as a block may be pinned as it is.
    this.block = head.buffer;
    this.blockOffset = head.byteOffset;
    this.blockEnd = head.buffer.byteLength <= BLOCK ? head.length : 0;
  }

  /** A body of at most SMALL octets: a view of the block, or a copy. */
  private small(head: Uint8Array, start: number, end: number): Uint8Array {
    if (start === end) {
      this.empty ??= new this.species(0);
      return this.empty;
    }
    if (end > this.blockEnd) {
      this.run += 1;
      if (this.run < RUN) {
        const copy = new this.species(end - start);
        for (let i = start; i < end; i += 1) copy[i - start] = head[i] as number;
        return copy;
      }
      const length = Math.min(BLOCK, head.length - start);
      const block = new Uint8Array(length);
      block.set(new Uint8Array(this.buffer, this.offset + start, length));
      this.block = block.buffer;
      this.blockOffset = -start;
      this.blockEnd = start + length;
    }
    return new this.species(this.block, this.blockOffset + start, end - start);
  }
}
