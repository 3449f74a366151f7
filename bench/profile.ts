// SPDX-License-Identifier: MIT
/**
 * Says where our processor time goes: `node --import tsx bench/profile.ts thr|lat|inproc <variant> <size> [seconds]` runs
 * one measurement with Node's sampling profiler on both sides and prints the functions that took most.
 * Neighbours: build.ts, process.ts, peers/ours.ts (roles and variants).
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withWorkbench } from "./build.ts";
import { figure, type Report, withPeers } from "./process.ts";
import type { Launch, Workbench } from "./suite.ts";

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Both from 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What `--cpu-prof` writes. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly hitCount: number;
  }[];
}

const maps = new Map<string, SourceMap | undefined>();

function sourceOf(url: string, line: number, column: number): string {
  if (!url.startsWith("file://")) return url;
  const file = fileURLToPath(url);
  if (!maps.has(file)) {
    const text = existsSync(`${file}.map`) ? readFileSync(`${file}.map`, "utf8") : undefined;
    maps.set(file, text === undefined ? undefined : new SourceMap(JSON.parse(text) as SourceMapPayload));
  }
  const entry = maps.get(file)?.findEntry(line, column);
  const short = file.replace(/^.*\/build\/[^/]+\//, "").replace(/\.js$/, ".ts");
  return entry !== undefined && "originalLine" in entry ? `${short}:${entry.originalLine + 1}` : `${short}:${line + 1}`;
}

function printTop(title: string, profile: Profile): void {
  const functions = new Map<string, number>();
  let busy = 0;
  let idle = 0;
  for (const { callFrame, hitCount } of profile.nodes) {
    if (callFrame.functionName === "(idle)") {
      idle += hitCount;
      continue;
    }
    busy += hitCount;
    const name = callFrame.functionName || "(anonymous)";
    const key = `${name}  ${sourceOf(callFrame.url, callFrame.lineNumber, callFrame.columnNumber)}`;
    functions.set(key, (functions.get(key) ?? 0) + hitCount);
  }
  // Reading is the system's work before any JavaScript runs, and counts as idle here.
  const outside = percent(idle, idle + busy);
  process.stdout.write(`\n${title}: ${outside} idle or reading; of the rest, by the time in each function itself\n`);
  const top = [...functions].sort((a, b) => b[1] - a[1]).slice(0, 28);
  for (const [name, ticks] of top) process.stdout.write(`  ${percent(ticks, busy)}  ${name}\n`);
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1).padStart(5)} %`;
}

function profiled(launch: Launch, folder: string, side: string): Launch {
  const flags = [
    "--cpu-prof",
    "--cpu-prof-interval=200",
    `--cpu-prof-dir=${folder}`,
    `--cpu-prof-name=${side}.cpuprofile`,
  ];
  return { command: launch.command, arguments: [...flags, ...launch.arguments] };
}

/** Runs the two sides (or the only one) and gives their reports, the measuring side's first. */
function measure(
  workbench: Workbench,
  kind: string,
  rest: readonly (string | number)[],
  folder: string | undefined,
): Promise<Report[]> {
  const launch = (role: string, endpoint: string, side: string) => {
    const plain = workbench.script("ours", role, [endpoint, ...rest]);
    return folder === undefined ? plain : profiled(plain, folder, side);
  };
  return withPeers(120_000, async (start) => {
    if (kind === "inproc") {
      const only = start(launch("inproc_thr", "inproc://profile", "only"));
      const report = await only.next();
      await only.ended();
      return [report];
    }
    const local = start(launch(`local_${kind}`, "tcp://127.0.0.1:*", "local"));
    const { ready } = await local.next();
    const remote = start(launch(`remote_${kind}`, String(ready), "remote"));
    const first = await (kind === "thr" ? local : remote).next();
    remote.release();
    await Promise.all([local.ended(), remote.ended()]);
    return [first];
  });
}

async function main([kind = "thr", variant = "batch", size = "16", seconds = "3"]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-profile-"));
  try {
    await withWorkbench({ source: false, build: undefined, pin: undefined, native: false }, async (workbench) => {
      let count = 5_000;
      // Twice: the first run is mostly start-up.
      for (const target of [0.3, Number(seconds)]) {
        const [probe] = await measure(workbench, kind, [size, count, count, variant], undefined);
        count = Math.ceil((count * target) / Math.max(1e-4, figure(probe as Report, "seconds")));
      }
      const [result] = await measure(workbench, kind, [size, count, 1_000, variant], folder);
      process.stdout.write(`${JSON.stringify(result)}\n`);
      for (const file of readdirSync(folder)) {
        printTop(file.replace(".cpuprofile", ""), JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
