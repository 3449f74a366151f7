// SPDX-License-Identifier: MIT
/** What a run of the fuzzer prints: a line a target, then what was reached of the library, folder by folder. */
import { type Share, sharesOf } from "./coverage.ts";
import type { Result } from "./worker.ts";

/** The results as text. */
export function report(results: readonly Result[]): string {
  const executions = sum(results.map((each) => each.executions));
  const seconds = sum(results.map((each) => each.seconds));
  const rows = [
    ["target", "executions", "a second", "branches", "corpus", "slowest", "findings"],
    ...results.map((each) => [
      each.target,
      count(each.executions),
      count(Math.round(each.executions / each.seconds)),
      count(sharesOf([each.reached]).branches.reached),
      `${each.corpus} + ${Math.max(0, each.kept - each.corpus)}`,
      `${each.slowest.toFixed(each.slowest < 10 ? 1 : 0)} ms`,
      String(each.findings.length),
    ]),
    ["all", count(executions), count(Math.round(executions / seconds)), "", "", "", String(findingsIn(results))],
  ];
  const reached = results.map((each) => each.reached);
  const folders = [...new Set(reached.flat().map(({ file }) => folderOf(file)))].sort();
  const parts = [
    ["reached of src", "lines", "branches", "functions"],
    ...folders.map((folder) => shareRow(folder, (file) => folderOf(file) === folder)),
    shareRow("all", () => true),
  ];
  return `${table(rows)}\n\n${table(parts)}\n`;

  function shareRow(name: string, has: (file: string) => boolean): string[] {
    const { lines, branches, functions } = sharesOf(reached, has);
    return [name, percent(lines), percent(branches), percent(functions)];
  }
}

/** How many inputs, or runs, failed. */
export function findingsIn(results: readonly Result[]): number {
  return sum(results.map((each) => each.findings.length));
}

function folderOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] as string) : "entries";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function percent({ reached, all }: Share): string {
  return all === 0 ? "–" : `${Math.round((reached / all) * 100)} % of ${all}`;
}

/** Markdown, lined up. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].join("\n");
}
