// SPDX-License-Identifier: MIT
/**
 * Suite "multipart": PUSH to PULL between two processes, by the number of parts in a message. Every contender sends and
 * takes whole messages of the same parts, and its receiver checks their number and sizes. Neighbours: throughput.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import type { BenchOptions, Suite } from "./suite.ts";
import { firstCount, leastWarmUp, measureThroughput, octetsOf, rateMetrics } from "./throughput.ts";

const [rate, octets, cpu] = rateMetrics;

interface Shape {
  readonly parts: number;
  /** Octets of each part. */
  readonly size: number;
}

function shapes({ sizes, quick }: Pick<BenchOptions, "sizes" | "quick">): readonly Shape[] {
  const small = quick ? [2, 10] : [1, 2, 10, 100];
  if (sizes !== undefined) return sizes.flatMap((size) => small.map((parts) => ({ parts, size })));
  return [...small.map((parts) => ({ parts, size: 16 })), ...[2, 10].map((parts) => ({ parts, size: 1024 }))];
}

export const multipart: Suite = {
  name: "multipart",
  title: "Throughput of messages in several parts, PUSH → PULL, two processes",
  metrics: [rate, { name: "parts", label: "k parts/s", better: "higher", scale: 1e-3, digits: 1 }, octets, cpu],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours-batch", "ours", "ours, trySend / receiveBatch", "ours-multipart", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours-multipart", "await"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-multipart"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js-multipart"),
  ],
  cases: ({ transport, sizes, quick }) =>
    shapes({ sizes, quick }).map(({ parts, size }) => ({
      name: `${transport}, ${parts} × ${octetsOf(size)}`,
      parameters: { transport, parts, size },
      firstCount: firstCount(parts * size),
      leastWarmUp: leastWarmUp(parts * size),
      measure: async (contender, how) => {
        const { seconds, values } = await measureThroughput(contender, { transport, size, parts, ...how });
        return { seconds, values: { ...values, parts: (values["rate"] ?? Number.NaN) * parts } };
      },
    })),
};
