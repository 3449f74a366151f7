// SPDX-License-Identifier: MIT
/** A clock that a test owns: time stands still until `advance`. Stands in for `base/clock.ts`. */
import type { Clock, Timer } from "../../src/base/clock.ts";
import { Rounds } from "../../src/base/rounds.ts";
import { TurnQueue } from "../../src/base/turn-queue.ts";

interface Pending extends Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time under a test's control. */
export class FakeClock implements Clock {
  readonly tasks: TurnQueue = new TurnQueue(this);
  readonly rounds: Rounds = new Rounds(this);
  private time = 1000;
  private order = 0;
  private readonly timers = new Set<Pending>();
  private deferred: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  setTimer(delay: number, callback: () => void): Timer {
    const timer: Pending = {
      due: this.time + Math.max(0, delay),
      order: this.order++,
      callback,
      cancel: () => this.timers.delete(timer),
    };
    this.timers.add(timer);
    return timer;
  }

  defer(callback: () => void): void {
    this.deferred.push(callback);
  }

  yieldTurn(callback: () => void): void {
    this.deferred.push(callback);
  }

  /** Runs what was deferred to the end of this turn, and what that defers. */
  endTurn(): void {
    while (this.deferred.length > 0) {
      const all = this.deferred;
      this.deferred = [];
      for (const callback of all) callback();
    }
  }

  /** Lets time pass; timers fire in order, each at its time. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    this.endTurn();
    for (let next = this.next(); next !== undefined && next.due <= end; next = this.next()) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.callback();
      this.endTurn();
    }
    this.time = end;
  }

  /** Timers that run: none may be left when what started them is over. */
  get running(): number {
    return this.timers.size;
  }

  /** Milliseconds until the next timer fires; undefined when none runs. */
  get untilNext(): number | undefined {
    const next = this.next();
    return next === undefined ? undefined : next.due - this.time;
  }

  private next(): Pending | undefined {
    let first: Pending | undefined;
    for (const each of this.timers) {
      if (first === undefined || each.due < first.due || (each.due === first.due && each.order < first.order))
        first = each;
    }
    return first;
  }
}
