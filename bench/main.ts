// SPDX-License-Identifier: MIT
/**
 * `npm run bench`: this library, zeromq.js, libzmq's C API and raw `node:net`, measured in one run, interleaved. Reads
 * the options, builds the programs, runs the suites, prints tables, writes JSON. Neighbours: options, build, runner, report.
 */
import { withWorkbench } from "./build.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { readOptions, usage } from "./options.ts";
import { formatSuite } from "./report.ts";
import { writeJson } from "./report-json.ts";
import { runSuite, type SuiteResult } from "./runner.ts";
import type { BenchOptions } from "./suite.ts";
import { suites } from "./suites.ts";

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const names = suites.map(({ name }) => name);
  let options: BenchOptions;
  try {
    options = readOptions(argv, names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  return run(options);
}

function run(options: BenchOptions): Promise<number> {
  const wantsNative = options.peers.includes("libzmq");
  return withWorkbench({ ...options, native: wantsNative }, async (workbench) => {
    const started = new Date().toISOString();
    const machine = describeMachine(workbench);
    const skipped: string[] = [];
    if (wantsNative && "missing" in workbench.native) skipped.push(`libzmq, C API: ${workbench.native.missing}`);
    const results: SuiteResult[] = [];
    for (const suite of suites.filter(({ name }) => options.suites.includes(name))) {
      const result = await runSuite(suite, workbench, options, showProgress);
      results.push(result);
      process.stdout.write(`\n${formatSuite(suite, result)}\n`);
    }
    const failures = results
      .flatMap(({ cases }) => cases)
      .flatMap(({ name, contenders }) =>
        contenders.flatMap(({ label, failure }) => (failure === undefined ? [] : [`${name}, ${label}: ${failure}`])),
      );
    process.stdout.write(`\n${conditions(options)}\n${machineLine(machine)}\n`);
    for (const reason of skipped) process.stdout.write(`Skipped: ${reason}\n`);
    for (const failure of failures) process.stdout.write(`Failed: ${failure}\n`);
    if (options.json !== undefined) {
      const { rounds, time, transport, quick, source, pin } = options;
      const chosen = { rounds, time, transport, quick, source, pin };
      writeJson(options.json, {
        schema: "zeromq-ts-bench/1",
        started,
        machine,
        options: chosen,
        skipped,
        suites: results,
      });
    }
    return failures.length === 0 ? 0 : 1;
  });
}

function conditions({ rounds, time, quick, source, pin }: BenchOptions): string {
  const where = pin === undefined ? "" : `, all processes on core ${pin}`;
  const how = source ? " Ours and the other JavaScript ran as TypeScript sources through tsx." : "";
  const caution = quick ? " A quick look: too short for figures." : "";
  return (
    `Conditions: medians of ${rounds} interleaved rounds of about ${time} s each after a warm-up; ratios are medians of ` +
    `the ratios within each round; loopback, default options (high-water marks 1000)${where}.${how}${caution}`
  );
}

/** One line that overwrites itself, where there is somebody to read it. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

process.exitCode = await main(process.argv.slice(2));
