// SPDX-License-Identifier: MIT
/** Prints a suite's results as a table, one group of rows per case. Neighbours: runner.ts (results), main.ts. */
import { comparedWith } from "./results.ts";
import type { CaseResult, ContenderResult, SuiteResult } from "./runner.ts";
import type { Metric, Suite } from "./suite.ts";

/** The table of one suite, ready to print. */
export function formatSuite(suite: Suite, result: SuiteResult): string {
  const [main, ...others] = suite.metrics;
  const better = main.better === "lower" ? " (lower is better)" : "";
  const baselines = suite.baselines.filter((id) => result.cases.some((case_) => find(case_, id)));
  const header = [
    "",
    main.label,
    "min – max",
    ...baselines.map((id) => `× ${baselineLabel(id)}`),
    ...others.map((metric) => metric.label),
  ];
  const lines = result.cases.flatMap((case_) => [
    [case_.name],
    ...case_.contenders.map((contender) => row(case_, contender, main, others, baselines)),
  ]);
  return `${result.title}${better}\n${align([header, ...lines])}`;
}

function find(case_: CaseResult, id: string): ContenderResult | undefined {
  return case_.contenders.find((contender) => contender.id === id && contender.failure === undefined);
}

function baselineLabel(id: string): string {
  return { libzmq: "libzmq C", raw: "raw" }[id] ?? id;
}

function row(
  case_: CaseResult,
  { id, label, metrics, failure }: ContenderResult,
  main: Metric,
  others: readonly Metric[],
  baselines: readonly string[],
): string[] {
  const result = metrics[main.name];
  if (result === undefined) return [`  ${label}`, failure === undefined ? "no result" : "failed, see below"];
  return [
    `  ${label}`,
    show(result.median, main),
    `${show(result.min, main)} – ${show(result.max, main)}`,
    ...baselines.map((baseline) => comparedWith(case_, id, baseline, main.name)?.median.toFixed(2) ?? "–"),
    ...others.map((metric) => show(metrics[metric.name]?.median ?? Number.NaN, metric)),
  ];
}

function show(value: number, { scale, digits }: Metric): string {
  if (!Number.isFinite(value)) return "–";
  return (value * scale).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** First column to the left, the rest to the right; a lone cell, and a failure, may run over. */
function align(rows: readonly (readonly string[])[]): string {
  const runsOver = (cells: readonly string[]) => cells.length < 3;
  const widths: number[] = [];
  for (const cells of rows.filter((line) => !runsOver(line))) {
    for (const [column, cell] of cells.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || runsOver(cells) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
