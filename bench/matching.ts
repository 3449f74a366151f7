// SPDX-License-Identifier: MIT
/**
 * Suite "matching": publications a second while 1 to a million prefixes are subscribed to, one in ten of which matches:
 * PUB and SUB over inproc, in one thread, so that matching is most of the work. Neighbours: runner.ts, peers/*-matching.
 */
import { native, scripted } from "./contenders.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Suite } from "./suite.ts";

/** Topics and prefixes alike: `site/42/r07/0113`, and a longer one behind a stem that all share. */
const SIZE = 16;
const LONG_SIZE = 64;
/** Fewer prefixes weigh less than what a process takes up by and by. */
const WEIGHED = 10_000;

function matchingCase(prefixes: number, size: number): Case {
  const stem = size === SIZE ? "" : `, topics of ${size} octets with a common stem`;
  return {
    name: `${prefixes.toLocaleString("en")} ${prefixes === 1 ? "prefix" : "prefixes"}${stem}`,
    parameters: { transport: "inproc", prefixes, size },
    firstCount: 20_000,
    leastWarmUp: 50_000,
    measure: (contender, { count, warmUp, timeout }) =>
      withPeers(timeout, async (start) => {
        const only = start(contender.launch("match", "inproc://bench", size, count, warmUp, prefixes));
        const before = await only.next();
        const report = await only.next();
        await only.ended();
        const seconds = figure(report, "seconds");
        const messages = figure(report, "messages");
        return {
          seconds,
          values: {
            rate: messages / seconds,
            setup: figure(before, "setup"),
            ...(prefixes >= WEIGHED && { memory: Math.max(0, figure(before, "memory")) }),
            cpu: figure(report, "cpuSeconds") / messages,
          },
        };
      }),
  };
}

export const matching: Suite = {
  name: "matching",
  title: "Subscription matching, PUB → SUB in one thread, one topic in ten matches",
  metrics: [
    { name: "rate", label: "k publications/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "setup", label: "s to subscribe", better: "lower", scale: 1, digits: 3 },
    { name: "memory", label: "octets/prefix", better: "lower", scale: 1, digits: 0 },
    { name: "cpu", label: "CPU µs/publication", better: "lower", scale: 1e6, digits: 3 },
  ],
  baselines: ["libzmq"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, trySend / tryReceive", "ours-matching"),
    ...native(workbench, "libzmq", "libzmq, C API, one thread", "", "libzmq-matching"),
  ],
  cases: ({ quick }) => [
    ...(quick ? [1, WEIGHED] : [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]).map((count) =>
      matchingCase(count, SIZE),
    ),
    matchingCase(quick ? WEIGHED : 100_000, LONG_SIZE),
  ],
};
