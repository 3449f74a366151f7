// SPDX-License-Identifier: MIT
/**
 * Framing of ZMTP 1.0 (RFC 13), of 2.0 with revision 0, and inside PGM: size in one octet or nine, flags, body. The size
 * counts the flags. There are no commands. `test/twins/zmtp-v1.ts` says the same plainly.
 */
import { writeUint64 } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { type Decoder, type Encoder, MORE } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { SlabWriter } from "./slab-writer.ts";

/** In the place of the size: it follows in eight octets. */
const LONG_SIZE = 0xff;
/** Size 1, flags 1. */
const SHORT_HEADER = 2;
/** 0xFF, size 8, flags 1. */
const LONG_HEADER = 10;

/** Turns messages into ZMTP 1.0 frames. */
export class ZmtpV1Encoder extends SlabWriter implements Encoder {
  message(parts: readonly Uint8Array[]): void {
    const last = parts.length - 1;
    for (let i = 0; i < last; i += 1) this.frame(parts[i] as Uint8Array, MORE);
    this.frame(parts[last] as Uint8Array, 0);
  }

  frame(body: Uint8Array, flags: number): void {
    this.header(body.length + 1, flags);
    this.body(body);
  }

  blank(length: number, flags: number): number {
    this.header(length + 1, flags);
    return this.gap(length);
  }

  /** `size`: of flags and body. */
  private header(size: number, flags: number): void {
    this.reserve(LONG_HEADER);
    const { slab, position } = this;
    if (size < LONG_SIZE) {
      slab[position] = size;
      slab[position + 1] = flags & MORE;
      this.position = position + SHORT_HEADER;
    } else {
      slab[position] = LONG_SIZE;
      writeUint64(slab, position + 1, size);
      slab[position + 9] = flags & MORE;
      this.position = position + LONG_HEADER;
    }
  }
}

/** Turns ZMTP 1.0 frames into messages. Flags other than MORE are ignored, as libzmq does. */
export class ZmtpV1Decoder extends FrameReader implements Decoder {
  next(): Uint8Array[] | undefined {
    const { input } = this;
    for (;;) {
      const { head, position } = input;
      let size = head[position] as number;
      const end = position + 1 + size;
      let flags: number;
      let body: Uint8Array;
      // Fast path: a short frame that lies whole in the head chunk.
      if (end <= head.length && size > 0 && size < LONG_SIZE && size <= this.largest) {
        flags = head[position + 1] as number;
        body = this.cut(head, position + SHORT_HEADER, end);
      } else {
        size = this.readSize();
        const header = input.peek(0) === LONG_SIZE ? LONG_HEADER : SHORT_HEADER;
        if (input.length < header + size || size < 0) {
          if (input.length === 0) this.leave();
          return undefined;
        }
        flags = input.peek(header - 1) as number;
        body = this.join(header, size);
      }
      if ((flags & MORE) === 0) return this.finish(body);
      this.hold(body);
    }
  }

  /** The size of the next body, without flags; −1: needs more octets. */
  private readSize(): number {
    const { input } = this;
    let size = input.peek(0);
    if (size === undefined) return -1;
    if (size === LONG_SIZE) {
      if (input.length < LONG_HEADER - 1) return -1;
      size = this.peekUint64(1);
    }
    if (size === 0) throw new ProtocolError("ZMTP_UNSPECIFIED", "a ZMTP 1.0 frame has no room for its flags");
    if (size - 1 > this.largest) throw this.tooLarge(size - 1);
    return size - 1;
  }
}
