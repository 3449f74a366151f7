// SPDX-License-Identifier: MIT
/**
 * How large and how often the properties are tried. `PROPERTY_RUNS=100 npm test -- property` tries each a hundred times as
 * often; a failure prints its seed, which `PROPERTY_SEED` takes. Every property test imports this before it makes anything.
 */
import * as fc from "fast-check";

export { fc };

// Otherwise an array of at most 80 never has more than ten: rings do not grow, and no table is ever needed.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;

/** How long a test of sockets may take, in milliseconds. */
export const PATIENCE: number = 60_000 * Math.max(1, Number(PROPERTY_RUNS ?? 1));

/** The parameters of a property that is usually tried so many times. */
export function runs(usual: number): { numRuns: number; seed?: number } {
  const numRuns = Math.ceil(usual * Number(PROPERTY_RUNS ?? 1));
  return PROPERTY_SEED === undefined ? { numRuns } : { numRuns, seed: Number(PROPERTY_SEED) };
}
