// SPDX-License-Identifier: MIT
/**
 * The ways to check a figure against a limit: the figure itself, its ratio or difference to a peer's, its growth from one
 * case to another. Medians decide; the printed range says how sure that is. Neighbours: target.ts, targets.ts.
 */
import {
  between,
  casesOf,
  differenceOf,
  figureOf,
  type MeasuredCase,
  type Parameters,
  type Results,
  ratioOf,
  roundsOf,
  suiteOf,
} from "../results.ts";
import type { Spread } from "../statistics.ts";
import { type Check, type Finding, type Gap, NOT_THERE_YET } from "./target.ts";

/** "At least" and "at most" are what a target can ask for. */
export interface Limit {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Where a check looks: a suite, the parameters of its cases (each case that has them is checked), what to call them. */
export interface Place {
  readonly suite: string;
  readonly parameters?: Parameters;
  /** What the case's name does not say: "REQ / REP". */
  readonly what?: string;
}

/** `scale` and `unit` are for the eye: a value of 12e6 with 1e-6 and "M/s" is "12.0 M/s". Limits are in measured units. */
export interface Unit {
  readonly scale: number;
  readonly unit: string;
}

/** A figure as it is. */
export function figure(place: Place, id: string, metric: string, limit: Limit, unit: Unit): Check {
  return each(place, limit, unit, (case_) => figureOf(case_, id, metric), id);
}

/** How many times a peer's figure; `than` is what to call the peer. */
export function times(place: Place, id: string, [peer, than]: Peer, metric: string, limit: Limit): Check {
  const unit = { scale: 1, unit: `× ${than}` };
  return each(place, limit, unit, (case_) => ratioOf(case_, id, peer, metric), id, than);
}

/** A contender's id, and what to call it. */
export type Peer = readonly [id: string, name: string];

/** How much more than a peer's figure. */
export function over(place: Place, id: string, [peer, name]: Peer, metric: string, limit: Limit, unit: Unit): Check {
  const difference = (case_: MeasuredCase) => differenceOf(roundsOf(case_, id, metric), roundsOf(case_, peer, metric));
  return each(place, limit, { ...unit, unit: `${unit.unit} more than ${name}` }, difference, id, name);
}

/** How a figure in one case compares with the same in another, round by round. */
export function growth(suite: string, id: string, metric: string, from: Step, to: Step, limit: Limit): Check {
  return (results) => {
    const where = `${to.name} against ${from.name}`;
    const [first] = casesOf(results, suite, from.parameters);
    const [last] = casesOf(results, suite, to.parameters);
    if (first === undefined || last === undefined) return [gap(results, suite, where, id)];
    const found = between(roundsOf(last, id, metric), roundsOf(first, id, metric));
    if (found === undefined) return [gap(results, suite, where, id)];
    return [finding(where, found, limit, { scale: 1, unit: "×" })];
  };
}

/** A case of a `growth`, and what to call it. */
export interface Step {
  readonly parameters: Parameters;
  readonly name: string;
}

/** Nothing to look at yet. */
export function notThereYet(where: string): Check {
  return () => [{ where, reason: NOT_THERE_YET }];
}

function each(
  { suite, parameters = {}, what }: Place,
  limit: Limit,
  unit: Unit,
  value: (case_: MeasuredCase) => Spread | undefined,
  ...who: readonly string[]
): Check {
  return (results) => {
    const cases = casesOf(results, suite, parameters);
    if (cases.length === 0)
      return [gap(results, suite, [what, ...Object.entries(parameters).map(spell)].filter(isText).join(", "))];
    return cases.map((case_) => {
      const where = what === undefined ? case_.name : `${what}, ${case_.name}`;
      const found = value(case_);
      return found === undefined ? gap(results, suite, where, ...who) : finding(where, found, limit, unit);
    });
  };
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}

/** As the suites call their cases. */
function spell([key, value]: readonly [string, string | number]): string {
  const unit = key === "size" ? "octets" : key;
  return typeof value === "string" ? value : `${value} ${value === 1 ? unit.replace(/s$/, "") : unit}`;
}

function gap(results: Results, suite: string, where: string, ...who: readonly string[]): Gap {
  if (suiteOf(results, suite) === undefined) return { where, reason: `not measured in this run (suite ${suite})` };
  const names = who.length === 0 ? "" : ` (${who.join(" or ")})`;
  return { where, reason: `not measured in this run of suite ${suite}${names}` };
}

function finding(where: string, { median, min, max }: Spread, limit: Limit, { scale, unit }: Unit): Finding {
  const show = (value: number) => formatFigure(value * scale);
  const limits = [
    ...(limit.atLeast === undefined ? [] : [`at least ${show(limit.atLeast)}`]),
    ...(limit.atMost === undefined ? [] : [`at most ${show(limit.atMost)}`]),
  ];
  return {
    where,
    value: median,
    shown: show(median),
    range: `${show(min)} – ${show(max)}`,
    unit,
    limit: limits.join(", "),
    holds: median >= (limit.atLeast ?? -Infinity) && median <= (limit.atMost ?? Infinity),
  };
}

/** Three digits or so. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
