// SPDX-License-Identifier: MIT
/** Results for the tests of the benchmarks' presentation: made up, in the shapes that the suites give. No figure is real. */
import type { MeasuredCase, MeasuredContender, MeasuredSuite, Parameters, Results } from "../../../bench/results.ts";

/** A contender whose rounds lie around `median`. */
export function contender(id: string, medians: Readonly<Record<string, number>>): MeasuredContender {
  const metrics = Object.entries(medians).map(([name, value]) => [name, { rounds: [value * 0.9, value, value * 1.2] }]);
  return { id, peer: id.replace(/-(batch|await|pair|one)$/, ""), label: id, metrics: Object.fromEntries(metrics) };
}

export function madeUpCase(parameters: Parameters, ...contenders: readonly MeasuredContender[]): MeasuredCase {
  return { name: Object.values(parameters).join(", "), parameters, contenders };
}

export function madeUpSuite(name: string, ...cases: readonly MeasuredCase[]): MeasuredSuite {
  return {
    name,
    title: `Made up: ${name}`,
    started: "2000-01-01T00:00:00.000Z",
    machine: {
      cpu: "Made-up CPU <1>",
      cores: 2,
      memory: 1,
      system: "Linux 1.2.3-made-up",
      load: 0.5,
      versions: {
        "zeromq-ts": "0.0.0",
        node: "20.0.0",
        libzmq: "4.0.0",
        "zeromq.js": "6.0.0",
        "libzmq in zeromq.js": "4.0.1",
      },
    },
    options: { rounds: 3, time: 0.5, quick: false, source: false },
    skipped: [],
    cases,
  };
}

const sizes = [1, 16, 64, 256, 1024, 16_384, 65_536];
const counts = [1, 10, 100, 1000];

/** Something for every chart and table. */
export const madeUp: Results = {
  suites: [
    madeUpSuite(
      "throughput",
      ...sizes.map((size) => {
        const falls = 1 / (1 + size / 300);
        return madeUpCase(
          { transport: "tcp", size },
          contender("ours-batch", { rate: 12e6 * falls }),
          contender("ours-await", { rate: 7e6 * falls }),
          contender("libzmq", { rate: 7e6 / (1 + size / 200) }),
          contender("zeromq.js", { rate: 0.3e6 / (1 + size / 5000) }),
          contender("raw", { rate: 20e6 / (1 + size / 180) }),
        );
      }),
    ),
    madeUpSuite(
      "latency",
      ...["tcp", "ipc"].map((transport, index) =>
        madeUpCase(
          { transport, size: 1 },
          ...(
            [
              ["ours", 36],
              ["ours-pair", 32],
              ["libzmq", 43],
              ["libzmq-pair", 44],
              ["zeromq.js", 62],
              ["raw", 30],
            ] as const
          ).map(([id, p50]) => contender(id, { p50: p50 - index, p99: 2.2 * p50, p999: 6 * p50 + 40 })),
        ),
      ),
    ),
    madeUpSuite(
      "inproc",
      madeUpCase(
        { transport: "inproc", size: 16 },
        contender("ours-batch", { rate: 12e6 }),
        contender("libzmq", { rate: 17e6 }),
      ),
    ),
    madeUpSuite(
      "fan-out",
      ...counts.map((subscribers) =>
        madeUpCase(
          { transport: "tcp", size: 64, subscribers },
          contender("ours", { rate: 4e6 / (1 + subscribers / 500) }),
          contender("libzmq", { rate: 2e6 / (1 + subscribers / 200) }),
          contender("zeromq.js", { rate: 0.3e6 }),
        ),
      ),
    ),
    madeUpSuite(
      "router",
      ...counts.map((clients) =>
        madeUpCase(
          { transport: "tcp", size: 64, clients },
          contender("ours", { rate: 0.9e6 / (1 + clients / 1500) }),
          contender("libzmq", { rate: 0.5e6 / (1 + clients / 900) }),
          contender("zeromq.js", { rate: 0.1e6 }),
        ),
      ),
    ),
    madeUpSuite(
      "matching",
      ...[1, 10, 1000, 100_000, 1_000_000].map((prefixes) =>
        madeUpCase(
          { transport: "inproc", prefixes, size: 16 },
          contender("ours", { rate: 3e6 - 2e5 * Math.log10(prefixes) }),
          contender("libzmq", { rate: 2e6 - 2.5e5 * Math.log10(prefixes) }),
        ),
      ),
    ),
    madeUpSuite(
      "idle-memory",
      ...["accepted", "connected"].map((side) =>
        madeUpCase(
          { transport: "tcp", side, connections: 1000 },
          contender("ours", { heap: 5200, rss: 9800 }),
          contender("raw", { heap: 2600, rss: 6100 }),
          contender("libzmq", { heap: 0, rss: 14_000 }),
          contender("zeromq.js", { heap: 900, rss: 17_000 }),
        ),
      ),
    ),
  ],
};
