// SPDX-License-Identifier: MIT
/**
 * For programs with many peers: the warm-up and what is measured are two phases, and the sender waits in between until the
 * benchmark lets it go on. Otherwise a thousand peers' queues, full of the warm-up, would pass for speed. Beside tool.ts.
 */
import { once } from "node:events";
import { report, type ToolArguments } from "./tool.ts";

/** Connections that may wait to be accepted: all of them come at once, and the default of 100 costs seconds of retries. */
export const BACKLOG = 8192;

/** How many peers there are: the argument behind the variant. */
export function readPeers(argv: readonly string[] = process.argv.slice(2)): number {
  const peers = Number(argv[6]);
  if (!(peers > 0)) throw new Error("give the number of peers behind the variant");
  return peers;
}

/** Resolves when the benchmark says that the receiver has all of the warm-up. */
export async function proceeded(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, "data");
}

/** Times what is measured. The receiver starts it with the first message of that phase, which then does not count. */
export class PhaseClock {
  readonly #start = performance.now();
  readonly #cpu = process.cpuUsage();

  report(messages: number): void {
    const seconds = (performance.now() - this.#start) / 1e3;
    const { user, system } = process.cpuUsage(this.#cpu);
    report({ messages, seconds, cpuSeconds: (user + system) / 1e6 });
  }
}

/** A receiver's course: `take` receives exactly so many messages. */
export async function receivePhases(
  { count, warmUp }: Pick<ToolArguments, "count" | "warmUp">,
  peers: number,
  take: (messages: number) => Promise<void>,
): Promise<void> {
  await take(warmUp * peers);
  report({ warm: warmUp * peers });
  await take(1);
  const clock = new PhaseClock();
  const rest = count * peers - 1;
  await take(rest);
  clock.report(rest);
}
