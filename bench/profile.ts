// SPDX-License-Identifier: MIT
/**
 * Says where our processor time goes: `node --import tsx bench/profile.ts <suite> [contender] [size] [seconds] [name=value…]`
 * measures one case of a suite once, with Node's sampling profiler in every process, and prints the functions that took
 * most. Neighbours: suites.ts, build.ts, process.ts.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withWorkbench } from "./build.ts";
import type { Case, Contender, Suite, Workbench } from "./suite.ts";
import { suites } from "./suites.ts";

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

const root = fileURLToPath(new URL("..", import.meta.url));
const maps = new Map<string, SourceMap | undefined>();

function sourceOf(url: string, line: number, column: number): string {
  if (!url.startsWith("file://")) return url;
  const file = fileURLToPath(url);
  if (!maps.has(file)) {
    const text = existsSync(`${file}.map`) ? readFileSync(`${file}.map`, "utf8") : undefined;
    maps.set(file, text === undefined ? undefined : new SourceMap(JSON.parse(text) as SourceMapPayload));
  }
  const entry = maps.get(file)?.findEntry(line, column);
  if (entry === undefined || !("originalLine" in entry)) return `${relative(root, file)}:${line + 1}`;
  return `${entry.originalSource.replace(/^(\.\.\/)+/, "")}:${entry.originalLine + 1}`;
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

/** The same contender, with a profile of each of its processes in `folder`, named after its role. */
function profiled(contender: Contender, folder: string): Contender {
  return {
    ...contender,
    launch: (role, ...rest) => {
      const { command, arguments: words } = contender.launch(role, ...rest);
      const flags = [
        "--cpu-prof",
        "--cpu-prof-interval=200",
        `--cpu-prof-dir=${folder}`,
        `--cpu-prof-name=${role}.cpuprofile`,
      ];
      return { command, arguments: [...flags, ...words] };
    },
  };
}

/** The suite of that name, or of the name that it has in libzmq's tools. */
function findSuite(name: string): Suite {
  const known = new Map([
    ["thr", "throughput"],
    ["lat", "latency"],
  ]);
  const suite = suites.find((each) => each.name === (known.get(name) ?? name));
  if (suite === undefined) throw new TypeError(`${name}: give one of ${suites.map((each) => each.name).join(", ")}`);
  return suite;
}

/** One of the JavaScript contenders: by its id, or "batch" for "ours-batch". */
function findContender(suite: Suite, workbench: Workbench, word: string): Contender {
  const all = suite.contenders(workbench);
  const found = all.find(({ id }) => id === word) ?? all.find(({ id }) => id === `ours-${word}`);
  if (found === undefined) throw new TypeError(`${word}: give one of ${all.map(({ id }) => id).join(", ")}`);
  return found;
}

/** The first case that has all these parameters. */
function findCase(suite: Suite, size: number, wanted: readonly string[]): Case {
  const options = {
    suites: [],
    rounds: 1,
    time: 1,
    count: undefined,
    peers: [],
    json: undefined,
    quick: false,
    source: false,
  };
  const cases = suite.cases({
    ...options,
    sizes: [size],
    transport: "tcp",
    transports: ["tcp", "ipc"],
    pin: undefined,
    build: undefined,
  });
  const found = cases.find(({ parameters }) =>
    wanted.every((pair) => Object.entries(parameters).some(([name, value]) => pair === `${name}=${value}`)),
  );
  if (found === undefined)
    throw new TypeError(`${wanted.join(" ")}: one of ${cases.map(({ name }) => name).join("; ")}`);
  return found;
}

async function main(argv: readonly string[]): Promise<void> {
  const [name = "throughput", who, size = "16", seconds = "3"] = argv.filter((word) => !word.includes("="));
  const suite = findSuite(name);
  const chosen = findCase(
    suite,
    Number(size),
    argv.filter((word) => word.includes("=")),
  );
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-profile-"));
  const native = { source: false, build: undefined, pin: undefined, native: false };
  try {
    await withWorkbench(native, async (workbench) => {
      const first = suite.contenders(workbench).find(({ peer }) => peer === "ours");
      const contender = findContender(suite, workbench, who ?? first?.id ?? "ours");
      const timeout = 120_000;
      let count = chosen.firstCount;
      let warmUp = chosen.leastWarmUp;
      // Twice: the first run is mostly start-up.
      for (const target of chosen.isFixed === true ? [] : [0.3, Number(seconds)]) {
        const probe = await chosen.measure(contender, { count, warmUp, timeout });
        count = Math.ceil((count * target) / Math.max(1e-4, probe.seconds));
        warmUp = Math.min(count, chosen.leastWarmUp);
      }
      const result = await chosen.measure(profiled(contender, folder), { count, warmUp, timeout });
      process.stdout.write(`${chosen.name}, ${contender.label}: ${JSON.stringify(result)}\n`);
      for (const file of readdirSync(folder)) {
        printTop(file.replace(".cpuprofile", ""), JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
