// SPDX-License-Identifier: MIT
/**
 * Says where our processor time goes: `node --import tsx bench/profile.ts thr|lat|inproc <variant> <size> [seconds]` runs
 * one measurement with Node's sampling profiler on both sides and prints the functions and source lines that took most.
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
    /** Line from 1. */
    readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
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
  const lines = new Map<string, number>();
  let total = 0;
  const add = (map: Map<string, number>, key: string, ticks: number) => map.set(key, (map.get(key) ?? 0) + ticks);
  for (const { callFrame, hitCount, positionTicks } of profile.nodes) {
    if (callFrame.functionName === "(idle)") continue;
    total += hitCount;
    const name = callFrame.functionName || "(anonymous)";
    add(functions, `${name}  ${sourceOf(callFrame.url, callFrame.lineNumber, callFrame.columnNumber)}`, hitCount);
    for (const { line, ticks } of positionTicks ?? []) {
      if (callFrame.url.startsWith("file://")) add(lines, sourceOf(callFrame.url, line - 1, 0), ticks);
    }
  }
  const print = (map: Map<string, number>, count: number) => {
    for (const [key, ticks] of [...map].sort((a, b) => b[1] - a[1]).slice(0, count)) {
      process.stdout.write(`  ${((ticks / total) * 100).toFixed(1).padStart(5)} %  ${key}\n`);
    }
  };
  process.stdout.write(`\n${title}: functions, by the time in themselves (idle time left out)\n`);
  print(functions, 28);
  process.stdout.write(`${title}: source lines\n`);
  print(lines, 24);
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
    await withWorkbench({ source: false, build: undefined, native: false }, async (workbench) => {
      const [probe] = await measure(workbench, kind, [size, 5_000, 5_000, variant], undefined);
      const rate = 5_000 / Math.max(1e-4, figure(probe as Report, "seconds"));
      const count = Math.ceil(rate * Number(seconds));
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
