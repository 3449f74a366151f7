// SPDX-License-Identifier: MIT
/**
 * Lets the rest of the program have a turn: a loop of sends or receives that never has to wait would otherwise keep timers,
 * input and output from ever running. Used by `socket.ts` on its fast paths.
 */
import type { Clock } from "../base/clock.ts";

/** Operations that may finish at once before one has to wait for the next turn; a turn costs about a microsecond. */
const OPERATIONS_PER_TURN = 1024;

/** Counts operations that finished at once. */
export class Turns {
  private left: number = OPERATIONS_PER_TURN;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** True when this operation's promise should be settled in the next turn only, with {@link later}. */
  isOver(): boolean {
    this.left -= 1;
    if (this.left > 0) return false;
    this.left = OPERATIONS_PER_TURN;
    return true;
  }

  /** A promise of the value, settled in the next turn. */
  later<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      this.clock.yieldTurn(() => resolve(value));
    });
  }
}
