// SPDX-License-Identifier: MIT
/**
 * `npm run fuzz -- --time 600`: runs every target for its share of the time, a process for each, as many at once as there
 * are cores, and reports executions, coverage and findings. Exit code 1 when something was found. `--target` (more than
 * once) chooses, `--seed` repeats, `--corpus DIR` begins with what earlier runs kept and adds to it, `--replay FILE
 * --target NAME` runs one input.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execute } from "./fuzzer/explore.ts";
import { findingsIn, report } from "./fuzzer/report.ts";
import type { Result } from "./fuzzer/worker.ts";
import { findTarget, targets } from "./targets/index.ts";

const { values } = parseArgs({
  options: {
    time: { type: "string", default: "60" },
    target: { type: "string", multiple: true },
    seed: { type: "string" },
    jobs: { type: "string" },
    executions: { type: "string" },
    corpus: { type: "string" },
    findings: { type: "string", default: fileURLToPath(new URL("../../build/fuzz", import.meta.url)) },
    replay: { type: "string" },
    json: { type: "string" },
    list: { type: "boolean", default: false },
  },
});

if (values.list) for (const { name, about } of targets) console.log(`${name.padEnd(24)} ${about}`);
else if (values.replay === undefined) await runAll();
else await replay(values.replay, values.target?.[0] ?? "");

async function replay(file: string, name: string): Promise<void> {
  const error = await execute(findTarget(name), Uint8Array.from(readFileSync(file)));
  if (error === undefined) {
    console.log(`${name} survives ${file}`);
  } else {
    console.error(error);
    process.exitCode = 1;
  }
  // A target that failed may have left sockets open.
  process.exit();
}

async function runAll(): Promise<void> {
  const chosen = values.target === undefined ? [...targets] : values.target.map(findTarget);
  const jobs = Math.min(chosen.length, Number(values.jobs ?? availableParallelism()));
  const seconds = (Number(values.time) * jobs) / chosen.length;
  console.log(`${chosen.length} targets, ${seconds.toFixed(1)} s each, ${jobs} at once`);
  const results: Result[] = [];
  const queue = [...chosen];
  const children = new Set<ChildProcess>();
  // Whoever stops a run early gets a report of what was done.
  const stop = (): void => {
    queue.length = 0;
    for (const child of children) child.kill("SIGKILL");
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
        const result = await runOne(target.name, seconds, children);
        if (result === undefined) continue;
        results.push(result);
        tell(result);
      }
    }),
  );
  const order = targets.map(({ name }) => name);
  results.sort((a, b) => order.indexOf(a.target) - order.indexOf(b.target));
  console.log(`\n${report(results)}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results));
  process.exitCode = findingsIn(results) === 0 ? 0 : 1;
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}

function tell({ target, executions, seed, findings }: Result): void {
  console.log(`${target}: ${executions.toLocaleString("en")} executions, seed ${seed}, ${findings.length} findings`);
  for (const { path, error } of findings) {
    const file = relative(process.cwd(), path);
    console.log(`  ${error.split("\n").slice(0, 12).join("\n  ")}`);
    if (path !== "") console.log(`  → npm run fuzz -- --replay ${file} --target ${target}`);
  }
}

/** Runs one target in a process of its own: whatever becomes of it, the others go on. Undefined: it was stopped. */
async function runOne(target: string, seconds: number, children: Set<ChildProcess>): Promise<Result | undefined> {
  const until = Date.now() + seconds * 1000;
  const args = ["--target", target, "--until", String(until), "--findings", resolve(values.findings)];
  if (values.seed !== undefined) args.push("--seed", values.seed);
  if (values.executions !== undefined) args.push("--executions", values.executions);
  if (values.corpus !== undefined) args.push("--corpus", resolve(values.corpus));
  const instrument = new URL("fuzzer/instrument.mjs", import.meta.url).href;
  const execArgv = ["--expose-gc", "--import", "tsx", "--import", instrument];
  const child = fork(fileURLToPath(new URL("fuzzer/worker.ts", import.meta.url)), args, { execArgv });
  children.add(child);
  let result: Result | undefined;
  let executions = 0;
  const began = performance.now();
  child.on("message", (message: { pulse?: number; result?: Result }) => {
    executions = message.pulse ?? executions;
    result = message.result ?? result;
  });
  // The last message may come after the end of the process, but not after that of the channel.
  const [[code, signal]] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  children.delete(child);
  if (result !== undefined || child.killed) return result;
  const error = `The process ended with ${signal ?? code}; what hangs is in ${values.findings}/${target}/hangs-…`;
  return {
    target,
    seed: Number(values.seed ?? -1),
    executions,
    seconds: (performance.now() - began) / 1000,
    slowest: 0,
    corpus: 0,
    kept: 0,
    grown: 0,
    reached: [],
    findings: [{ path: "", error }],
  };
}
