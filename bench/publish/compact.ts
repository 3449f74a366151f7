// SPDX-License-Identifier: MIT
/**
 * The results as the documents keep them: the rounds in five digits, one line for each contender. Everything else (medians,
 * ratios, targets) follows from them. Compacting twice gives the same octets. Neighbours: ../results.ts, publication.ts.
 */
import type { MeasuredCase, MeasuredContender, MeasuredSuite, Results } from "../results.ts";

export function compact({ suites }: Results): Results {
  return { suites: suites.map(compactSuite) };
}

function compactSuite({ name, title, started, machine, options, skipped, cases }: MeasuredSuite): MeasuredSuite {
  return { name, title, started, machine, options, skipped, cases: cases.map(compactCase) };
}

function compactCase({ name, parameters, contenders }: MeasuredCase): MeasuredCase {
  return { name, parameters, contenders: contenders.map(compactContender) };
}

function compactContender({ id, peer, label, metrics, failure }: MeasuredContender): MeasuredContender {
  const rounds = Object.entries(metrics).map(
    ([name, metric]) => [name, { rounds: metric.rounds.map(shorten) }] as const,
  );
  return { id, peer, label, metrics: Object.fromEntries(rounds), ...(failure !== undefined && { failure }) };
}

function shorten(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : value;
}

/** As JSON that a version control system shows well. */
export function spell(results: Results): string {
  return `{\n  "suites": [${list(results.suites.map(spellSuite))}]\n}\n`;
}

function spellSuite({ cases, ...rest }: MeasuredSuite): string {
  const head = Object.entries(rest).map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `    {\n${head.join("")}      "cases": [${list(cases.map(spellCase), "      ")}]\n    }`;
}

function spellCase({ name, parameters, contenders }: MeasuredCase): string {
  const lines = list(
    contenders.map((contender) => `            ${JSON.stringify(contender)}`),
    "          ",
  );
  return (
    `        {\n          "name": ${JSON.stringify(name)},\n          "parameters": ${JSON.stringify(parameters)},\n` +
    `          "contenders": [${lines}]\n        }`
  );
}

function list(items: readonly string[], indent = "  "): string {
  return items.length === 0 ? "" : `\n${items.join(",\n")}\n${indent}`;
}
