// SPDX-License-Identifier: MIT
/**
 * For programs with many peers: the warm-up and what is measured are two phases, and the sender waits in between until the
 * benchmark lets it go on. Otherwise a thousand peers' queues, full of the warm-up, would pass for speed. Beside tool.ts.
 */
import { once } from "node:events";
import { report, type ToolArguments } from "./tool.ts";

/** Connections that may wait to be accepted: all of them come at once, and the default of 100 costs seconds of retries. */
export const BACKLOG = 8192;

/** What a library's context may need beside one socket for each client. */
export const SPARE_SOCKETS = 16;

/** How many peers there are: the argument behind the variant. */
export function peersOf({ more }: ToolArguments): number {
  const peers = Number(more[0]);
  if (!(peers > 0)) throw new Error("give the number of peers behind the variant");
  return peers;
}

/** Resolves when the benchmark says that the receiver has all of the warm-up. */
export async function proceeded(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, "data");
}

/** Times what is measured: a receiver's begins as soon as it has all of the warm-up. */
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
export async function receivePhases(options: ToolArguments, take: (messages: number) => Promise<void>): Promise<void> {
  const { count, warmUp } = options;
  const peers = peersOf(options);
  await take(warmUp * peers);
  const clock = new PhaseClock();
  report({ warm: warmUp * peers });
  await take(count * peers);
  clock.report(count * peers);
}

/**
 * A crowd of clients' course: in each window each sends so many requests, then takes as many replies. How many is the
 * argument behind the peers.
 */
export async function askPhases(options: ToolArguments, exchange: (window: number) => Promise<void>): Promise<void> {
  const { count, warmUp } = options;
  const clients = peersOf(options);
  const window = Number(options.more[1]);
  if (!(window > 0)) throw new Error("give the number of requests in a window behind that of peers");
  for (let left = warmUp; left > 0; left -= window) await exchange(Math.min(window, left));
  const clock = new PhaseClock();
  for (let left = count; left > 0; left -= window) await exchange(Math.min(window, left));
  clock.report(count * clients);
}
