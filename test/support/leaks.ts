// SPDX-License-Identifier: MIT
/** What a process holds: memory after a full collection, and open handles. For tests that must leave nothing behind. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { turns } from "./sockets.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects garbage, finalizers included. */
export async function collectGarbage(): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    collect();
    await turns(2);
  }
}

/** Octets in use, of the heap and of buffers outside it. */
export async function memoryInUse(): Promise<number> {
  await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What keeps the runtime busy, by kind, timers left out. */
export function openHandles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== "Timeout" && kind !== "Immediate") counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Resolves when a check holds; fails when it does not within the time. */
export async function eventually(what: string, holds: () => boolean, milliseconds = 5000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${milliseconds} ms`);
    await turns(1);
  }
}
