// SPDX-License-Identifier: MIT
/**
 * As much of `node:test` as the suites use, for runtimes whose own is not complete: tests one after another, sub-tests,
 * `skip`, `timeout`, `after`. Stands in for it on Bun (`bun.ts`) and Deno (`deno.json`); results go, a line of JSON
 * each, to the file that `ZEROMQ_TS_REPORT` names. Run by `runs.ts`.
 */
import { appendFileSync } from "node:fs";

interface Options {
  readonly skip?: boolean | string | undefined;
  readonly timeout?: number | undefined;
}

type Body = (t: Context) => unknown;

/** Milliseconds for a test that sets no time of its own. */
const PATIENCE = 60_000;
/** libzmq's half of the suites: it is the same on every runtime, and its addon is Node's. */
const NOT_OURS = / \(libzmq\)$/;

const report = process.env["ZEROMQ_TS_REPORT"] as string;
const { only = "" } = { only: process.env["ZEROMQ_TS_ONLY"] };
let last: Promise<unknown> = Promise.resolve();
let count = 0;
/** Errors that nobody caught, of the test that runs. */
let stray: unknown[] = [];

function tell(event: object): void {
  appendFileSync(report, `${JSON.stringify(event)}\n`);
}

for (const type of ["uncaughtException", "unhandledRejection"]) {
  process.on(type, (error: unknown) => {
    stray.push(error);
  });
}

class Context {
  readonly name: string;
  readonly path: string;
  skipped: boolean | string | undefined = undefined;
  failures = 0;
  readonly ends: (() => unknown)[] = [];

  constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
  }

  after(end: () => unknown): void {
    this.ends.push(end);
  }

  skip(reason?: string): void {
    this.skipped = reason ?? true;
  }

  diagnostic(): void {}

  /** As much of a mock as is used: a method that is watched, and perhaps replaced, until the test ends. */
  readonly mock = {
    method: (object: Record<string, unknown>, name: string, instead?: (...all: unknown[]) => unknown): unknown => {
      const descriptor = Object.getOwnPropertyDescriptor(object, name);
      const original = object[name] as (...all: unknown[]) => unknown;
      const calls: { arguments: unknown[] }[] = [];
      object[name] = function watched(this: unknown, ...all: unknown[]): unknown {
        calls.push({ arguments: all });
        return (instead ?? original).apply(this, all);
      };
      this.ends.push(() => {
        if (descriptor === undefined) delete object[name];
        else Object.defineProperty(object, name, descriptor);
      });
      return { mock: { calls } };
    },
    restoreAll: (): void => {
      for (const end of this.ends.splice(0).toReversed()) void end();
    },
  };

  readonly test = async (name: string, ...rest: unknown[]): Promise<void> => {
    const isGood = await run(name, rest, `${this.path} › `);
    if (!isGood) this.failures += 1;
  };
}

async function run(name: string, rest: readonly unknown[], parents: string): Promise<boolean> {
  const body = rest.find((each): each is Body => typeof each === "function");
  const options = (rest.find((each) => typeof each === "object" && each !== null) ?? {}) as Options;
  const t = new Context(name, parents + name);
  tell({ started: t.path });
  const begin = performance.now();
  let failure: string | undefined;
  if (options.skip === undefined || options.skip === false) failure = await attempt(t, body, options.timeout);
  else t.skipped = options.skip;
  // A test with a failed test inside fails too; that is no failure of its own.
  const counts = failure !== undefined || t.failures === 0;
  tell({
    finished: t.path,
    counts,
    path: t.path,
    milliseconds: performance.now() - begin,
    skip: t.skipped,
    failure,
  });
  return failure === undefined && t.failures === 0;
}

/** Runs a body in its time; gives what went wrong. */
async function attempt(t: Context, body: Body | undefined, patience = PATIENCE): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${patience} ms`)), patience);
  });
  stray = [];
  let failure: unknown;
  try {
    await Promise.race([body?.(t), late]);
  } catch (error) {
    failure = error;
  }
  clearTimeout(timer);
  for (const end of t.ends.toReversed()) await end();
  // What was left without a listener is told of after the microtasks.
  await new Promise((resolve) => setTimeout(resolve, 0));
  failure ??= stray[0];
  return failure === undefined ? undefined : describe(failure);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.stack?.includes(error.message) === true ? error.stack : `${error.message}\n${error.stack}`;
  return `${(error as { code?: string }).code ?? ""} ${text}`.slice(0, 3000);
}

/** Registers a test; it runs when those before it have ended. */
export function test(name: string, ...rest: unknown[]): Promise<unknown> {
  if (NOT_OURS.test(name) || !name.includes(only)) return Promise.resolve();
  count += 1;
  last = last.then(() => run(name, rest, ""));
  return last;
}

export default test;
export type { Context as TestContext };

/** Resolves when all tests of a file have ended that has been imported. */
export async function ended(): Promise<void> {
  for (let seen = -1; seen !== count; ) {
    seen = count;
    await last;
  }
  tell({ ended: count });
}
