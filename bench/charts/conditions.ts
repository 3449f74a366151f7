// SPDX-License-Identifier: MIT
/** The conditions of a suite's figures in a sentence or two, for charts and documents. Neighbours: machine.ts, charts.ts. */
import type { Conditions } from "../results.ts";

export function conditions({ started, machine, options }: Conditions): string {
  const { rounds, time, quick, source, pin } = options;
  const { node, libzmq, ...versions } = machine.versions;
  const binding = versions["zeromq.js"];
  const bound = versions["libzmq in zeromq.js"];
  const programs = [
    ...(node === undefined ? [] : [`Node.js ${node}`]),
    ...(libzmq === undefined ? [] : [`libzmq ${libzmq}`]),
    ...(binding === undefined ? [] : [`npm zeromq ${binding}${bound === undefined ? "" : ` (libzmq ${bound})`}`]),
  ];
  const parts = [
    `Median of ${rounds} interleaved ${rounds === 1 ? "round" : "rounds"} of about ${time} s.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.system.split("-")[0]}; ${programs.join(", ")}; ${started.slice(0, 10)}.`,
    ...(pin === undefined ? [] : [`All processes on core ${pin}.`]),
    ...(source ? ["TypeScript sources through tsx."] : []),
    ...(quick ? ["A quick look: too short for figures."] : []),
  ];
  return parts.join(" ");
}
