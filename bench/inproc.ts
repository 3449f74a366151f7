// SPDX-License-Identifier: MIT
/**
 * Suite "inproc": PUSH to PULL in one process: ours in one thread, libzmq both as its `inproc_thr` does it (a thread a
 * side) and in one thread. Neighbours: throughput.ts (metrics), runner.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import { withPeers } from "./process.ts";
import type { Suite } from "./suite.ts";
import { firstCount, octetsOf, rateMeasurement, rateMetrics } from "./throughput.ts";

export const inproc: Suite = {
  name: "inproc",
  title: "Throughput inside one process, PUSH → PULL",
  metrics: rateMetrics,
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours-batch", "ours", "ours, trySend / tryReceive", "ours", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours", "await"),
    ...native(workbench, "libzmq", "libzmq, C API, two threads", "two"),
    ...native(workbench, "libzmq-one", "libzmq, C API, one thread", "one"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js"),
  ],
  cases: ({ sizes = [16, 1024] }) =>
    sizes.map((size) => ({
      name: `inproc, ${octetsOf(size)}`,
      parameters: { transport: "inproc", size },
      firstCount: firstCount(size),
      leastWarmUp: 10_000,
      measure: (contender, { count, warmUp, timeout }) =>
        withPeers(timeout, async (start) => {
          const only = start(contender.launch("inproc_thr", "inproc://bench", size, count, warmUp));
          let report = await only.next();
          if ("ready" in report) report = await only.next();
          await only.ended();
          return rateMeasurement(size, report);
        }),
    })),
};
