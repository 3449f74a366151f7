// SPDX-License-Identifier: MIT
/** Writes a run's results as JSON, in the shape that README.md documents. Neighbours: runner.ts (results), main.ts. */
import { writeFileSync } from "node:fs";
import type { Machine } from "./machine.ts";
import type { SuiteResult } from "./runner.ts";
import type { BenchOptions } from "./suite.ts";

/** Everything that a run found out. */
export interface RunResult {
  /** Changes when a reader would have to. */
  readonly schema: "zeromq-ts-bench/1";
  readonly started: string;
  readonly machine: Machine;
  readonly options: Pick<BenchOptions, "rounds" | "time" | "transport" | "quick" | "source" | "pin">;
  readonly skipped: readonly string[];
  readonly suites: readonly SuiteResult[];
}

export function writeJson(file: string, result: RunResult): void {
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
