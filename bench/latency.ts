// SPDX-License-Identifier: MIT
/**
 * Suites "latency" and "latency-two-cores": half a round trip between two processes, as libzmq's `local_lat` and
 * `remote_lat`: one message under way at a time, timed at the side that asks. REQ/REP, and PAIR. Neighbours: runner.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { onCore, placeableCores } from "./placement.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Contender, Measurement, MeasureOptions, Metric, Suite, TransportName, Workbench } from "./suite.ts";
import { octetsOf } from "./throughput.ts";

function oneWay(name: string, label: string): Metric {
  return { name, label, better: "lower", scale: 1, digits: 1 };
}

function contenders(workbench: Workbench): readonly Contender[] {
  return [
    scripted(workbench, "ours", "ours", "ours, REQ / REP, await", "ours"),
    scripted(workbench, "ours-pair", "ours", "ours, PAIR, await", "ours", "pair"),
    ...native(workbench, "libzmq", "libzmq, C API, REQ / REP"),
    ...native(workbench, "libzmq-pair", "libzmq, C API, PAIR", "pair"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, REQ / REP, await", "zeromq-js"),
    scripted(workbench, "raw", "raw", "raw node:net with ZMTP framing", "raw"),
  ];
}

/** Cases whose two processes run on so many cores together, where they can be placed. */
function casesOn(count: 1 | 2, sizes: readonly number[], transports: readonly TransportName[]): readonly Case[] {
  const cores = placeableCores();
  const isPlaced = cores.length >= count;
  const where = count === 1 ? "one core" : "two cores";
  return transports.flatMap((transport) =>
    sizes.map((size) => ({
      name: `${transport}, ${octetsOf(size)}${isPlaced ? `, ${where}` : ""}`,
      parameters: { transport, size, ...(isPlaced && { cores: count }) },
      firstCount: 3_000,
      // Measured: p99 of one octet falls from 230 µs after 1,000 round trips to 39 after 20,000, then stays; that of
      // 64 KiB, which take more steps each, from 2 ms after 500 to 0.2 ms after 10,000.
      leastWarmUp: size > 8192 ? 10_000 : 20_000,
      measure: (contender, how) =>
        measureLatency(contender, { transport, size, cores: isPlaced ? [cores[0], cores[count - 1]] : [] }, how),
    })),
  );
}

interface Workload {
  readonly transport: TransportName;
  readonly size: number;
  /** For the side that echoes, and for the side that asks. */
  readonly cores: readonly (number | undefined)[];
}

function measureLatency(
  contender: Contender,
  { transport, size, cores }: Workload,
  { count, warmUp, timeout }: MeasureOptions,
): Promise<Measurement> {
  return withEndpoint(transport, (endpoint) =>
    withPeers(timeout, async (start) => {
      const local = start(onCore(contender.launch("local_lat", endpoint, size, count, warmUp), cores[0]));
      const { ready } = await local.next();
      const remote = start(onCore(contender.launch("remote_lat", String(ready), size, count, warmUp), cores[1]));
      // If the echo dies first, its reason is the one to tell.
      const [report] = await Promise.all([remote.next(), local.ended()]);
      await remote.ended();
      const values = Object.fromEntries(["p50", "p99", "p999", "mean"].map((name) => [name, figure(report, name)]));
      return { seconds: figure(report, "seconds"), values };
    }),
  );
}

const metrics: Suite["metrics"] = [
  oneWay("p50", "p50 µs"),
  oneWay("p99", "p99 µs"),
  oneWay("p999", "p99.9 µs"),
  oneWay("mean", "mean µs"),
];

const baselines = ["libzmq", "zeromq.js", "raw"];

/** What the programs themselves take: with both on one core, rounds differ by a few in a hundred. */
export const latency: Suite = {
  name: "latency",
  title: "Latency one way, half a round trip, two processes",
  metrics,
  baselines,
  contenders,
  cases: ({ sizes = [1, 1024, 65_536], transports }) => casesOn(1, sizes, transports),
};

/** The same with the time that the system takes to wake the other core, alike for all and often the greater part. */
export const latencyTwoCores: Suite = {
  name: "latency-two-cores",
  title: "Latency one way, half a round trip, two processes on two cores",
  metrics,
  baselines,
  contenders,
  cases: ({ sizes = [1], transports }) => casesOn(2, sizes, transports),
};
