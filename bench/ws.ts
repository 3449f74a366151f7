// SPDX-License-Identifier: MIT
/** Suite "ws": PUSH to PULL through WebSocket (ZWS 2.0), beside libzmq's as npm `zeromq` has it. Neighbours: throughput.ts. */
import { scripted } from "./contenders.ts";
import type { Suite } from "./suite.ts";
import { firstCount, leastWarmUp, measureThroughput, octetsOf, rateMetrics } from "./throughput.ts";

export const ws: Suite = {
  name: "ws",
  title: "Throughput over ws, PUSH → PULL, two processes",
  metrics: rateMetrics,
  baselines: ["zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours-batch", "ours", "ours, trySend / receiveBatch", "ours", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours", "await"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js"),
  ],
  cases: ({ sizes, quick }) =>
    (sizes ?? (quick ? [64] : [16, 64, 1024, 16_384, 65_536])).map((size) => ({
      name: `ws, ${octetsOf(size)}`,
      parameters: { transport: "ws", size },
      firstCount: firstCount(size),
      leastWarmUp: leastWarmUp(size),
      measure: (contender, how) => measureThroughput(contender, { transport: "ws", size, ...how }),
    })),
};
