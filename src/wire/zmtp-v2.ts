// SPDX-License-Identifier: MIT
/**
 * Framing of ZMTP 2.0 and 3.x (RFC 15, 23, 37 §Framing): flags, size in one octet or eight, body. The hot path of the
 * library. `test/twins/zmtp-v2.ts` says the same plainly; a property test holds the two equal.
 */
import { writeUint64 } from "../base/bytes.ts";
import { COMMAND, CommandFrame, type Decoder, type Encoder, LONG, MORE } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
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
    this.header(body.length, flags);
    this.body(body);
  }

  blank(length: number, flags: number): number {
    this.header(length, flags);
    return this.gap(length);
  }

  private header(length: number, flags: number): void {
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
  }
}

/**
 * Turns ZMTP 2.0 or 3.x frames into messages and commands. Reserved flags are ignored, and so is MORE on a command, as
 * libzmq does; a command may stand between the frames of a message.
 */
export class ZmtpV2Decoder extends FrameReader implements Decoder {
  /** Length of the header that `readSize` has read. */
  private header = 0;
  /** Another frame of the same message comes after the one that `part` has given. */
  private isFollowed = false;

  next(): Uint8Array[] | CommandFrame | undefined {
    const { input } = this;
    for (;;) {
      const { head, position } = input;
      const flags = head[position] as number;
      const short = head[position + 1] as number;
      const end = position + 2 + short;
      let body: Uint8Array;
      // Fast path: a short frame that lies whole in the head chunk. Past the chunk's end `short` is undefined, and then
      // the comparison is false.
      if (end <= head.length && (flags & (LONG | COMMAND)) === 0 && short <= this.largest) {
        body = this.cut(head, position + 2, end);
      } else {
        const size = this.readSize();
        if (size < 0 || input.length < this.header + size) {
          if (input.length === 0) this.leave();
          return undefined;
        }
        body = this.join(this.header, size);
        if ((flags & COMMAND) !== 0) return new CommandFrame(body);
      }
      if ((flags & MORE) === 0) return this.finish(body);
      this.hold(body);
    }
  }

  /**
   * The next message, where it is known to be whole, with nothing but messages before it: see `frame-scanner.ts`. Two parts
   * make an array of two, where one that grows has room for 17.
   */
  message(): Uint8Array[] {
    // Its first frames were decoded with what came before it.
    if (this.isHolding) return this.next() as Uint8Array[];
    const first = this.part();
    if (!this.isFollowed) return [first];
    const second = this.part();
    if (!this.isFollowed) return [first, second];
    const parts = [first, second];
    do parts.push(this.part());
    while (this.isFollowed);
    return parts;
  }

  /** The next frame's body, which is there, and belongs to a message. */
  private part(): Uint8Array {
    const { head, position } = this.input;
    const rest = head.length - position;
    if (rest >= 2) {
      const flags = head[position] as number;
      this.isFollowed = (flags & MORE) !== 0;
      if ((flags & LONG) === 0) {
        const size = head[position + 1] as number;
        if (size <= rest - 2) return this.cut(head, position + 2, position + 2 + size);
      } else if (rest >= LONGEST_HEADER) {
        // The six octets above these are zeros: see LARGE in `frame-scanner.ts`.
        const size = (head[position + 7] as number) * 256 + (head[position + 8] as number);
        const start = position + LONGEST_HEADER;
        if (size <= rest - LONGEST_HEADER) return this.cut(head, start, start + size);
      }
    }
    this.isFollowed = ((this.input.peek(0) as number) & MORE) !== 0;
    const size = this.readSize();
    return this.join(this.header, size);
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
      size = this.peekUint64(1);
      this.header = LONGEST_HEADER;
    } else if (size === 0 && (flags & COMMAND) !== 0 && this.limits.isHandshake !== true) {
      size = this.sizeWithoutFlag();
    }
    if (size > this.largest && ((flags & COMMAND) === 0 || size > this.largestAlone)) throw this.tooLarge(size);
    return size;
  }

  /**
   * libzmq 4.3.3 and 4.3.4 write the size of a SUBSCRIBE or CANCEL of 256 to 265 octets (a topic of up to 255, and the
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
}
