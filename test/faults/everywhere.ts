// SPDX-License-Identifier: MIT
/** A conversation that is played again and again, with its connection broken at another position each time. */
import { type Play, play, positionsIn } from "./play.ts";
import type { Break, Direction } from "./virtual-network.ts";

/** How a connection can end. */
export const BREAKS: readonly Break[] = ["reset", "close", "vanish"];

/** How thoroughly it is done: each so many positions, and from which on. */
export interface Steps {
  readonly every: number;
  readonly from: number;
  /** Not only at some of the greeting, which is the same for all. */
  readonly wholeGreeting: boolean;
}

/** At each position, but for the greeting. */
export const ALL: Steps = { every: 1, from: 0, wholeGreeting: false };

/** Of which positions there is a test. */
export function inWords({ every }: Steps): string {
  return ["every position", "every second position", "every third position"][every - 1] ?? `each ${every}th position`;
}

/** Plays it with a break at each position. */
export async function breakEverywhere(what: Omit<Play, "plan">, how: Break, steps: Steps): Promise<void> {
  const whole = await play({ ...what, plan: {} });
  for (const direction of ["up", "down"] satisfies Direction[]) {
    const positions = positionsIn(whole[direction], steps.wholeGreeting);
    for (let index = steps.from; index < positions.length; index += steps.every) {
      const at = positions[index] as number;
      try {
        await play({ ...what, plan: { fault: { direction, at, how } } });
      } catch (error) {
        throw new Error(`${how} after ${at} octets ${direction}: ${(error as Error).message}`, { cause: error });
      }
    }
  }
}
