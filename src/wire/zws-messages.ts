// SPDX-License-Identifier: MIT
/**
 * ZWS 2.0 (RFC 45) where somebody else writes WebSocket's headers, as browsers do: each frame is one message, a flags octet and the
 * body. The same frames as those of `zws.ts`, which writes the headers too. Used by `engine/page-engine.ts`.
 */
import { COMMAND, type Encoder, MORE } from "./frame.ts";

/** ZWS's flag of a command; that of more frames is ZMTP's (RFC 45 §ZMTP Frame). */
export const ZWS_COMMAND = 2;

/** One chunk for each frame. */
export class ZwsMessageEncoder implements Encoder {
  room: Uint8Array = new Uint8Array(0);
  pending = 0;
  private chunks: Uint8Array[] = [];

  message(parts: readonly Uint8Array[]): void {
    const last = parts.length - 1;
    parts.forEach((part, i) => this.frame(part, i < last ? MORE : 0));
  }

  frame(body: Uint8Array, flags: number): void {
    const start = this.blank(body.length, flags);
    this.room.set(body, start);
  }

  blank(length: number, flags: number): number {
    const chunk = new Uint8Array(1 + length);
    chunk[0] = (flags & COMMAND) === 0 ? flags & MORE : ZWS_COMMAND;
    this.room = chunk;
    this.chunks.push(chunk);
    this.pending += chunk.length;
    return 1;
  }

  /** Each frame whole. */
  octets(frames: Uint8Array): void {
    this.chunks.push(frames);
    this.pending += frames.length;
  }

  take(): Uint8Array[] {
    const { chunks } = this;
    this.chunks = [];
    this.pending = 0;
    return chunks;
  }

  recycle(): void {}
}
