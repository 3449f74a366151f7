// SPDX-License-Identifier: MIT
/**
 * The contracts of the benchmarks: a Suite has cases, a case measures a Contender, and the runner (runner.ts) interleaves
 * them. To add a suite: write one file that exports a Suite, list it in suites.ts, and its roles in peers/.
 */

/** Whose code is measured; `--peers` picks among these. */
export type PeerName = "ours" | "libzmq" | "zeromq.js" | "raw";

/** What connects the processes of a measurement; `--transport` picks among these. */
export type TransportName = "tcp" | "ipc";

/** A process to start. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
}

/** One way to do the job: a peer, and how to start a process of it. */
export interface Contender {
  /** Unique in its suite; the key of its ratios where it is a baseline. */
  readonly id: string;
  readonly peer: PeerName;
  readonly label: string;
  /**
   * The process for a role of libzmq's tools: `<endpoint> <message-size> <count> [warm-up] [variant] [more…]`, as in
   * peers/tool.ts. `more` is what a case adds, such as the number of peers.
   */
  launch(
    role: string,
    endpoint: string,
    size: number,
    count: number,
    warmUp: number,
    ...more: readonly (string | number)[]
  ): Launch;
}

/** A figure that each measurement gives. */
export interface Metric {
  readonly name: string;
  readonly label: string;
  readonly better: "higher" | "lower";
  /** Factor from the measured value to the one in the table, with `digits` after the point. */
  readonly scale: number;
  readonly digits: number;
}

/** What one measurement gave: a value per metric, and the seconds that were timed. */
export interface Measurement {
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface MeasureOptions {
  readonly count: number;
  readonly warmUp: number;
  /** Milliseconds until a process that hangs is killed and the measurement fails. */
  readonly timeout: number;
}

/** One row group of the table: what is asked of every contender. */
export interface Case {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Messages (round trips …) of the first calibration. */
  readonly firstCount: number;
  /** The fewest messages (round trips …) after which a JavaScript engine's compilers have settled. */
  readonly leastWarmUp: number;
  /** Where the figure does not depend on the count (memory, sizes): `firstCount` is used as it is, without a calibration. */
  readonly isFixed?: boolean;
  measure(contender: Contender, options: MeasureOptions): Promise<Measurement>;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** The first is the one that the ratios are about. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** Ids of contenders that the others are divided by, each a column. */
  readonly baselines: readonly string[];
  /** Why nothing of it can be measured here; undefined: it can. */
  readonly whyNot?: () => string | undefined;
  contenders(parts: Workbench): readonly Contender[];
  cases(options: BenchOptions): readonly Case[];
}

/** The programs that a run may start; made by build.ts, gone after the run. */
export interface Workbench {
  /** A compiled peer program: peers/NAME.ts (`ours`, `zeromq-js`, `raw` …), run by this Node. */
  script(name: string, role: string, rest: readonly (string | number)[]): Launch;
  /** The C programs (peers/NAME.c becomes `folder`/NAME), or the reason why they are missing. */
  readonly native: { readonly folder: string; readonly version: string } | { readonly missing: string };
  /** The same program, on the cores that the options ask for. */
  place(launch: Launch): Launch;
}

/** The command line, read by options.ts. */
export interface BenchOptions {
  readonly suites: readonly string[];
  /** Octets per message; undefined: each suite's own list. */
  readonly sizes: readonly number[] | undefined;
  readonly rounds: number;
  /** Seconds, roughly, of each measurement. */
  readonly time: number;
  /** Messages (round trips …) of each measurement, instead of as many as take `time`. */
  readonly count: number | undefined;
  /** For suites that measure over one: the first of `transports`. */
  readonly transport: TransportName;
  /** For suites that measure over each. */
  readonly transports: readonly TransportName[];
  readonly peers: readonly PeerName[];
  /** Where the results go as JSON. */
  readonly json: string | undefined;
  readonly quick: boolean;
  /** Run the TypeScript sources through tsx instead of compiled output. */
  readonly source: boolean;
  /** Run all processes on these cores, as `taskset` takes them; undefined: wherever the system likes. */
  readonly pin: string | undefined;
  /** Keep the compiled programs in this folder. */
  readonly build: string | undefined;
}
