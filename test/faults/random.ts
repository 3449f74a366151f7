// SPDX-License-Identifier: MIT
/** Random choices that can be made again: the seed is printed with the test. */
import { env } from "node:process";
import type { TestContext } from "node:test";

/** A small generator of its own (mulberry32): what a seed gives does not change with the runtime. */
export class Random {
  private state: number;

  /** Prints its seed. */
  constructor(t: Pick<TestContext, "diagnostic"> = { diagnostic: console.log }) {
    this.state = Number(env.FAULTS_SEED ?? Date.now() % 0x1_0000_0000) >>> 0;
    t.diagnostic(`FAULTS_SEED=${this.state}`);
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, and not including, a limit. */
  below(limit: number): number {
    return this.next() % limit;
  }

  of<T>(...choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
