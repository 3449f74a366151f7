// SPDX-License-Identifier: MIT
/**
 * Lets the rest of the program have a turn: a loop of sends or receives that never has to wait would otherwise keep timers,
 * input and output from ever running. Used by `socket.ts` on its fast paths.
 */
import type { Clock } from "../base/clock.ts";

/** How long operations may go on finishing at once before one has to wait for the next turn, in milliseconds. */
const LONGEST_TURN = 2;
/** The clock is looked at once in so many operations: a look costs as much as a quarter of an operation. */
const OPERATIONS_PER_LOOK = 128;

/** Counts operations that finished at once. */
export class Turns {
  private left: number = OPERATIONS_PER_LOOK;
  private since = Number.NEGATIVE_INFINITY;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * True when this operation's promise should be settled in the next turn only, with {@link later}. Turns that ended
   * by themselves are not seen here, so that one in {@link LONGEST_TURN} may be given away too many.
   */
  isOver(): boolean {
    this.left -= 1;
    if (this.left > 0) return false;
    this.left = OPERATIONS_PER_LOOK;
    const now = this.clock.now();
    return now - this.since >= LONGEST_TURN;
  }

  /** A promise of the value, settled in the next turn. */
  later<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      this.clock.yieldTurn(() => {
        // Counted from here: what the others did with their turn may have taken longer than a turn of ours.
        this.since = this.clock.now();
        resolve(value);
      });
    });
  }
}
