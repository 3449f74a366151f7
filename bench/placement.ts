// SPDX-License-Identifier: MIT
/**
 * Puts the processes of a measurement on cores of their own choice, so that a round trip does not depend on where the
 * system happens to put them: waking another core can take longer than all the rest. Linux with `taskset`. Used by latency.ts.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Launch } from "./suite.ts";

/** The cores that this process may use; none where processes cannot be placed. */
export function placeableCores(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
    return spawnSync("taskset", ["--version"]).status === 0 ? parseCores(list) : [];
  } catch {
    return [];
  }
}

/** `0-2,5` as the kernel writes it. */
function parseCores(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The same process on one core; on any where it is undefined. What `--pin` says comes inside of this and goes first. */
export function onCore({ command, arguments: words }: Launch, core: number | undefined): Launch {
  if (core === undefined) return { command, arguments: words };
  return { command: "taskset", arguments: ["--cpu-list", String(core), command, ...words] };
}
