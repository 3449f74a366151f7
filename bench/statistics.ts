// SPDX-License-Identifier: MIT
/** Medians, spreads and ratios over the rounds of a benchmark. Neighbours: runner.ts makes them, report.ts prints them. */

/** The middle and the ends of a list of values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("no values");
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
  return { median, min: sorted[0] as number, max: sorted[sorted.length - 1] as number };
}

/**
 * The spread of `values[i] / baseline[i]`. Round by round, because both sides of a round ran within seconds of each
 * other: a machine that slows down in the middle of a run changes both and leaves the ratio alone.
 */
export function ratio(values: readonly number[], baseline: readonly number[]): Spread {
  if (values.length !== baseline.length) throw new RangeError("rounds differ");
  return spread(values.map((value, round) => value / (baseline[round] as number)));
}
