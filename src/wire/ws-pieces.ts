// SPDX-License-Identifier: MIT
/**
 * A WebSocket message that comes in pieces (RFC 6455 §5.4), as browsers may send large ones. The pieces are put together as they come,
 * so that what is held is as large as the message, however small a peer makes them. Used by `zws.ts`.
 */
import { allocateLike, EMPTY } from "../base/bytes.ts";

/** One message after another. */
export class Pieces {
  /** The first piece has come, and the last one has not. */
  isOpen = false;
  /** Octets so far. */
  length = 0;
  private memory: Uint8Array = EMPTY;

  /** The first octet; 0 while there is none. */
  get first(): number {
    return this.length === 0 ? 0 : (this.memory[0] as number);
  }

  /** Room doubles where it ends. */
  add(piece: Uint8Array): void {
    this.isOpen = true;
    const { memory, length } = this;
    const needed = length + piece.length;
    if (needed > memory.length) {
      this.memory = allocateLike(piece, Math.max(needed, 2 * memory.length));
      this.memory.set(memory.subarray(0, length));
    }
    this.memory.set(piece, length);
    this.length = needed;
  }

  /** The whole message. */
  take(): Uint8Array {
    const whole = this.memory.subarray(0, this.length);
    this.isOpen = false;
    this.length = 0;
    this.memory = EMPTY;
    return whole;
  }
}
