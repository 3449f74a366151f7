// SPDX-License-Identifier: MIT
/**
 * Watches what this process holds while it works: how far it rises above the start, and whether it still rises once the
 * queues are full. As `watched` in watch.h. Used by the programs *-stalled.ts. Neighbour: gauge.ts.
 */
import { once } from "node:events";
import { glance, keepNewSpaceSmall, type Memory, weigh } from "./gauge.ts";
import { report } from "./tool.ts";

/** Milliseconds between two looks. */
const EVERY = 20;

/**
 * Waits for the benchmark, then repeats `work`, which says how much it did and must not take long, for so many milliseconds,
 * and reports. The queues have filled after a third of that: growth is from the middle third to the last.
 */
export async function watched(milliseconds: number, work: () => Promise<number>): Promise<void> {
  await once(process.stdin.resume(), "data");
  keepNewSpaceSmall();
  const base = await weigh();
  const thirds: Memory[][] = [[], [], []];
  let settled = base;
  let offered = 0;
  const start = performance.now();
  let next = start;
  for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - start) {
    offered += await work();
    if (performance.now() < next) continue;
    const third = Math.min(2, Math.floor((elapsed * 3) / milliseconds));
    if (third === 1 && thirds[1]?.length === 0) settled = await weigh();
    thirds[third]?.push(glance());
    next = performance.now() + EVERY;
  }
  const seconds = (performance.now() - start) / 1e3;
  const end = await weigh();
  const all = thirds.flat();
  report({
    seconds,
    offered,
    peak: Math.max(...all.map(({ rss }) => rss)) - base.rss,
    growth: mean(thirds[2] ?? []) - mean(thirds[1] ?? []),
    heap: Math.max(...all.map(({ heap }) => heap)) - base.heap,
    heapGrowth: end.heap - settled.heap,
  });
}

function mean(memories: readonly Memory[]): number {
  return memories.reduce((sum, { rss }) => sum + rss, 0) / Math.max(1, memories.length);
}
