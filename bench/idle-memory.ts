// SPDX-License-Identifier: MIT
/**
 * Suite "idle-memory": what a process holds for each tcp connection on which nothing happens: accepted by a ROUTER, or
 * connected by a PULL. The other sides are light strangers in a process of their own (peers/crowd.ts). What a bare
 * `node:net` socket takes is the floor: the library's part is the difference. Neighbours: runner.ts, peers/gauge.ts.
 */
import { native, scripted } from "./contenders.ts";
import { figure, type PeerProcess, type Report, withPeers } from "./process.ts";
import type { Case, Contender, Measurement, Suite, Workbench } from "./suite.ts";

/**
 * Connections before the first weighing: they have code compiled and pools filled. With 64, the compiler's own pages came
 * after it, and passed for 4 KiB a connection of a bare socket, more than it takes.
 */
const EARLIER = 256;

/** Starts the crowd for its roles, whoever is measured. */
function withCrowd(workbench: Workbench, contender: Contender): Contender {
  const variant = contender.id === "raw" ? "bare" : "";
  const crowd = scripted(workbench, contender.id, contender.peer, contender.label, "crowd", variant);
  return {
    ...contender,
    launch: (role, ...rest) => (role.startsWith("crowd") ? crowd : contender).launch(role, ...rest),
  };
}

function perConnection(count: number, before: Report, after: Report, seconds: number): Measurement {
  const each = (name: string) => Math.max(0, (figure(after, name) - figure(before, name)) / count);
  return { seconds, values: { rss: each("rss"), ...("heap" in after && { heap: each("heap") }) } };
}

async function weigh(subject: PeerProcess): Promise<Report> {
  subject.proceed();
  return subject.next();
}

async function connected(crowd: PeerProcess, count: number): Promise<void> {
  const report = await crowd.next();
  if (figure(report, "connected") !== count) throw new Error(`${count} connections awaited: ${JSON.stringify(report)}`);
}

async function ended(...processes: readonly PeerProcess[]): Promise<void> {
  for (const each of processes) each.release();
  await Promise.all(processes.map((each) => each.ended()));
}

function acceptedCase(connections: number): Case {
  return {
    name: `accepted by a ROUTER, ${connections} connections`,
    parameters: { transport: "tcp", side: "accepted", connections },
    firstCount: connections,
    leastWarmUp: EARLIER,
    isFixed: true,
    measure: (contender, { count, warmUp, timeout }) =>
      withPeers(timeout, async (start) => {
        const began = performance.now();
        const subject = start(contender.launch("idle_accept", "tcp://127.0.0.1:*", 0, count, warmUp));
        const { ready } = await subject.next();
        const crowd = start(contender.launch("crowd_connects", String(ready), 0, count, warmUp));
        await connected(crowd, warmUp);
        const before = await weigh(subject);
        crowd.proceed();
        await connected(crowd, warmUp + count);
        const after = await weigh(subject);
        await ended(subject, crowd);
        return perConnection(count, before, after, (performance.now() - began) / 1e3);
      }),
  };
}

function connectedCase(connections: number): Case {
  return {
    name: `connected by a PULL, ${connections} connections`,
    parameters: { transport: "tcp", side: "connected", connections },
    firstCount: connections,
    leastWarmUp: EARLIER,
    isFixed: true,
    measure: (contender, { count, warmUp, timeout }) =>
      withPeers(timeout, async (start) => {
        const began = performance.now();
        const crowd = start(contender.launch("crowd_accepts", "tcp://127.0.0.1:*", 0, count, warmUp));
        const { ready } = await crowd.next();
        const subject = start(contender.launch("idle_connect", String(ready), 0, count, warmUp));
        await connected(crowd, warmUp);
        const before = await weigh(subject);
        await connected(crowd, warmUp + count);
        const after = await weigh(subject);
        await ended(subject, crowd);
        return perConnection(count, before, after, (performance.now() - began) / 1e3);
      }),
  };
}

export const idleMemory: Suite = {
  name: "idle-memory",
  title: "Memory of an idle tcp connection",
  metrics: [
    { name: "rss", label: "RSS KiB", better: "lower", scale: 1 / 1024, digits: 2 },
    { name: "heap", label: "JavaScript's KiB", better: "lower", scale: 1 / 1024, digits: 2 },
  ],
  baselines: ["raw", "libzmq", "zeromq.js"],
  contenders: (workbench) =>
    [
      scripted(workbench, "ours", "ours", "ours", "ours-idle"),
      scripted(workbench, "raw", "raw", "raw node:net, a data handler", "raw-idle"),
      ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-idle"),
      scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js", "zeromq-js-idle"),
    ].map((contender) => withCrowd(workbench, contender)),
  cases: ({ quick }) =>
    (quick ? [200] : [1000, 5000]).flatMap((connections) => [acceptedCase(connections), connectedCase(connections)]),
};
