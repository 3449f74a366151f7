// SPDX-License-Identifier: MIT
/**
 * Time. Every timer of the library, and every "later in this turn", goes through a Clock, so that a test can own time
 * and a runtime can choose its fastest way to defer. Nothing else may call `setTimeout`.
 */
import { Rounds } from "./rounds.ts";
import { TurnQueue } from "./turn-queue.ts";

/** A timer that has been started. */
export interface Timer {
  /** Stops the timer; harmless when it has fired or was cancelled. */
  cancel(): void;
}

/** A source of time and of deferred calls. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls back once after `delay` milliseconds. A timer never keeps an idle program alive. */
  setTimer(delay: number, callback: () => void): Timer;
  /** Calls back once the code that runs now, and the promises it resolved, are done; before any input or output. */
  defer(callback: () => void): void;
  /** What has to be done at the end of a turn, and can wait for a later one when it is much. */
  readonly tasks: TurnQueue;
  /** What has to be done again and again, for many at the same moments. */
  readonly rounds: Rounds;
  /** Calls back after the runtime has looked at its input and output once. */
  yieldTurn(callback: () => void): void;
}

declare function setTimeout(callback: () => void, delay: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare const performance: { now(): number };

/** The longest delay that runtimes take: 2^31 − 1 milliseconds, about 24.8 days. */
export const LONGEST_DELAY = 2147483647;

/** A timer of the runtime. */
class SystemTimer implements Timer {
  private readonly handle: unknown;

  constructor(handle: unknown) {
    this.handle = handle;
  }

  cancel(): void {
    clearTimeout(this.handle);
  }
}

/** Real time, from what every runtime has. */
export class SystemClock implements Clock {
  readonly tasks: TurnQueue = new TurnQueue(this);
  readonly rounds: Rounds = new Rounds(this);

  now(): number {
    return performance.now();
  }

  setTimer(delay: number, callback: () => void): Timer {
    const handle = setTimeout(callback, Math.min(delay, LONGEST_DELAY));
    (handle as { unref?: () => void }).unref?.();
    return new SystemTimer(handle);
  }

  defer(callback: () => void): void {
    queueMicrotask(callback);
  }

  yieldTurn(callback: () => void): void {
    setTimeout(callback, 0);
  }
}
