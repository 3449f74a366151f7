// SPDX-License-Identifier: MIT
/**
 * Looks things up in a run's results, for the targets, charts and tables. Everything follows from the rounds: what is
 * asked for and was not measured, failed or is no number is `undefined`. Neighbours: report-json.ts, statistics.ts.
 */
import type { Machine } from "./machine.ts";
import { ratio, type Spread, spread } from "./statistics.ts";

export type Parameters = Readonly<Record<string, string | number>>;

/** What is needed of a contender's result; a whole result of the runner fits, and so does a compacted one. */
export interface MeasuredContender {
  readonly id: string;
  readonly peer: string;
  readonly label: string;
  readonly metrics: Readonly<Record<string, { readonly rounds: readonly number[] }>>;
  readonly failure?: string;
}

export interface MeasuredCase {
  readonly name: string;
  readonly parameters: Parameters;
  readonly contenders: readonly MeasuredContender[];
}

/** Where, when and how a suite was measured. */
export interface Conditions {
  readonly started: string;
  readonly machine: Machine;
  readonly options: RunOptions;
  /** "peer: why it was not there". */
  readonly skipped: readonly string[];
}

/** The options that change what figures mean. */
export interface RunOptions {
  readonly rounds: number;
  readonly time: number;
  readonly quick: boolean;
  readonly source: boolean;
  readonly count?: number | undefined;
  readonly pin?: string | undefined;
}

export interface MeasuredSuite extends Conditions {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly MeasuredCase[];
}

export interface Results {
  readonly suites: readonly MeasuredSuite[];
}

export function suiteOf(results: Results, name: string): MeasuredSuite | undefined {
  return results.suites.find((suite) => suite.name === name);
}

/** The cases of a suite that have all these parameters; they may have more. */
export function casesOf(results: Results, name: string, parameters: Parameters = {}): readonly MeasuredCase[] {
  const wanted = Object.entries(parameters);
  const cases = suiteOf(results, name)?.cases ?? [];
  return cases.filter((case_) => wanted.every(([key, value]) => case_.parameters[key] === value));
}

export function contenderOf(case_: MeasuredCase, id: string): MeasuredContender | undefined {
  return case_.contenders.find((contender) => contender.id === id);
}

/** The rounds of a figure; undefined where any of them is no number. */
export function roundsOf(case_: MeasuredCase, id: string, metric: string): readonly number[] | undefined {
  const rounds = contenderOf(case_, id)?.metrics[metric]?.rounds ?? [];
  return rounds.length > 0 && rounds.every(Number.isFinite) ? rounds : undefined;
}

export function figureOf(case_: MeasuredCase, id: string, metric: string): Spread | undefined {
  const rounds = roundsOf(case_, id, metric);
  return rounds && spread(rounds);
}

/** How many times a figure is that of another contender, round by round. */
export function ratioOf(case_: MeasuredCase, id: string, baseline: string, metric: string): Spread | undefined {
  return between(roundsOf(case_, id, metric), roundsOf(case_, baseline, metric));
}

/** The spread of one figure divided by another, round by round; undefined where they do not pair up. */
export function between(
  values: readonly number[] | undefined,
  others: readonly number[] | undefined,
): Spread | undefined {
  if (values === undefined || others === undefined || values.length !== others.length) return undefined;
  const result = ratio(values, others);
  return Object.values(result).every(Number.isFinite) ? result : undefined;
}

/** The spread of one figure less another, round by round. */
export function differenceOf(
  values: readonly number[] | undefined,
  others: readonly number[] | undefined,
): Spread | undefined {
  if (values === undefined || others === undefined || values.length !== others.length) return undefined;
  return spread(values.map((value, round) => value - (others[round] as number)));
}

/**
 * The contender to compare one with, of those that a suite's baseline stands for: PAIR sockets with PAIR sockets. What knows
 * no socket types (raw) is compared with all.
 */
export function baselineFor(case_: MeasuredCase, id: string, baseline: string): string | undefined {
  if (!id.endsWith("-pair") || baseline === "raw") return baseline;
  const pair = baseline.endsWith("-pair") ? baseline : `${baseline}-pair`;
  return contenderOf(case_, pair) === undefined ? undefined : pair;
}

/** How many times a figure is that of the right one of a baseline's contenders. */
export function comparedWith(case_: MeasuredCase, id: string, baseline: string, metric: string): Spread | undefined {
  const peer = baselineFor(case_, id, baseline);
  return peer === undefined ? undefined : ratioOf(case_, id, peer, metric);
}
