// SPDX-License-Identifier: MIT
/** What the soak's figures must be like: memory flat, losses within what the rules allow. Pure, so that it is tested. */
import { readFileSync } from "node:fs";
import type { Sample } from "./lanes.ts";

/** What a process may hold more in the last third of a run than in the first, in octets, whatever it does. */
const NOISE = 700_000;
/** The same of the resident set, which keeps what the allocator has once had. */
const RESIDENT_NOISE = 100_000_000;
/** With fewer samples there is nothing to tell: caches still fill. */
const LEAST_SAMPLES = 9;
/** Handles that may come and go: connections that are being made or closed while we look. */
const HANDLES = 40;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Median of the last third less the median of the first; samples of the beginning, while caches fill, are left out. */
export function growth(values: readonly number[]): number {
  const settled = values.slice(Math.min(3, Math.ceil(values.length / 6)));
  const third = Math.max(1, Math.floor(settled.length / 3));
  return median(settled.slice(-third)) - median(settled.slice(0, third));
}

/** What is wrong with the samples of a process that has seen so many reconnections between its first and last third. */
export function judgeSamples(name: string, samples: readonly Sample[], reconnections: number): string[] {
  if (samples.length < LEAST_SAMPLES) return [];
  const grown = growth(samples.map(({ memory }) => memory));
  const resident = growth(samples.map(({ resident: octets }) => octets));
  const handles = growth(samples.map((sample) => sample.handles));
  const faults: string[] = [];
  if (grown > NOISE) {
    const each =
      reconnections === 0 ? "" : `, ${Math.round(grown / reconnections)} for each of ${reconnections} reconnections`;
    faults.push(`${name}: ${grown} octets more in the last third of the run than in the first${each}`);
  }
  if (resident > RESIDENT_NOISE) faults.push(`${name}: the resident set has grown by ${resident} octets`);
  if (handles > HANDLES) faults.push(`${name}: ${handles} handles more than in the first third of the run`);
  return faults;
}

/**
 * The most octets that one lost connection may take along: what its encoder had put together and its `write` not yet
 * taken (two flushes, each with one large message), the system's buffers, and the receiver's own queue.
 */
export function mayBeLost(transport: string, queue: number): number {
  const buffers =
    transport === "tcp"
      ? limit("/proc/sys/net/ipv4/tcp_wmem") + limit("/proc/sys/net/ipv4/tcp_rmem")
      : 2 * limit("/proc/sys/net/core/wmem_default");
  return 400_000 + buffers + queue;
}

/** The last number in a file of the system; 16 MiB where there is no such file. */
function limit(file: string): number {
  try {
    return Number(readFileSync(file, "utf8").trim().split(/\s+/).at(-1));
  } catch {
    return 1 << 24;
  }
}
