// SPDX-License-Identifier: MIT
/**
 * Suite "throughput": PUSH to PULL between two processes, by message size and API, as libzmq's `local_thr` and
 * `remote_thr`: timed at the receiver. Also holds what other rate suites share. Neighbours: runner.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, type Report, withPeers } from "./process.ts";
import type { Measurement, Metric, Suite } from "./suite.ts";

/** Messages a second first; then octets a second and the CPU time that all processes spent on a message. */
export const rateMetrics: readonly [Metric, ...Metric[]] = [
  { name: "rate", label: "k msg/s", better: "higher", scale: 1e-3, digits: 1 },
  { name: "octets", label: "MB/s", better: "higher", scale: 1e-6, digits: 1 },
  { name: "cpu", label: "CPU µs/msg", better: "lower", scale: 1e6, digits: 3 },
];

/** Turns the receiver's report, and those of processes that worked for it, into the metrics above. */
export function rateMeasurement(size: number, receiver: Report, ...others: readonly Report[]): Measurement {
  const seconds = figure(receiver, "seconds");
  const messages = figure(receiver, "messages");
  const cpu = [receiver, ...others].reduce((sum, report) => sum + figure(report, "cpuSeconds"), 0);
  const rate = messages / seconds;
  return { seconds, values: { rate, octets: rate * size, cpu: cpu / messages } };
}

/** Messages for the first calibration: about a megabyte, within reason. */
export function firstCount(size: number): number {
  return Math.min(20_000, Math.max(200, Math.round(4e6 / (size + 1))));
}

const defaultSizes = [1, 16, 64, 256, 1024, 65_536];

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
  cases: ({ sizes = defaultSizes, transport }) =>
    sizes.map((size) => ({
      name: `${transport}, ${size} ${size === 1 ? "octet" : "octets"}`,
      parameters: { transport, size },
      firstCount: firstCount(size),
      leastWarmUp: 10_000,
      measure: (contender, { count, warmUp, timeout }) =>
        withEndpoint(transport, (endpoint) =>
          withPeers(timeout, async (start) => {
            const local = start(contender.launch("local_thr", endpoint, size, count, warmUp));
            const { ready } = await local.next();
            const remote = start(contender.launch("remote_thr", String(ready), size, count, warmUp));
            const received = await local.next();
            remote.release();
            const sent = await remote.next();
            await Promise.all([local.ended(), remote.ended()]);
            return rateMeasurement(size, received, sent);
          }),
        ),
    })),
};
