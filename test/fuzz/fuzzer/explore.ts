// SPDX-License-Identifier: MIT
/**
 * The loop of the fuzzer: takes an input that reached something new, changes it, runs the target, and keeps what reaches
 * something new again. Without counters (in the test suite) it only generates and changes. Deterministic for a seed, but
 * for what targets do with real time.
 */
import { Coverage, type Reached } from "./coverage.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import type { Target } from "./target.ts";

/** An input that did not survive. */
export interface Finding {
  readonly error: unknown;
  readonly data: Uint8Array;
}

/** How far to go. */
export interface Budget {
  readonly seed: number;
  /** Ends after so many executions. */
  readonly executions?: number;
  /** Ends at this time of `performance.now()`. */
  readonly until?: number;
  /** Ends after so many different findings; default 1. */
  readonly findings?: number;
  /** Told of each input before it runs. */
  readonly running?: (data: Uint8Array) => void;
  /** Called now and then. */
  readonly pulse?: (executions: number) => void;
}

/** What a run did. */
export interface Outcome {
  readonly executions: number;
  readonly findings: readonly Finding[];
  /** The inputs that are worth keeping, those it began with included. */
  readonly kept: readonly Uint8Array[];
  /** Milliseconds of the slowest execution. */
  readonly slowest: number;
  /** What was reached of the library, where it is instrumented. */
  readonly reached: readonly Reached[];
}

const LONGEST = 4096;
const PATIENCE = 1000;
/** Lines of a stack. */
const STACK = 20;
/** So many inputs are made without a model before the first is changed. */
const FRESH = 200;
/** Octets of inputs that are kept in memory. */
const MOST_KEPT = 8 * 2 ** 20;

/** Runs one input; gives what was wrong. */
export async function execute(target: Target, data: Uint8Array): Promise<unknown> {
  const began = performance.now();
  try {
    // A target may change its input.
    const going = target.fuzz(data.slice());
    if (going !== undefined) await going;
  } catch (error) {
    return error ?? new Error("thrown: nothing");
  }
  const took = performance.now() - began;
  if (took <= (target.patience ?? PATIENCE)) return undefined;
  return new Error(`took ${Math.round(took)} ms for ${data.length} octets`);
}

/** Tries inputs until the budget is used up. */
export async function explore(target: Target, first: readonly Uint8Array[], budget: Budget): Promise<Outcome> {
  const random = new Random(budget.seed);
  const coverage = Coverage.ofProcess();
  const longest = target.longest ?? LONGEST;
  const kept: Uint8Array[] = [];
  const findings = new Map<string, Finding>();
  let keptOctets = 0;
  let executions = 0;
  let slowest = 0;
  /** What nobody was told of. */
  const strays: unknown[] = [];

  const attempt = async (data: Uint8Array): Promise<void> => {
    budget.running?.(data);
    const began = performance.now();
    let error = (await execute(target, data)) ?? strays.shift();
    slowest = Math.max(slowest, performance.now() - began);
    executions += 1;
    const isNew = coverage?.takeNew() === true;
    if (error !== undefined) {
      Error.stackTraceLimit = STACK;
      budget.running?.(data);
      error = (await execute(target, data)) ?? error;
      Error.stackTraceLimit = 0;
      const key = keyOf(error);
      const known = findings.get(key);
      if (known === undefined || data.length < known.data.length) findings.set(key, { error, data });
    } else if (isNew && keptOctets < MOST_KEPT) {
      kept.push(data);
      keptOctets += data.length;
    }
  };
  const isDone = (): boolean =>
    executions >= (budget.executions ?? Number.POSITIVE_INFINITY) ||
    performance.now() >= (budget.until ?? Number.POSITIVE_INFINITY) ||
    findings.size >= (budget.findings ?? 1);

  const astray = (reason: unknown): void => void strays.push(reason ?? new Error("rejected: nothing"));
  process.on("unhandledRejection", astray);
  process.on("uncaughtException", astray);
  // Most inputs are refused with an error, and to find out where it came from takes longer than all else.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  coverage?.takeNew();
  for (const data of first) await attempt(data);
  const models = (): readonly Uint8Array[] => (kept.length > 0 ? kept : first);
  for (let tried = 0; !isDone(); tried += 1) {
    if ((tried & 255) === 255) {
      budget.pulse?.(executions);
      // Targets that never wait would never let anything else have a turn.
      await new Promise(setImmediate);
    }
    const isFresh =
      models().length === 0 || (coverage === undefined ? random.oneIn(2) : tried < FRESH || random.oneIn(5));
    const model = isFresh ? target.generate(random) : chosen(models(), random);
    const data =
      isFresh && !random.oneIn(3)
        ? model
        : mutate(model, chosen([...models().slice(-1), model], random), random, longest);
    await attempt(data.length > longest ? data.slice(0, longest) : data);
  }
  Error.stackTraceLimit = Math.max(stackTraceLimit, STACK);
  process.off("unhandledRejection", astray);
  process.off("uncaughtException", astray);
  for (const [key, { error, data }] of findings) {
    findings.set(key, { error, data: await shorten(target, data, key, budget.running) });
  }
  Error.stackTraceLimit = stackTraceLimit;
  return { executions, findings: [...findings.values()], kept, slowest, reached: coverage?.reached() ?? [] };
}

/** One of them; the newest and the shorter more often. */
function chosen(list: readonly Uint8Array[], random: Random): Uint8Array {
  const from = random.oneIn(3) ? Math.floor(list.length * 0.9) : 0;
  const one = list[from + random.below(list.length - from)] as Uint8Array;
  const other = list[from + random.below(list.length - from)] as Uint8Array;
  return one.length > other.length === random.oneIn(4) ? one : other;
}

/** What makes two findings one: the error's kind and text without numbers, and where it was thrown. */
export function keyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\/(?:src|test\/fuzz\/targets)\/[^\s)]+/.exec(error.stack ?? "")?.[0] ?? "";
  return `${error.name} ${error.message.slice(0, 200).replaceAll(/\d+/g, "0")} ${place}`;
}

/** The same finding with fewer octets, as far as some hundred tries go. */
async function shorten(target: Target, data: Uint8Array, key: string, running: Budget["running"]): Promise<Uint8Array> {
  let best = data;
  let tries = 400;
  for (let span = best.length >> 1; span > 0 && tries > 0; span >>= 1) {
    for (let at = 0; at + span <= best.length && tries > 0; tries -= 1) {
      const shorter = new Uint8Array(best.length - span);
      shorter.set(best.subarray(0, at));
      shorter.set(best.subarray(at + span), at);
      running?.(shorter);
      const error = await execute(target, shorter);
      if (error !== undefined && keyOf(error) === key) best = shorter;
      else at += span;
    }
  }
  return best;
}
