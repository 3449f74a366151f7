// SPDX-License-Identifier: MIT
/** Describes where and with what a benchmark ran; without it no figure means anything. Neighbours: main.ts, report-json.ts. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import type { Workbench } from "./suite.ts";

export interface Machine {
  readonly cpu: string;
  /** Cores that this process may use. */
  readonly cores: number;
  /** Octets. */
  readonly memory: number;
  readonly system: string;
  /** Processes that wanted a core in the last minute before the run. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(workbench: Workbench): Machine {
  const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const versions: Record<string, string> = { "zeromq-ts": own.version, node: process.versions.node };
  if ("version" in workbench.native) versions["libzmq"] = workbench.native.version;
  try {
    const require = createRequire(import.meta.url);
    const binding = require("zeromq") as { version: string };
    versions["zeromq.js"] = (require("zeromq/package.json") as { version: string }).version;
    versions["libzmq in zeromq.js"] = binding.version;
  } catch {
    // Not installed: its rows say so.
  }
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? 0,
    versions,
  };
}

export function machineLine({ cpu, cores, system, load, versions }: Machine): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cpu}, ${cores} cores, ${system}, load ${load.toFixed(1)} at the start; ${programs.join(", ")}`;
}
