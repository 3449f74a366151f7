// SPDX-License-Identifier: MIT
/**
 * The contract of a target: goals that are checked against a run's results, finding by finding. What was not measured is
 * said and never counts as held. Neighbours: checks.ts (ways to check), targets.ts (the targets), report-targets.ts.
 */
import type { Results } from "../results.ts";

/** One figure beside its limit. */
export interface Finding {
  /** Which case of which suite: "tcp, 16 octets". */
  readonly where: string;
  /** The median: a ratio, a rate, octets … */
  readonly value: number;
  /** The median, and its smallest and largest round, as people write them; all in `unit`. */
  readonly shown: string;
  readonly range: string;
  readonly unit: string;
  /** "at least 1.50". */
  readonly limit: string;
  readonly holds: boolean;
}

/** A figure that is not there. */
export interface Gap {
  readonly where: string;
  /** "not measured in this run (suite throughput)", "libzmq was not measured in this run". */
  readonly reason: string;
}

/** One thing to check, in as many cases as it spans. */
export type Check = (results: Results) => readonly (Finding | Gap)[];

export interface Goal {
  readonly text: string;
  /** None: nothing that a benchmark could measure. */
  readonly checks: readonly Check[];
}

export interface Target {
  readonly number: number;
  readonly what: string;
  readonly atLeast: Goal;
  readonly stretch?: Goal;
  /** What a reader must know to judge the judgement: tolerances, what is left out. */
  readonly note?: string;
}

/**
 * `held`: all was measured and holds. `missed`: something does not hold. `partly measured`: what was measured holds.
 * `not measured`: nothing was. `not there yet`: the feature is missing. `nothing to measure`: a property of the code.
 */
export type State = "held" | "missed" | "partly measured" | "not measured" | "not there yet" | "nothing to measure";

export interface GoalJudgement {
  readonly text: string;
  readonly state: State;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

export interface Judgement {
  readonly number: number;
  readonly what: string;
  readonly atLeast: GoalJudgement;
  readonly stretch?: GoalJudgement;
  readonly note?: string;
}

export function judge({ number, what, atLeast, stretch, note }: Target, results: Results): Judgement {
  return {
    number,
    what,
    atLeast: judgeGoal(atLeast, results),
    ...(stretch && { stretch: judgeGoal(stretch, results) }),
    ...(note !== undefined && { note }),
  };
}

function judgeGoal({ text, checks }: Goal, results: Results): GoalJudgement {
  const outcomes = checks.flatMap((check) => check(results));
  const findings = outcomes.filter((outcome): outcome is Finding => "holds" in outcome);
  const gaps = outcomes.filter((outcome): outcome is Gap => !("holds" in outcome));
  return { text, state: stateOf(checks, findings, gaps), findings, gaps };
}

function stateOf(checks: readonly Check[], findings: readonly Finding[], gaps: readonly Gap[]): State {
  if (checks.length === 0) return "nothing to measure";
  if (findings.some(({ holds }) => !holds)) return "missed";
  if (findings.length > 0) return gaps.length === 0 ? "held" : "partly measured";
  return gaps.every(({ reason }) => reason === NOT_THERE_YET) ? "not there yet" : "not measured";
}

export const NOT_THERE_YET = "not there yet";
