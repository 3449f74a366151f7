// SPDX-License-Identifier: MIT
/** One process of the fuzzer: explores one target for a time, with the library instrumented, and tells what it found. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { findTarget } from "../targets/index.ts";
import { CORPUS, keep, readCorpus } from "./corpus.ts";
import type { Reached } from "./coverage.ts";
import { explore } from "./explore.ts";

/** What a worker tells when it is done. */
export interface Result {
  readonly target: string;
  readonly seed: number;
  readonly executions: number;
  readonly seconds: number;
  readonly slowest: number;
  readonly corpus: number;
  readonly kept: number;
  /** Octets by which the heap grew in the second half of the run. */
  readonly grown: number;
  readonly reached: readonly Reached[];
  readonly findings: readonly { readonly path: string; readonly error: string }[];
}

/** Growth of the heap that counts as a leak, in octets: inputs that are kept and compiled code are below it. */
const LEAK = 48 * 2 ** 20;
const ROOM = 65536;

const { values } = parseArgs({
  options: {
    target: { type: "string", default: "" },
    /** As `Date.now()` tells it, so that the time for which the process starts is counted too. */
    until: { type: "string", default: String(Date.now() + 10_000) },
    executions: { type: "string" },
    seed: { type: "string" },
    corpus: { type: "string" },
    findings: { type: "string", default: "build/fuzz" },
  },
});

await work();
process.disconnect?.();
process.exit(0);

async function work(): Promise<void> {
  const target = findTarget(values.target);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const shared = new SharedArrayBuffer(8 + ROOM);
  const state = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, 8);
  const workerData = { shared, folder: values.findings, target: target.name, seconds: 20 };
  new Worker(new URL("watchdog.mjs", import.meta.url), { workerData, execArgv: [] }).unref();

  const folders = values.corpus === undefined ? [CORPUS] : [CORPUS, values.corpus];
  const first = folders.flatMap((folder) => readCorpus(folder, target.name)).map(({ data }) => data);
  const began = performance.now();
  const until = began + Math.max(1000, Number(values.until) - Date.now());
  const heap: number[] = [];
  let told = began;
  const outcome = await explore(target, first, {
    seed,
    until,
    executions: values.executions === undefined ? Number.POSITIVE_INFINITY : Number(values.executions),
    findings: 10,
    running: (data) => {
      room.set(data.length > ROOM ? data.subarray(0, ROOM) : data);
      Atomics.store(state, 1, Math.min(data.length, ROOM));
      Atomics.add(state, 0, 1);
    },
    pulse: (executions) => {
      const now = performance.now();
      if (heap.length === 0 && now > (began + until) / 2) heap.push(heapUsed());
      if (now < told + 1000) return;
      told = now;
      process.send?.({ pulse: executions });
    },
  });
  heap.push(heapUsed());
  Atomics.store(state, 0, -1);

  const findings = outcome.findings.map(({ error, data }) => ({
    path: keep(values.findings, target.name, data),
    error: error instanceof Error ? (error.stack ?? String(error)) : String(error),
  }));
  const grown = (heap[1] ?? 0) - (heap[0] ?? 0);
  if (heap.length === 2 && grown > LEAK) {
    findings.push({ path: "", error: `Leak: the heap grew by ${Math.round(grown / 2 ** 20)} MiB in half of the run` });
  }
  if (values.corpus !== undefined) for (const data of outcome.kept) keep(values.corpus, target.name, data);
  const result: Result = {
    target: target.name,
    seed,
    executions: outcome.executions,
    seconds: (performance.now() - began) / 1000,
    slowest: outcome.slowest,
    corpus: first.length,
    kept: outcome.kept.length,
    grown,
    reached: outcome.reached,
    findings,
  };
  await new Promise((sent) => process.send?.({ result }, sent as () => void) ?? sent(undefined));
}

function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}
