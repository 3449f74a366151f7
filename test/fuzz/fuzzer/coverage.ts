// SPDX-License-Identifier: MIT
/** Reads the counters of `instrument.mjs`: whether an execution has reached something new, and what was reached in all. */

/** What the instrumentation says of one source. */
interface CountedModule {
  readonly file: string;
  readonly from: number;
  /** For each counter whether it is of a function (`f`) or a branch (`b`), and the lines that it stands for. */
  readonly points: readonly (readonly ["f" | "b", readonly number[]])[];
}

interface Counters {
  readonly all: Uint8Array;
  readonly used: number;
  readonly modules: readonly CountedModule[];
}

/** What was reached of one source: for each of its counters `1` or `0`. */
export interface Reached {
  readonly file: string;
  readonly points: CountedModule["points"];
  readonly hits: string;
}

/** How often something ran, in steps: once, twice, three times, up to 7, 15, 31, 127 and more. */
const STEPS = Uint8Array.from({ length: 256 }, (_, n) =>
  n === 0 ? 0 : n < 3 ? n : n === 3 ? 4 : n < 8 ? 8 : n < 16 ? 16 : n < 32 ? 32 : n < 128 ? 64 : 128,
);

/** The counters of this process; undefined where the library is not instrumented. */
export class Coverage {
  readonly #counters: Counters;
  #words: Uint32Array;
  /** The steps that each counter has reached so far. */
  readonly #seen = new Uint8Array(65536);

  private constructor(counters: Counters) {
    this.#counters = counters;
    this.#words = new Uint32Array(counters.all.buffer, 0, 0);
  }

  static ofProcess(): Coverage | undefined {
    const { fuzzCounters } = globalThis as { fuzzCounters?: Counters };
    return fuzzCounters === undefined ? undefined : new Coverage(fuzzCounters);
  }

  /** Whether anything ran for the first time, or more often than ever before, since the last call. Sets all counters to 0. */
  takeNew(): boolean {
    const { all, used } = this.#counters;
    const length = (used + 3) >> 2;
    if (this.#words.length !== length) this.#words = new Uint32Array(all.buffer, 0, length);
    const words = this.#words;
    const seen = this.#seen;
    let isNew = false;
    for (let word = 0; word < length; word += 1) {
      if (words[word] === 0) continue;
      for (let at = word * 4; at < word * 4 + 4; at += 1) {
        const step = STEPS[all[at] as number] as number;
        if ((step & ~(seen[at] as number)) === 0) continue;
        seen[at] = (seen[at] as number) | step;
        isNew = true;
      }
      words[word] = 0;
    }
    return isNew;
  }

  /** Everything that was reached so far. */
  reached(): Reached[] {
    return this.#counters.modules.map(({ file, from, points }) => ({
      file,
      points,
      hits: points.map((_, i) => (this.#seen[from + i] === 0 ? "0" : "1")).join(""),
    }));
  }
}

/** Parts of something that were reached. */
export interface Share {
  reached: number;
  all: number;
}

/** Lines, branches and functions. */
export interface Shares {
  readonly lines: Share;
  readonly branches: Share;
  readonly functions: Share;
}

/** What was reached of some sources by all runs together. A line is one on which a statement begins. */
export function sharesOf(runs: readonly (readonly Reached[])[], has: (file: string) => boolean = () => true): Shares {
  const files = new Map<string, { points: Reached["points"]; hits: boolean[] }>();
  for (const { file, points, hits } of runs.flat()) {
    if (!has(file)) continue;
    const known = files.get(file) ?? { points, hits: points.map(() => false) };
    files.set(file, known);
    for (let i = 0; i < hits.length; i += 1) if (hits[i] === "1") known.hits[i] = true;
  }
  const shares = { lines: share(), branches: share(), functions: share() };
  for (const { points, hits } of files.values()) {
    const lines = new Map<number, boolean>();
    points.forEach(([kind, at], i) => {
      const hit = hits[i] === true;
      const of = kind === "f" ? shares.functions : shares.branches;
      of.all += 1;
      of.reached += Number(hit);
      for (const line of at) lines.set(line, hit || lines.get(line) === true);
    });
    shares.lines.all += lines.size;
    shares.lines.reached += [...lines.values()].filter(Boolean).length;
  }
  return shares;
}

function share(): Share {
  return { reached: 0, all: 0 };
}
