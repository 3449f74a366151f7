// SPDX-License-Identifier: MIT
/**
 * Framing of ZMTP 2.0 and 3.x (RFC 15, 23, 37 §Framing): flags, size in one octet or eight, body. The hot path of the
 * library. `test/twins/zmtp-v2.ts` says the same plainly; a property test holds the two equal.
 */
import { ByteQueue, writeUint64 } from "../base/bytes.ts";
import { COMMAND, CommandFrame, type Decoder, type DecoderLimits, type Encoder, LONG, MORE } from "./frame.ts";
import { join, largestFrame, peekUint64, tooLarge, tooManyFrames } from "./limits.ts";
import { LONGEST_HEADER, SlabWriter } from "./slab-writer.ts";

/** 1 + 9 + 255 octets: name and topic of the longest SUBSCRIBE whose size libzmq wrote in eight octets without LONG. */
const LONGEST_UNFLAGGED = 265;

/** Turns messages and commands into ZMTP 2.0 or 3.x frames. */
export class ZmtpV2Encoder extends SlabWriter implements Encoder {
  message(parts: readonly Uint8Array[]): void {
    const last = parts.length - 1;
    for (let i = 0; i < last; i += 1) this.frame(parts[i] as Uint8Array, MORE);
    this.frame(parts[last] as Uint8Array, 0);
  }

  frame(body: Uint8Array, flags: number): void {
    const { length } = body;
    this.reserve(LONGEST_HEADER);
    const { slab, position } = this;
    if (length < 256) {
      slab[position] = flags;
      slab[position + 1] = length;
      this.position = position + 2;
    } else {
      slab[position] = flags | LONG;
      writeUint64(slab, position + 1, length);
      this.position = position + 9;
    }
    this.body(body);
  }
}

/**
 * Turns ZMTP 2.0 or 3.x frames into messages and commands. Reserved flags are ignored, and so is MORE on a command, as
 * libzmq does; a command may stand between the frames of a message.
 */
export class ZmtpV2Decoder implements Decoder {
  private readonly input: ByteQueue = new ByteQueue();
  private readonly largest: number;
  private readonly maxFrames: number;
  /** The frames of a message whose last one has not come yet, and their octets. */
  private parts: Uint8Array[] = [];
  private held = 0;
  private header = 0;

  constructor(limits: DecoderLimits) {
    this.largest = largestFrame(limits);
    this.maxFrames = limits.maxFrames;
  }

  get buffered(): number {
    return this.input.length + this.held;
  }

  push(chunk: Uint8Array): void {
    this.input.push(chunk);
  }

  takeRest(): Uint8Array[] {
    return this.input.takeAll();
  }

  next(): Uint8Array[] | CommandFrame | undefined {
    const { input } = this;
    for (;;) {
      const { head, position } = input;
      const flags = head[position] as number;
      // Fast path: a short frame that lies whole in the head chunk. Reads past the chunk give undefined, and the
      // comparison with it is false.
      const end = position + 2 + (head[position + 1] as number);
      let body: Uint8Array;
      if (end <= head.length && (flags & (LONG | COMMAND)) === 0 && end - position - 2 <= this.largest) {
        body = head.subarray(position + 2, end);
        input.length -= end - position;
        if (end === head.length) input.advance();
        else input.position = end;
      } else {
        const size = this.readSize();
        if (size < 0) return undefined;
        const header = this.header;
        if (input.length < header + size) return undefined;
        input.skip(header);
        body = join(input, size);
        if ((flags & COMMAND) !== 0) return new CommandFrame(body);
      }
      if ((flags & MORE) === 0) {
        if (this.parts.length === 0) return [body];
        return this.finish(body);
      }
      this.hold(body);
    }
  }

  /**
   * The size of the next frame, whose header's length it leaves in `header`; −1: needs more octets. A header is read
   * again for each chunk until its frame is whole: that costs less than a state.
   */
  private readSize(): number {
    const { input } = this;
    if (input.length < 2) return -1;
    const flags = input.peek(0) as number;
    let size = input.peek(1) as number;
    this.header = 2;
    if ((flags & LONG) !== 0) {
      if (input.length < LONGEST_HEADER) return -1;
      size = peekUint64(input, 1);
      this.header = LONGEST_HEADER;
    } else if (size === 0 && (flags & COMMAND) !== 0) {
      size = this.sizeWithoutFlag();
    }
    if (size > this.largest) throw tooLarge(size, this.largest);
    return size;
  }

  /**
   * libzmq 4.3.3 and 4.3.4 write the size of a SUBSCRIBE or CANCEL of 256 to 264 octets (a topic of up to 255, and the
   * name) in eight octets, but forget LONG. An empty command is never valid, so one whose next seven octets complete
   * such a size is taken for that.
   */
  private sizeWithoutFlag(): number {
    const { input } = this;
    for (let i = 2; i < LONGEST_HEADER; i += 1) {
      const octet = input.peek(i);
      if (octet === undefined) return -1;
      if (i < 7 ? octet !== 0 : i === 7 ? octet !== 1 : octet > LONGEST_UNFLAGGED - 256) return 0;
    }
    this.header = LONGEST_HEADER;
    return 256 + (input.peek(8) as number);
  }

  private hold(body: Uint8Array): void {
    this.parts.push(body);
    this.held += body.length;
    if (this.parts.length >= this.maxFrames) throw tooManyFrames(this.maxFrames);
  }

  private finish(body: Uint8Array): Uint8Array[] {
    const { parts } = this;
    parts.push(body);
    this.parts = [];
    this.held = 0;
    return parts;
  }
}
