// SPDX-License-Identifier: MIT
/**
 * `npm run bench`: this library, zeromq.js, libzmq's C API and raw `node:net`, measured in one run, interleaved. Reads
 * the options, builds the programs, runs the suites, prints tables and targets, writes JSON. Neighbours: options, build,
 * runner, report.
 */
import { withWorkbench } from "./build.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { type CommandLine, readOptions, usage } from "./options.ts";
import { showProgress, suiteDone, suiteStarts } from "./progress.ts";
import { formatSuite } from "./report.ts";
import { mergeInto, readJson, type SuiteRun, writeJson } from "./report-json.ts";
import { formatTargets } from "./report-targets.ts";
import type { Conditions } from "./results.ts";
import { runSuite } from "./runner.ts";
import { casesToRun } from "./selection.ts";
import type { Workbench } from "./suite.ts";
import { suites } from "./suites.ts";
import { judgeAll } from "./targets/targets.ts";

const names = suites.map(({ name }) => name);

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) return print(usage);
  let options: CommandLine;
  try {
    options = readOptions(argv, names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  if (options.list) return print(listSuites(options));
  if (options.show !== undefined) return show(readJson(options.show).suites);
  const native = options.peers.includes("libzmq");
  return withWorkbench({ ...options, native }, (workbench) => run(options, workbench));
}

async function run(options: CommandLine, workbench: Workbench): Promise<number> {
  const done: SuiteRun[] = [];
  const chosen = suites.filter(({ name }) => options.suites.includes(name));
  for (const [index, listed] of chosen.entries()) {
    const cases = casesToRun(listed, options);
    const suite = { ...listed, cases: () => cases };
    const conditions = describeConditions(options, workbench);
    const since = suiteStarts(suite, `${index + 1} of ${chosen.length}`, cases.length, options);
    const result = await runSuite(suite, workbench, options, showProgress);
    suiteDone(suite, since);
    done.push({ ...result, ...conditions });
    print(`\n${formatSuite(suite, result)}\n`);
    // After each suite: a run of many minutes that is stopped keeps what it has.
    save(options, done);
  }
  const all = save(options, done);
  print(`\n${conditionsLine(options)}\n${done[0] === undefined ? "" : machineLine(done[0].machine)}\n`);
  for (const reason of done[0]?.skipped ?? []) print(`Skipped: ${reason}\n`);
  const failures = failuresOf(done);
  for (const failure of failures) print(`Failed: ${failure}\n`);
  print(targetsOf(all));
  return failures.length === 0 ? 0 : 1;
}

/** Writes the files that the options ask for; returns what the targets are judged by. */
function save({ json, merge }: CommandLine, done: readonly SuiteRun[]): readonly SuiteRun[] {
  if (json !== undefined) writeJson(json, done, judgeAll({ suites: done }));
  if (merge === undefined) return done;
  const all = mergeInto(merge, done, names);
  writeJson(merge, all, judgeAll({ suites: all }));
  return all;
}

function show(results: readonly SuiteRun[]): number {
  for (const result of results) {
    const suite = suites.find(({ name }) => name === result.name);
    if (suite !== undefined) print(`\n${formatSuite(suite, result)}\n`);
  }
  return print(targetsOf(results));
}

function targetsOf(results: readonly SuiteRun[]): string {
  const isQuick = results.some(({ options }) => options.quick);
  return `\n${formatTargets(judgeAll({ suites: results }), isQuick)}\n`;
}

function listSuites(options: CommandLine): string {
  return suites.map((suite) => `${suite.name}: ${suite.title}\n${listCases(casesToRun(suite, options))}`).join("");
}

function listCases(cases: readonly { readonly name: string }[]): string {
  return cases.map(({ name }) => `  ${name}\n`).join("");
}

function describeConditions(options: CommandLine, workbench: Workbench): Conditions {
  const { rounds, time, count, quick, source, pin } = options;
  const missing = options.peers.includes("libzmq") && "missing" in workbench.native ? workbench.native.missing : null;
  return {
    started: new Date().toISOString(),
    machine: describeMachine(workbench),
    options: { rounds, time, quick, source, ...(count !== undefined && { count }), ...(pin !== undefined && { pin }) },
    skipped: missing === null ? [] : [`libzmq, C API: ${missing}`],
  };
}

function conditionsLine({ rounds, time, count, quick, source, pin }: CommandLine): string {
  const length = count === undefined ? `about ${time} s` : `${count} messages`;
  const where = pin === undefined ? "" : `, all processes on core ${pin}`;
  const how = source ? " Ours and the other JavaScript ran as TypeScript sources through tsx." : "";
  const caution = quick ? " A quick look: too short for figures." : "";
  return (
    `Conditions: medians of ${rounds} interleaved rounds of ${length} each after a warm-up; ratios are medians of ` +
    `the ratios within each round; loopback, default options (high-water marks 1000)${where}.${how}${caution}`
  );
}

function failuresOf(results: readonly SuiteRun[]): string[] {
  return results
    .flatMap(({ cases }) => cases)
    .flatMap(({ name, contenders }) =>
      contenders.flatMap(({ label, failure }) => (failure === undefined ? [] : [`${name}, ${label}: ${failure}`])),
    );
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
