// SPDX-License-Identifier: MIT
/**
 * Runs one suite: calibrates every pair of case and contender, then measures all of them in each round, in turn, so that
 * a slow minute of the machine falls on all alike. Neighbours: suite.ts (contracts), statistics.ts, report.ts.
 */
import { ratio, type Spread, spread } from "./statistics.ts";
import type { BenchOptions, Case, Contender, Measurement, Suite, Workbench } from "./suite.ts";

/** One figure of one contender: its rounds, their spread, and the spread of its ratio to each baseline. */
export interface MetricResult extends Spread {
  readonly rounds: readonly number[];
  readonly ratios: Readonly<Record<string, Spread>>;
}

export interface ContenderResult {
  readonly id: string;
  readonly peer: string;
  readonly label: string;
  /** Messages (round trips …) timed in each round, after `warmUp` others. */
  readonly count: number;
  readonly warmUp: number;
  readonly metrics: Readonly<Record<string, MetricResult>>;
  /** Why there are no metrics. */
  readonly failure?: string;
}

export interface CaseResult {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly contenders: readonly ContenderResult[];
}

export interface SuiteResult {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

interface Lane {
  readonly contender: Contender;
  readonly case: Case;
  count: number;
  warmUp: number;
  readonly rounds: Measurement[];
  failure: string | undefined;
}

export async function runSuite(
  suite: Suite,
  workbench: Workbench,
  options: BenchOptions,
  progress: (text: string) => void,
): Promise<SuiteResult> {
  const contenders = suite.contenders(workbench).filter(({ peer }) => options.peers.includes(peer));
  const cases = suite.cases(options);
  const lanes = cases.flatMap((case_) => contenders.map((contender) => newLane(case_, contender, options)));
  const whyNot = suite.whyNot?.();
  for (const lane of lanes) {
    lane.failure = whyNot;
    if (whyNot !== undefined) continue;
    if (lane.case.isFixed === true || options.count !== undefined) continue;
    progress(`${suite.name}: calibrating ${lane.case.name}, ${lane.contender.label}`);
    await attempt(lane, () => calibrate(lane, options));
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const lane of rotate(lanes, round)) {
      if (lane.failure !== undefined) continue;
      progress(`${suite.name}: round ${round + 1} of ${options.rounds}, ${lane.case.name}, ${lane.contender.label}`);
      await attempt(lane, async () => {
        lane.rounds.push(await lane.case.measure(lane.contender, { ...lane, timeout: timeout(options) }));
      });
    }
  }
  progress("");
  return {
    name: suite.name,
    title: suite.title,
    cases: cases.map((case_) => caseResult(suite, case_, lanes)),
  };
}

function newLane(case_: Case, contender: Contender, options: BenchOptions): Lane {
  const count = case_.isFixed === true ? case_.firstCount : (options.count ?? case_.firstCount);
  return { case: case_, contender, count, warmUp: warmUpFor(count, case_, options), rounds: [], failure: undefined };
}

/** A quarter more; alike for all contenders where that is less than what a JavaScript engine needs. */
function warmUpFor(count: number, { leastWarmUp, isFixed }: Case, { quick }: BenchOptions): number {
  if (isFixed === true) return leastWarmUp;
  return Math.max(quick ? 1 : leastWarmUp, Math.ceil(count / 4));
}

/** Generous: a hang must end the measurement, a busy machine must not. */
function timeout({ time }: BenchOptions): number {
  return 20_000 + time * 20_000;
}

/** Each round starts with another contender, so that none is always the one that runs after the heaviest. */
function rotate<T>(items: readonly T[], by: number): T[] {
  const at = by % Math.max(1, items.length);
  return [...items.slice(at), ...items.slice(0, at)];
}

async function attempt(lane: Lane, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    lane.failure = error instanceof Error ? error.message : String(error);
  }
}

/** Finds the count that takes about `options.time`; up to three runs, as the first is mostly start-up. */
async function calibrate(lane: Lane, options: BenchOptions): Promise<void> {
  for (let run = 0; run < (options.quick ? 1 : 3); run += 1) {
    const { seconds } = await lane.case.measure(lane.contender, { ...lane, timeout: timeout(options) });
    const factor = options.time / Math.max(seconds, 1e-4);
    lane.count = Math.max(50, Math.round(lane.count * Math.min(factor, 200)));
    lane.warmUp = warmUpFor(lane.count, lane.case, options);
    if (factor < 1.5) break;
  }
}

function caseResult(suite: Suite, case_: Case, lanes: readonly Lane[]): CaseResult {
  const own = lanes.filter((lane) => lane.case === case_);
  const baselines = own.filter(
    ({ contender, failure }) => suite.baselines.includes(contender.id) && failure === undefined,
  );
  const contenders = own.map(({ contender, count, warmUp, rounds, failure }): ContenderResult => {
    const { id, peer, label } = contender;
    if (failure !== undefined) return { id, peer, label, count, warmUp, metrics: {}, failure };
    const metrics = Object.fromEntries(
      suite.metrics.map(({ name }) => {
        const values = valuesOf(rounds, name);
        const ratios = Object.fromEntries(
          baselines.map((other) => [other.contender.id, ratio(values, valuesOf(other.rounds, name))]),
        );
        return [name, { ...spread(values), rounds: values, ratios }];
      }),
    );
    return { id, peer, label, count, warmUp, metrics };
  });
  return { name: case_.name, parameters: case_.parameters, contenders };
}

function valuesOf(rounds: readonly Measurement[], name: string): number[] {
  return rounds.map(({ values }) => values[name] ?? Number.NaN);
}
