// SPDX-License-Identifier: MIT
/**
 * Which cases a run of all suites measures: those that the targets and charts rest on, for all cases together take an hour.
 * Who names a suite, sizes or transports gets all of its cases, and so does `--full`. Neighbours: main.ts, options.ts.
 */
import type { Parameters } from "./results.ts";
import type { BenchOptions, Case, Suite } from "./suite.ts";

/** By suite; those that are not named are measured whole. */
const wanted: Readonly<Record<string, (parameters: Parameters) => boolean>> = {
  throughput: ({ transport, size }) => transport === "tcp" && Number(size) <= 65_536,
  multipart: ({ parts, size }) => Number(parts) > 1 && size === 16,
  latency: ({ size }) => size === 1,
  proxy: ({ size }) => size === 16,
  "fan-out": ({ size }) => size === 64,
  router: ({ clients }) => Number(clients) <= 1000,
  matching: ({ prefixes, size }) => size === 16 && [1, 10, 1000, 100_000, 1_000_000].includes(Number(prefixes)),
  "idle-memory": ({ connections }) => Number(connections) <= 1000,
};

/** The cases of a suite that a run measures. */
export function casesToRun(suite: Suite, options: BenchOptions & { readonly isSelection: boolean }): readonly Case[] {
  const cases = suite.cases(options);
  const isWanted = wanted[suite.name];
  if (!options.isSelection || isWanted === undefined) return cases;
  return cases.filter(({ parameters }) => isWanted(parameters));
}
