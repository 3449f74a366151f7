// SPDX-License-Identifier: MIT
/**
 * Suite "stalled": what a process holds while somebody does not take what comes: a sender at full rate whose peer has
 * stopped reading, and a receiver whose application never receives while its peer sends at full rate. High-water marks
 * bound both, so the figures must be small, and flat once the queues are full. Neighbours: runner.ts, peers/watch.ts.
 */
import { native, scripted } from "./contenders.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Contender, Suite, Workbench } from "./suite.ts";

/** The socket type that is measured, and who does not take from it. */
const strangers = { PUSH: "PULL", PUB: "SUB", ROUTER: "DEALER" } as const;
const SIZE = 1024;

/** Each contender with the program for its own roles; the strangers are the same for all. */
function withStranger(workbench: Workbench, create: (variant: string) => Contender | undefined): Contender[] {
  const contender = create("");
  if (contender === undefined) return [];
  return [
    {
      ...contender,
      launch: (role, endpoint, size, count, warmUp, variant = "", ...more) => {
        const launched = role.startsWith("stranger")
          ? scripted(workbench, contender.id, contender.peer, contender.label, "stranger", String(variant))
          : create(String(variant));
        return (launched ?? contender).launch(role, endpoint, size, count, warmUp, ...more);
      },
    },
  ];
}

function stalledCase(type: keyof typeof strangers | "PULL", milliseconds: number, size: number): Case {
  const sends = type !== "PULL";
  return {
    name: sends ? `${type} at full rate, its peer reads nothing` : "PULL never receives, its peer sends at full rate",
    parameters: { transport: "tcp", type, size },
    // Milliseconds to watch.
    firstCount: milliseconds,
    leastWarmUp: 1,
    isFixed: true,
    measure: (contender, { count, warmUp, timeout }) =>
      withPeers(timeout, async (start) => {
        const role = sends ? "stalled_send" : "stalled_receive";
        const subject = start(contender.launch(role, "tcp://127.0.0.1:*", size, count, warmUp, type));
        const { ready } = await subject.next();
        const [other, peerType] = sends ? ["stranger_silent", strangers[type]] : ["stranger_talks", "PUSH"];
        const stranger = start(contender.launch(other, String(ready), size, 1, 1, peerType));
        figure(await stranger.next(), "met");
        subject.proceed();
        stranger.proceed();
        const report = await subject.next();
        stranger.release();
        subject.release();
        await Promise.all([subject.ended(), stranger.ended()]);
        const seconds = figure(report, "seconds");
        // Not everybody has all: libzmq has no JavaScript.
        const names = ["peak", "growth", "heap", "heapGrowth"].filter((name) => name in report);
        const held = names.map((name) => [name, Math.max(0, figure(report, name))] as const);
        return {
          seconds,
          values: { ...Object.fromEntries(held), offered: figure(report, "offered") / seconds },
        };
      }),
  };
}

export const stalled: Suite = {
  name: "stalled",
  title: "Memory while nobody takes what comes: above the start, and growth once the queues are full",
  metrics: [
    { name: "peak", label: "peak RSS MB", better: "lower", scale: 1e-6, digits: 2 },
    { name: "growth", label: "RSS growth MB", better: "lower", scale: 1e-6, digits: 2 },
    { name: "heap", label: "peak of JavaScript's MB", better: "lower", scale: 1e-6, digits: 2 },
    { name: "heapGrowth", label: "its growth MB", better: "lower", scale: 1e-6, digits: 3 },
    { name: "offered", label: "k sends/s", better: "higher", scale: 1e-3, digits: 0 },
  ],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    ...withStranger(workbench, (variant) => scripted(workbench, "ours", "ours", "ours", "ours-stalled", variant)),
    ...withStranger(workbench, (variant) => native(workbench, "libzmq", "libzmq, C API", variant, "libzmq-stalled")[0]),
    ...withStranger(workbench, (variant) =>
      scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js", "zeromq-js-stalled", variant),
    ),
  ],
  cases: ({ quick, sizes: [size = SIZE] = [] }) => {
    const types = quick ? (["PUSH", "PULL"] as const) : (["PUSH", "PUB", "ROUTER", "PULL"] as const);
    return types.map((type) => stalledCase(type, quick ? 300 : 2_000, size));
  },
};
