// SPDX-License-Identifier: MIT
/**
 * For programs that are measured while they stand still: what a process holds, and when the benchmark wants to know it (a
 * line on standard input for each time, its end for the end). Used by the programs *-idle.ts, *-stalled.ts and *-matching.ts.
 */
import { readdirSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { report } from "./tool.ts";

/** Octets; a type and not an interface, so that it passes for a report. */
export type Memory = {
  /** What the operating system counts. */
  readonly rss: number;
  /** What the garbage collector knows: JavaScript's heap, and the memory of arrays and native objects outside of it. */
  readonly heap: number;
};

/** Milliseconds after which what was under way (a last handshake, a descriptor's close) is over. */
const SETTLE = 100;

// What `--expose-gc` gives, whoever starts the program.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is held now, without a collection. */
export function glance(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** What is held for good: after two collections, as the first frees what only the second lets go of. */
export async function weigh(): Promise<Memory> {
  for (let run = 0; run < 2; run += 1) {
    collectGarbage();
    await turn();
  }
  return glance();
}

/**
 * From now on V8's space for new objects stays as small as it is. It may grow to 32 MiB, by how many objects outlive a
 * collection in it, and is kept when it is empty again: that comes once in a process, and is not what a connection or a
 * queue holds.
 */
export function keepNewSpaceSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Reports what is held, each time that the benchmark asks; `grow` is what comes between the first time and the second. */
export async function weighOnDemand(grow: () => void = () => {}): Promise<void> {
  keepNewSpaceSmall();
  let times = 0;
  for await (const _ of createInterface({ input: process.stdin })) {
    await delay(SETTLE);
    await weigh();
    // The collector's threads give back to the system what has become free.
    await delay(SETTLE);
    report(glance());
    times += 1;
    if (times === 1) grow();
  }
}

/** Resolves when this process has `count` connections, counting both ends where it has both; at once where none can tell. */
export async function connections(count: number): Promise<void> {
  while (sockets() < count) await delay(5);
}

function sockets(): number {
  try {
    return readdirSync("/proc/self/fd").filter((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith("socket:");
      } catch {
        return false;
      }
    }).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

type TypeName =
  | "PAIR"
  | "PUB"
  | "SUB"
  | "REQ"
  | "REP"
  | "DEALER"
  | "ROUTER"
  | "PULL"
  | "PUSH"
  | "XPUB"
  | "XSUB"
  | "STREAM";

/** Who binds, who connects, and how many sockets do: every type, a hundred connections in all. As in libzmq-idle.c. */
export type Layout = readonly (readonly [bound: TypeName, connected: TypeName, peers: number])[];
export const layout: Layout = [
  ["PAIR", "PAIR", 1],
  ["PUB", "SUB", 17],
  ["XPUB", "XSUB", 16],
  ["PULL", "PUSH", 16],
  ["REP", "REQ", 17],
  ["ROUTER", "DEALER", 17],
  ["STREAM", "STREAM", 16],
];

/** The processor time that doing nothing takes: watched for so many milliseconds. */
export async function watch(milliseconds: number): Promise<{ seconds: number; cpuSeconds: number }> {
  collectGarbage();
  // Compilers and collectors finish what they have begun in threads of their own.
  await delay(3 * SETTLE);
  const start = performance.now();
  const before = process.cpuUsage();
  await delay(milliseconds);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 };
}
