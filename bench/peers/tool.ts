// SPDX-License-Identifier: MIT
/**
 * What the JavaScript peers of the benchmarks share: the command line of libzmq's tools, the clock that starts after the
 * warm-up, and the reports (one JSON object a line). Neighbours: the programs; read by ../process.ts.
 */
import { once } from "node:events";

/** `<role> <endpoint> <message-size> <count> [warm-up] [variant] [more…]`; order as in libzmq's `local_thr` and kin. */
export interface ToolArguments {
  readonly role: string;
  readonly endpoint: string;
  /** Octets of each message. */
  readonly size: number;
  /** Messages, or round trips, that are measured. */
  readonly count: number;
  /** Messages, or round trips, before those; at least 1, so that the connection stands when the clock starts. */
  readonly warmUp: number;
  readonly variant: string;
  /** What a case adds, such as the number of parts or of peers. */
  readonly more: readonly string[];
}

export function readArguments(argv: readonly string[] = process.argv.slice(2)): ToolArguments {
  const [role, endpoint, size, count, warmUp, variant, ...more] = argv;
  if (role === undefined || endpoint === undefined || !(Number(size) >= 0) || !(Number(count) > 0)) {
    process.stderr.write("usage: <role> <endpoint> <message-size> <count> [warm-up] [variant] [more…]\n");
    process.exit(2);
  }
  return {
    role,
    endpoint,
    size: Number(size),
    count: Number(count),
    warmUp: Math.max(1, Number(warmUp ?? 1)),
    variant: variant ?? "",
    more,
  };
}

export function report(values: Readonly<Record<string, number | string>>): void {
  process.stdout.write(`${JSON.stringify(values)}\n`);
}

export function reportReady(endpoint: string): void {
  report({ ready: endpoint });
}

/** Counts messages as they pass and times those after the warm-up: from the last of the warm-up to the last of all. */
export class RateClock {
  readonly #warmUp: number;
  readonly #count: number;
  #passed = 0;
  #first = 0;
  #start = 0;
  #cpu: NodeJS.CpuUsage | undefined;

  constructor(warmUp: number, count: number) {
    this.#warmUp = warmUp;
    this.#count = count;
  }

  /** How many may still pass before {@link pass} must be called: up to the warm-up's end, then up to the last. */
  get next(): number {
    return (this.#passed < this.#warmUp ? this.#warmUp : this.#warmUp + this.#count) - this.#passed;
  }

  /** Notes `messages` more; true when all have passed. Cheap enough to be called once per batch, not per message. */
  pass(messages: number): boolean {
    this.#passed += messages;
    if (this.#cpu === undefined && this.#passed >= this.#warmUp) {
      this.#first = this.#passed;
      this.#cpu = process.cpuUsage();
      this.#start = performance.now();
    }
    return this.#passed >= this.#warmUp + this.#count;
  }

  report(): void {
    const seconds = (performance.now() - this.#start) / 1e3;
    const { user, system } = process.cpuUsage(this.#cpu);
    report({ messages: this.#passed - this.#first, seconds, cpuSeconds: (user + system) / 1e6 });
  }
}

/** Collects round-trip times after the warm-up and reports half of each, as libzmq's `remote_lat` does. */
export class LatencyClock {
  readonly #warmUp: number;
  readonly #samples: Float64Array;
  #trips = 0;
  #before = 0;
  #start = 0;
  #cpu: NodeJS.CpuUsage | undefined;

  constructor(warmUp: number, count: number) {
    this.#warmUp = warmUp;
    this.#samples = new Float64Array(count);
  }

  leave(): void {
    const now = performance.now();
    if (this.#trips === this.#warmUp) {
      this.#cpu = process.cpuUsage();
      this.#start = now;
    }
    this.#before = now;
  }

  /** True when this was the last round trip. */
  back(): boolean {
    const index = this.#trips - this.#warmUp;
    if (index >= 0) this.#samples[index] = performance.now() - this.#before;
    this.#trips += 1;
    return index === this.#samples.length - 1;
  }

  /** One-way times in microseconds. */
  report(): void {
    const seconds = (performance.now() - this.#start) / 1e3;
    const { user, system } = process.cpuUsage(this.#cpu);
    const sorted = this.#samples.sort();
    const half = (quantile: number) => ((sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0) * 1e3) / 2;
    report({
      roundTrips: sorted.length,
      seconds,
      cpuSeconds: (user + system) / 1e6,
      mean: (seconds * 1e6) / 2 / sorted.length,
      p50: half(0.5),
      p99: half(0.99),
      p999: half(0.999),
    });
  }
}

/** The benchmarks check every message's size, as libzmq's tools do: a consumer that looks at nothing proves little. */
export function checkSize(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`a message of ${actual} octets instead of ${expected}`);
}

/** The first of `more`: how many parts a message has. */
export function partsOf({ more }: ToolArguments): number {
  const parts = Number(more[0]);
  if (!(parts >= 1)) throw new Error(`${more[0]} parts: the first argument behind the variant is their number`);
  return parts;
}

export function checkParts(message: readonly Uint8Array[], parts: number, size: number): void {
  if (message.length !== parts) throw new Error(`a message of ${message.length} parts instead of ${parts}`);
  for (let i = 0; i < parts; i += 1) checkSize((message[i] as Uint8Array).length, size);
}

/**
 * Resolves when the receiver has all that was sent: the benchmark then ends this process's standard input. Until then a
 * sender stays open, because libzmq 4.3 loses messages over ipc when a sender closes at once.
 */
export async function released(): Promise<void> {
  if (process.stdin.isTTY) return;
  process.stdin.resume();
  await once(process.stdin, "end");
}

/** Runs the role named on the command line; a failure ends the process with exit code 1. */
export function runRole(roles: Readonly<Record<string, (options: ToolArguments) => Promise<void>>>): void {
  const options = readArguments();
  const role = roles[options.role];
  if (role === undefined) throw new Error(`unknown role ${options.role}: one of ${Object.keys(roles).join(", ")}`);
  role(options).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
