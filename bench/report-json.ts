// SPDX-License-Identifier: MIT
/**
 * A run's results as JSON, in the shape that README.md documents: written, read again, and suites that were measured one
 * after another gathered into one file. Neighbours: runner.ts (results), targets/ (judgements), main.ts, publish.ts.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Conditions, Results } from "./results.ts";
import type { CaseResult, SuiteResult } from "./runner.ts";
import type { Judgement } from "./targets/target.ts";

const SCHEMA = "zeromq-ts-bench/2";

/** One suite, and under which conditions it was measured. */
export interface SuiteRun extends SuiteResult, Conditions {
  readonly cases: readonly CaseResult[];
}

/** Everything that a run found out. */
export interface RunResult extends Results {
  /** Changes when a reader would have to. */
  readonly schema: typeof SCHEMA;
  readonly targets: readonly Judgement[];
  readonly suites: readonly SuiteRun[];
}

export function writeJson(file: string, suites: readonly SuiteRun[], targets: readonly Judgement[]): void {
  writeFileSync(file, `${JSON.stringify({ schema: SCHEMA, targets, suites } satisfies RunResult, null, 2)}\n`);
}

/** @throws Error where the file is none of ours, or of another version */
export function readJson(file: string): RunResult {
  const result = JSON.parse(readFileSync(file, "utf8")) as Partial<RunResult>;
  if (result.schema !== SCHEMA || !Array.isArray(result.suites)) throw new Error(`${file}: not ${SCHEMA}`);
  return result as RunResult;
}

/** What the file has, with the suites of `newer` in place of those of the same name, in the order of `names`. */
export function mergeInto(file: string, newer: readonly SuiteRun[], names: readonly string[]): readonly SuiteRun[] {
  const older = existsSync(file) ? readJson(file).suites : [];
  const kept = older.filter(({ name }) => !newer.some((suite) => suite.name === name));
  return [...kept, ...newer].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}
