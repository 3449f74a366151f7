// SPDX-License-Identifier: MIT
/** The command line of `npm run bench`. Neighbours: main.ts; the fields are documented in suite.ts and README.md. */
import { parseArgs } from "node:util";
import type { BenchOptions, PeerName } from "./suite.ts";

export const usage = `npm run bench -- [options]
  --suite NAME[,NAME]     throughput, latency, inproc (default: all)
  --sizes N[,N]           octets per message (default: each suite's own list)
  --peers NAME[,NAME]     ours, libzmq, zeromq.js, raw (default: all)
  --transport tcp|ipc     (default: tcp)
  --rounds N              measurements of each contender and case (default: 5)
  --time SECONDS          how long each measurement takes, roughly (default: 0.5)
  --quick                 3 rounds of 0.1 seconds: for a look, not for figures
  --pin CORES             run all processes on these cores (Linux, taskset), such as 0: steadier latencies
  --json FILE             write all results there
  --source                run our TypeScript through tsx instead of compiled output
  --build FOLDER          compile into this folder and keep it (default: a temporary one)
`;

const peerNames: readonly PeerName[] = ["ours", "libzmq", "zeromq.js", "raw"];

export function readOptions(argv: readonly string[], suiteNames: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      suite: { type: "string" },
      sizes: { type: "string" },
      peers: { type: "string" },
      transport: { type: "string", default: "tcp" },
      rounds: { type: "string" },
      time: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      source: { type: "boolean", default: false },
      pin: { type: "string" },
      build: { type: "string" },
    },
  });
  return {
    suites: oneOf("--suite", list(values.suite) ?? suiteNames, suiteNames),
    sizes: list(values.sizes)?.map((size) => number("--sizes", size, 0)),
    peers: oneOf("--peers", list(values.peers) ?? peerNames, peerNames),
    transport: oneOf("--transport", [values.transport], ["tcp", "ipc"] as const)[0] ?? "tcp",
    rounds: number("--rounds", values.rounds ?? (values.quick ? "3" : "5"), 1),
    time: number("--time", values.time ?? (values.quick ? "0.1" : "0.5"), 0.001),
    quick: values.quick,
    json: values.json,
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
