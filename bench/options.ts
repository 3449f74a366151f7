// SPDX-License-Identifier: MIT
/** The command line of `npm run bench`. Neighbours: main.ts; the fields are documented in suite.ts and README.md. */
import { parseArgs } from "node:util";
import type { BenchOptions, PeerName, TransportName } from "./suite.ts";

export const usage = `npm run bench -- [options]
  --full                  all cases of all suites (an hour); without it, a run of all suites measures a selection
  --list                  say which suites there are, with their cases, and measure nothing
  --suite NAME[,NAME]     which suites to run (default: all)
  --sizes N[,N]           octets per message (default: each suite's own list)
  --peers NAME[,NAME]     ours, libzmq, zeromq.js, raw (default: all)
  --transport NAME[,NAME] tcp, ipc (default: both in turn, with --quick tcp; some suites take the first only)
  --rounds N              measurements of each contender and case (default: 5)
  --time SECONDS          how long each measurement takes, roughly (default: 0.4)
  --count N               so many messages (round trips …) of each, without a calibration: to see that all is well
  --quick                 3 rounds of 0.1 seconds: for a look, not for figures
  --pin CORES             run all processes on these cores (Linux, taskset), such as 0: steadier latencies
  --json FILE             write all results there
  --merge FILE            put the results into this file, in place of those of the same suites, and judge the targets by all
  --show FILE             measure nothing: print the tables and targets of a file that --json or --merge wrote
  --source                run our TypeScript through tsx instead of compiled output
  --build FOLDER          compile into this folder and keep it (default: a temporary one)
`;

const peerNames: readonly PeerName[] = ["ours", "libzmq", "zeromq.js", "raw"];
const transportNames: readonly TransportName[] = ["tcp", "ipc"];

/** What the command line asks for: how to measure, and what to do with the results. */
export interface CommandLine extends BenchOptions {
  /** The file to gather results in. */
  readonly merge: string | undefined;
  /** The file to print, instead of measuring. */
  readonly show: string | undefined;
  readonly list: boolean;
  /** Only the cases that targets and charts rest on; see selection.ts. */
  readonly isSelection: boolean;
}

export function readOptions(argv: readonly string[], suiteNames: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      full: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      suite: { type: "string" },
      sizes: { type: "string" },
      peers: { type: "string" },
      transport: { type: "string" },
      rounds: { type: "string" },
      time: { type: "string" },
      count: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      merge: { type: "string" },
      show: { type: "string" },
      source: { type: "boolean", default: false },
      pin: { type: "string" },
      build: { type: "string" },
    },
  });
  const everywhere = values.quick ? ["tcp"] : transportNames;
  const transports = oneOf("--transport", list(values.transport) ?? everywhere, transportNames);
  const isAll = values.full || values.quick;
  return {
    isSelection: !isAll && [values.suite, values.sizes, values.transport].every((named) => named === undefined),
    list: values.list,
    suites: oneOf("--suite", list(values.suite) ?? suiteNames, suiteNames),
    sizes: list(values.sizes)?.map((size) => number("--sizes", size, 0)),
    peers: oneOf("--peers", list(values.peers) ?? peerNames, peerNames),
    transports,
    transport: transports[0] ?? "tcp",
    rounds: number("--rounds", values.rounds ?? (values.quick ? "3" : "5"), 1),
    time: number("--time", values.time ?? (values.quick ? "0.1" : "0.4"), 0.001),
    count: values.count === undefined ? undefined : number("--count", values.count, 1),
    quick: values.quick,
    json: values.json,
    merge: values.merge,
    show: values.show,
    source: values.source,
    pin: values.pin,
    build: values.build,
  };
}

function list(text: string | undefined): string[] | undefined {
  return text === undefined || text === "all" ? undefined : text.split(",").filter((word) => word !== "");
}

function number(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new TypeError(`${option} ${text}: give a number from ${least}`);
  return value;
}

function oneOf<T extends string>(option: string, words: readonly string[], allowed: readonly T[]): readonly T[] {
  const known = (word: string): word is T => (allowed as readonly string[]).includes(word);
  return words.map((word) => {
    if (!known(word)) throw new TypeError(`${option} ${word}: give one of ${allowed.join(", ")}`);
    return word;
  });
}
