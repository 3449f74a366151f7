// SPDX-License-Identifier: MIT
/**
 * How often the properties are tried. `PROPERTY_RUNS=100 npm test -- property` tries each a hundred times as often; a
 * failure prints seed and path, which `PROPERTY_SEED` takes.
 */

const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;

/** The parameters of a property that is usually tried so many times. */
export function runs(usual: number): { numRuns: number; seed?: number } {
  const numRuns = Math.ceil(usual * Number(PROPERTY_RUNS ?? 1));
  return PROPERTY_SEED === undefined ? { numRuns } : { numRuns, seed: Number(PROPERTY_SEED) };
}
