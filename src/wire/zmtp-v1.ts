// SPDX-License-Identifier: MIT
/**
 * Framing of ZMTP 1.0 (RFC 13), of 2.0 with revision 0, and inside PGM: size in one octet or nine, flags, body. The size
 * counts the flags. There are no commands. `test/twins/zmtp-v1.ts` says the same plainly.
 */
import { ByteQueue, writeUint64 } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { type Decoder, type DecoderLimits, type Encoder, MORE } from "./frame.ts";
import { join, largestFrame, peekUint64, tooLarge, tooManyFrames } from "./limits.ts";
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
    const size = body.length + 1;
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
    this.body(body);
  }
}

/** Turns ZMTP 1.0 frames into messages. Flags other than MORE are ignored, as libzmq does. */
export class ZmtpV1Decoder implements Decoder {
  private readonly input: ByteQueue = new ByteQueue();
  private readonly largest: number;
  private readonly maxFrames: number;
  /** The frames of a message whose last one has not come yet, and their octets. */
  private parts: Uint8Array[] = [];
  private held = 0;

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

  next(): Uint8Array[] | undefined {
    const { input } = this;
    while (input.length > 0) {
      let size = input.peek(0) as number;
      let header = SHORT_HEADER;
      if (size === LONG_SIZE) {
        if (input.length < LONG_HEADER - 1) return undefined;
        size = peekUint64(input, 1);
        header = LONG_HEADER;
      }
      if (size === 0) throw new ProtocolError("ZMTP_UNSPECIFIED", "a ZMTP 1.0 frame has no room for its flags");
      size -= 1;
      if (size > this.largest) throw tooLarge(size, this.largest);
      if (input.length < header + size) return undefined;
      const flags = input.peek(header - 1) as number;
      input.skip(header);
      this.parts.push(join(input, size));
      if ((flags & MORE) === 0) {
        const { parts } = this;
        this.parts = [];
        this.held = 0;
        return parts;
      }
      this.held += size;
      if (this.parts.length >= this.maxFrames) throw tooManyFrames(this.maxFrames);
    }
    return undefined;
  }
}
