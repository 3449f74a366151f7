// SPDX-License-Identifier: MIT
/**
 * The soak: `node --expose-gc --import tsx test/soak/main.ts --minutes 10`. Prints a line a minute and a verdict; exit code
 * 1 when a message is unaccounted for, or memory grows. With `--role` it is one of the soak's own processes.
 */
import { parseArgs } from "node:util";
import { runSoak } from "./coordinator.ts";
import { serve } from "./wire.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    /** Seconds of traffic between two accounts. */
    round: { type: "string", default: "8" },
    role: { type: "string" },
    folder: { type: "string", default: "" },
  },
});

const roles: Record<string, () => Promise<Parameters<typeof serve>>> = {
  source: async () => {
    const { openSource } = await import("./source.ts");
    const { commands, close } = await openSource(values.folder);
    return [commands, close];
  },
  sink: async () => {
    const { openSink } = await import("./sink.ts");
    const { commands, close } = await openSink(values.folder);
    return [commands, close];
  },
  visitor: async () => {
    const { openVisitor } = await import("./visitor.ts");
    const { commands, close } = openVisitor();
    return [commands, close];
  },
  crowd: async () => {
    const { openCrowd } = await import("./crowd.ts");
    const { commands, close } = openCrowd();
    return [commands, close];
  },
  native: async () => {
    const { openNative } = await import("./native.ts");
    const { commands, close } = openNative();
    return [commands, close];
  },
};

const role = values.role === undefined ? undefined : roles[values.role];
if (role !== undefined) {
  await serve(...(await role()));
} else {
  const end = performance.now() + Number(values.minutes) * 60_000;
  let nextLine = performance.now();
  const verdict = await runSoak({
    until: { milliseconds: Number(values.round) * 500 },
    storm: 400,
    visit: 1500,
    isOver: () => performance.now() >= end,
    onRound: (line) => {
      if (performance.now() < nextLine) return;
      nextLine += 60_000;
      console.log(line);
    },
  });
  for (const line of verdict.summary) console.log(line);
  for (const fault of verdict.faults) console.log(`✗ ${fault}`);
  console.log(verdict.faults.length === 0 ? "The soak is over: everything accounted for." : "The soak has failed.");
  process.exitCode = verdict.faults.length === 0 ? 0 : 1;
}
