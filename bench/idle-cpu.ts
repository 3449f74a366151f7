// SPDX-License-Identifier: MIT
/**
 * Suite "idle-cpu": what sockets of every type, with a hundred tcp connections among them in one process, take of the
 * processor while nothing is sent; and what heartbeats cost them. Neighbours: runner.ts, peers/gauge.ts.
 */
import { native, scripted } from "./contenders.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Suite } from "./suite.ts";

function idleCase(milliseconds: number, heartbeatInterval: number): Case {
  return {
    name: heartbeatInterval === 0 ? "100 connections" : `100 connections, a heartbeat every ${heartbeatInterval} ms`,
    parameters: { transport: "tcp", connections: 100, heartbeatInterval },
    // Milliseconds to watch.
    firstCount: milliseconds,
    leastWarmUp: 1,
    isFixed: true,
    measure: (contender, { count, warmUp, timeout }) =>
      withPeers(timeout, async (start) => {
        const rest = [0, count, warmUp, heartbeatInterval] as const;
        const subject = start(contender.launch("idle_cpu", "tcp://127.0.0.1:*", ...rest));
        const report = await subject.next();
        await subject.ended();
        const seconds = figure(report, "seconds");
        return { seconds, values: { cpu: figure(report, "cpuSeconds") / seconds } };
      }),
  };
}

export const idleCpu: Suite = {
  name: "idle-cpu",
  title: "Processor time of idle sockets of every type, share of one core",
  metrics: [{ name: "cpu", label: "CPU %", better: "lower", scale: 100, digits: 3 }],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours", "ours-idle"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-idle"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js", "zeromq-js-idle"),
  ],
  cases: ({ quick }) => {
    const milliseconds = quick ? 300 : 2_000;
    return [idleCase(milliseconds, 0), idleCase(milliseconds, 1_000)];
  },
};
