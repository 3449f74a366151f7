// SPDX-License-Identifier: MIT
/**
 * What is done again and again: all that has the same interval is done at the same moments, whenever it joined. A hundred
 * connections that each kept a time of their own would wake the process a hundred times an interval, and waking costs more
 * than what is then done. Every clock has one; heartbeats (`engine/heartbeat.ts`) use it.
 */
import type { TurnQueue, TurnTask } from "./turn-queue.ts";

/** Something that is done in each round. */
export interface RoundTask {
  roundCame(): void;
}

/** What rounds need from their clock. */
export interface RoundSource {
  setTimer(delay: number, callback: () => void): { cancel(): void };
  readonly tasks: TurnQueue;
}

/** The rounds of one interval. Few tasks are done in a turn, as the queue has it: ten thousand must not stop the rest. */
class Round implements TurnTask {
  readonly members = new Set<RoundTask>();
  private readonly interval: number;
  private readonly source: RoundSource;
  private timer: ReturnType<RoundSource["setTimer"]>;
  /** Whose turn it still is in this round, from `next` on. */
  private waiting: RoundTask[] = [];
  private next = 0;

  constructor(interval: number, source: RoundSource) {
    this.interval = interval;
    this.source = source;
    this.timer = source.setTimer(interval, this.begin);
  }

  stop(): void {
    this.timer.cancel();
  }

  turnEnded(): void {
    const task = this.waiting[this.next] as RoundTask;
    this.next += 1;
    if (this.next < this.waiting.length) this.source.tasks.push(this);
    else this.waiting = [];
    if (this.members.has(task)) task.roundCame();
  }

  private readonly begin = (): void => {
    this.timer = this.source.setTimer(this.interval, this.begin);
    // A round that is not done when the next one comes takes its place: nothing piles up.
    if (this.waiting.length > 0) return;
    this.waiting = [...this.members];
    this.next = 0;
    this.source.tasks.push(this);
  };
}

/** Rounds by their interval, in milliseconds. */
export class Rounds {
  private readonly rounds = new Map<number, Round>();
  private readonly source: RoundSource;

  constructor(source: RoundSource) {
    this.source = source;
  }

  /** Has a task done in each round of an interval, for the first time after one interval at most. */
  add(interval: number, task: RoundTask): void {
    let round = this.rounds.get(interval);
    if (round === undefined) {
      round = new Round(interval, this.source);
      this.rounds.set(interval, round);
    }
    round.members.add(task);
  }

  /** No more; harmless when the task is not there. No timer runs for nobody. */
  remove(interval: number, task: RoundTask): void {
    const round = this.rounds.get(interval);
    if (round?.members.delete(task) !== true || round.members.size > 0) return;
    round.stop();
    this.rounds.delete(interval);
  }
}
