// SPDX-License-Identifier: MIT
/** What the JavaScript programs of the "proxy" suite share. Neighbours: phases.ts, tool.ts, the programs. */
import { once } from "node:events";
import { report, type ToolArguments } from "./tool.ts";

/** Requests under way; below every high-water mark. As in libzmq-proxy.c. */
export const WINDOW = 100;

/** ROUTER and DEALER, instead of PULL and PUSH. */
export function isRequests({ more }: ToolArguments): boolean {
  return more[0] === "requests";
}

/** Reports the processor time of this process so far for each line on its standard input, and at its end. */
export async function reportCpuUntilReleased(): Promise<void> {
  const reportCpu = () => {
    const { user, system } = process.cpuUsage();
    report({ cpuSeconds: (user + system) / 1e6 });
  };
  process.stdin.on("data", reportCpu);
  await once(process.stdin, "end");
  reportCpu();
}
