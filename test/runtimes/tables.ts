// SPDX-License-Identifier: MIT
/** What the runs gave, and the tables of it in the page about runtimes. For `main.ts`, and the test that holds the page to its numbers. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { names } from "./installed.ts";
import type { Ended } from "./runs.ts";
import { type Column, columnOf, transports } from "./suites.ts";

/** What a runtime gave. */
export interface Counts {
  readonly version: string;
  readonly passed: Readonly<Partial<Record<Column, number>>>;
  /** `file: title`, by column. */
  readonly failed: Readonly<Partial<Record<Column, readonly string[]>>>;
  /** The same, with the reason. */
  readonly skipped: Readonly<Partial<Record<Column, readonly string[]>>>;
}

export type Results = Readonly<Record<string, Counts>>;

/** Where the results are kept. */
export const resultsFile: string = fileURLToPath(new URL("results.json", import.meta.url));
/** The page with the tables. */
export const page: string = fileURLToPath(new URL("../../docs/runtimes.md", import.meta.url));

/** What the last runs gave. */
export function readResults(): Results {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, "utf8")) as Results) : {};
}

/** Counts tests for each transport. */
export function countAll(version: string, ended: readonly Ended[]): Counts {
  const passed: Partial<Record<Column, number>> = {};
  const failed: Partial<Record<Column, string[]>> = {};
  const skipped: Partial<Record<Column, string[]>> = {};
  for (const test of ended) {
    const column = columnOf(test);
    const name = `${test.file}: ${test.title}`;
    if (test.failure !== undefined) failed[column] = [...(failed[column] ?? []), name];
    else if (test.skip !== undefined) skipped[column] = [...(skipped[column] ?? []), `${name} (${test.skip})`];
    else passed[column] = (passed[column] ?? 0) + 1;
  }
  return { version, passed, failed, skipped };
}

/** `120`, or `118, 2 fail, 1 skipped`. */
function cell({ passed, failed, skipped }: Counts, column: Column): string {
  const [bad, left] = [failed[column]?.length ?? 0, skipped[column]?.length ?? 0];
  const parts = [
    passed[column] === undefined && bad + left === 0 ? "" : String(passed[column] ?? 0),
    bad === 0 ? "" : `**${bad} fail**`,
    left === 0 ? "" : `${left} skipped`,
  ];
  return parts.filter((part) => part !== "").join(", ") || "–";
}

const titles: Readonly<Record<string, string>> = {
  bun: "Bun",
  deno: "Deno",
  chromium: "Chromium",
  firefox: "Firefox",
};

function table(results: Results): string {
  const rows = names.flatMap((name) => {
    const counts = results[name];
    if (counts === undefined) return [];
    const title = titles[name] ?? "Node.js";
    return [`| ${title} ${counts.version} | ${transports.map((column) => cell(counts, column)).join(" | ")} |`];
  });
  return [
    `| tests that pass | ${transports.map((column) => (column === "the rest" ? column : `\`${column}\``)).join(" | ")} |`,
    `| --- |${transports.map(() => " ---: |").join("")}`,
    ...rows,
  ].join("\n");
}

const BEGIN = "<!-- runtimes:counts -->";
const END = "<!-- /runtimes -->";

/** The page, with its tables as the results have them. */
export function writeTables(text: string = readFileSync(page, "utf8"), results: Results = readResults()): string {
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`no ${BEGIN} … ${END} in ${page}`);
  return `${text.slice(0, before)}${BEGIN}\n${table(results)}\n${text.slice(after)}`;
}
