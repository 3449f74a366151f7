// SPDX-License-Identifier: MIT
/**
 * Says on standard error how far a run is: at a terminal one line that overwrites itself, and everywhere a line when a
 * suite starts and ends, for a whole run takes many minutes. Neighbours: main.ts, runner.ts.
 */
import { performance } from "node:perf_hooks";
import type { BenchOptions, Suite } from "./suite.ts";

/** One line that overwrites itself, where there is somebody to read it. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Returns when that was, for `suiteDone`. */
export function suiteStarts({ name }: Suite, which: string, cases: number, { rounds }: BenchOptions): number {
  process.stderr.write(`${name} (suite ${which}): ${cases} ${cases === 1 ? "case" : "cases"}, ${rounds} rounds …\n`);
  return performance.now();
}

export function suiteDone({ name }: Suite, since: number): void {
  process.stderr.write(`${name}: done in ${Math.round((performance.now() - since) / 1000)} s\n`);
}
