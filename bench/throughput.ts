// SPDX-License-Identifier: MIT
/**
 * Suite "throughput": PUSH to PULL between two processes, by message size and API, as libzmq's `local_thr` and
 * `remote_thr`: timed at the receiver. Also holds what other rate suites share. Neighbours: runner.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, type Report, withPeers } from "./process.ts";
import type { BenchOptions, Contender, Measurement, MeasureOptions, Metric, Suite, TransportName } from "./suite.ts";

/** Messages a second first; then octets a second and the CPU time that all processes spent on a message. */
export const rateMetrics: readonly [Metric, Metric, Metric] = [
  { name: "rate", label: "k msg/s", better: "higher", scale: 1e-3, digits: 1 },
  { name: "octets", label: "MB/s", better: "higher", scale: 1e-6, digits: 1 },
  { name: "cpu", label: "CPU µs/msg", better: "lower", scale: 1e6, digits: 3 },
];

/**
 * Turns the receiver's report, and those of processes that worked for it, into the metrics above. Each process tells its
 * own time and messages: those of a sender end a little before the receiver's.
 */
export function rateMeasurement(size: number, receiver: Report, ...others: readonly Report[]): Measurement {
  const seconds = figure(receiver, "seconds");
  const rate = figure(receiver, "messages") / seconds;
  const cpu = [receiver, ...others].reduce((sum, one) => sum + figure(one, "cpuSeconds") / figure(one, "messages"), 0);
  return { seconds, values: { rate, octets: rate * size, cpu } };
}

/** Messages for the first calibration: about four megabytes, within reason. */
export function firstCount(size: number): number {
  return Math.min(20_000, Math.max(200, Math.round(4e6 / (size + 1))));
}

/**
 * Messages after which compilers have settled: 10,000, or where messages are large, so many that 10,000 reads of 64 KiB
 * carry them: most of what runs, runs for each read.
 */
export function leastWarmUp(size: number): number {
  return Math.min(10_000, Math.max(500, Math.ceil((10_000 * 65_536) / (size + 1))));
}

/** What two processes are to do. */
interface Workload {
  readonly transport: TransportName | "ws";
  /** Octets of each part. */
  readonly size: number;
  /** Parts of each message, for programs that ask. */
  readonly parts?: number;
}

/** Two processes: one binds, receives and measures, the other connects and sends. */
export function measureThroughput(
  contender: Contender,
  { transport, size, parts, count, warmUp, timeout }: Workload & MeasureOptions,
): Promise<Measurement> {
  const rest = [size, count, warmUp, ...(parts === undefined ? [] : [parts])] as const;
  return withEndpoint(transport, (endpoint) =>
    withPeers(timeout, async (start) => {
      const local = start(contender.launch("local_thr", endpoint, ...rest));
      const { ready } = await local.next();
      const remote = start(contender.launch("remote_thr", String(ready), ...rest));
      const received = await local.next();
      remote.release();
      const sent = await remote.next();
      await Promise.all([local.ended(), remote.ended()]);
      return rateMeasurement(size * (parts ?? 1), received, sent);
    }),
  );
}

/** All sizes over tcp; over ipc, which differs in the system's part only, one of each kind. */
const defaultSizes = {
  tcp: [1, 16, 64, 256, 1024, 16_384, 65_536, 1_048_576],
  ipc: [16, 1024, 65_536],
} as const;

function workloads({ sizes, transports }: BenchOptions): readonly Workload[] {
  return transports.flatMap((transport) => (sizes ?? defaultSizes[transport]).map((size) => ({ transport, size })));
}

export const throughput: Suite = {
  name: "throughput",
  title: "Throughput, PUSH → PULL, two processes",
  metrics: rateMetrics,
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours-batch", "ours", "ours, trySend / receiveBatch", "ours", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours", "await"),
    ...native(workbench, "libzmq", "libzmq, C API"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js"),
    scripted(workbench, "raw", "raw", "raw node:net with ZMTP framing", "raw"),
  ],
  cases: (options) =>
    workloads(options).map(({ transport, size }) => ({
      name: `${transport}, ${octetsOf(size)}`,
      parameters: { transport, size },
      firstCount: firstCount(size),
      leastWarmUp: leastWarmUp(size),
      measure: (contender, how) => measureThroughput(contender, { transport, size, ...how }),
    })),
};

export function octetsOf(size: number): string {
  return size === 1 ? "1 octet" : `${size} octets`;
}
