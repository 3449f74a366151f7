// SPDX-License-Identifier: MIT
/**
 * What stands between the markers of the documents, by name: pictures, tables and conditions of a run. The same results
 * give the same text. Neighbours: tables.ts, ../charts/charts.ts, publication.ts (which puts it there).
 */
import { type Chart, chartsOf } from "../charts/charts.ts";
import { conditions } from "../charts/conditions.ts";
import { type Results, suiteOf } from "../results.ts";
import { suites } from "../suites.ts";
import { judgeAll } from "../targets/targets.ts";
import { behindTable, latencyTable, suiteTable, targetsTable, throughputTable } from "./tables.ts";

/** The text of a block; `folder` is where the charts are, seen from the document. */
type Block = (results: Results, folder: string) => string;

const blocks: Readonly<Record<string, Block>> = {
  "throughput-chart": (results, folder) => picture(results, "throughput", folder),
  "await-chart": (results, folder) => picture(results, "await", folder),
  "latency-chart": (results, folder) => picture(results, "latency", folder),
  "throughput-by-size": (results) => orNotMeasured(results, "throughput", throughputTable(results)),
  "latency-medians": (results) => orNotMeasured(results, "latency", latencyTable(results)),
  targets: (results) => targetsTable(judgeAll(results)),
  behind: behindTable,
  conditions: conditionsOf,
};

/** Suites that the documents have room for already. */
const EXPECTED = ["matching", "stalled", "size", "curve"];

/** The charts of suites that have more than one. */
const charts: Readonly<Record<string, readonly string[]>> = {
  throughput: ["throughput", "await"],
  latency: ["latency", "latency-ipc"],
};

/** "fan-out" is the picture of that suite and its table; other names are those above. */
export function blockOf(name: string, results: Results, folder: string): string {
  const block = blocks[name];
  if (block !== undefined) return block(results, folder);
  if (!suites.some((suite) => suite.name === name) && !EXPECTED.includes(name)) throw new Error(`no block ${name}`);
  const drawn = chartsOf(results).filter((chart) => (charts[name] ?? [name]).includes(chart.name));
  const table = suiteTable(results, name);
  if (table === "") return orNotMeasured(results, name, "");
  if (drawn.length === 0) return table;
  return `${drawn.map((chart) => show(chart, folder)).join("\n\n")}\n\n${folded("All figures", table)}`;
}

function orNotMeasured(results: Results, suite: string, text: string): string {
  return suiteOf(results, suite) === undefined ? `Not measured in this run (suite ${suite}).` : text;
}

function picture(results: Results, name: string, folder: string): string {
  const chart = chartsOf(results).find((one) => one.name === name);
  return chart === undefined ? "" : show(chart, folder);
}

function show({ name, title }: Chart, folder: string): string {
  const alt = `Chart: ${title}. The figures are also in a table.`;
  return [
    "<picture>",
    `  <source media="(prefers-color-scheme: dark)" srcset="${folder}/${name}-dark.svg">`,
    `  <img alt="${alt}" src="${folder}/${name}-light.svg" width="860">`,
    "</picture>",
  ].join("\n");
}

function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Once where all suites share them, else by suite. */
function conditionsOf(results: Results): string {
  const lines = new Map<string, string[]>();
  for (const suite of results.suites) {
    const text = conditions(suite);
    lines.set(text, [...(lines.get(text) ?? []), suite.name]);
  }
  if (lines.size === 0) return "Nothing was measured.";
  if (lines.size === 1) return [...lines.keys()].join("");
  return [...lines].map(([text, names]) => `- ${names.join(", ")}: ${text}`).join("\n");
}
