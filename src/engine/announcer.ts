// SPDX-License-Identifier: MIT
/**
 * Announces to a pipe the messages that arrive, and leaves them octets until they are read. Where a thousand peers send
 * more than is read at once, a million messages wait, and as objects these cost the reader more than all else about them.
 * Used by the ZMTP engine where nothing stands between frames and messages; counts with `wire/frame-scanner.ts`.
 */
import type { Pipe } from "../pipe/pipe.ts";
import type { DecoderLimits } from "../wire/frame.ts";
import { FrameScanner } from "../wire/frame-scanner.ts";
import type { ZmtpV2Decoder } from "../wire/zmtp-v2.ts";

/** Between one decoder and one pipe. */
export class Announcer {
  /** Messages that were counted, but the pipe had no room. */
  waiting = 0;
  private readonly pipe: Pipe;
  private readonly decoder: ZmtpV2Decoder;
  private readonly scanner: FrameScanner;

  constructor(pipe: Pipe, decoder: ZmtpV2Decoder, limits: DecoderLimits) {
    this.pipe = pipe;
    this.decoder = decoder;
    this.scanner = new FrameScanner(limits);
  }

  /** Looks at the chunk that the decoder got. Gives how many messages it ends; −1: something in it must be decoded now. */
  count(chunk: Uint8Array): number {
    return this.scanner.scan(chunk);
  }

  /** Tells the pipe of what waits and of these messages, as far as it has room. */
  announce(found: number): void {
    this.waiting += found;
    while (this.waiting > 0) {
      const count = Math.min(this.waiting, this.pipe.checkRoom());
      if (count === 0) return;
      this.waiting -= count;
      this.pipe.announce(count, this.decoder);
    }
  }

  /** Has what was announced decoded, and forgets what was not: whoever uses the decoder next begins with that. */
  settle(): void {
    this.waiting = 0;
    this.pipe.settle();
  }
}
