// SPDX-License-Identifier: MIT
/**
 * A connection that breaks at every position of its handshake and of what follows: reset, closed or gone without a word, in
 * both directions, for each pair of socket types in both roles. What was lost is what had been handed to the connection.
 */
import { test } from "node:test";
import { ALL, BREAKS, breakEverywhere, inWords } from "./everywhere.ts";
import { type Pairing, pairings } from "./pairings.ts";

for (const pairing of pairings) {
  for (const binder of [0, 1] as const) {
    const title = `${pairing.title}, ${binder === 0 ? "the first" : "the second"} bound`;
    for (const [index, how] of BREAKS.entries()) {
      const every = pairing.isAkin === true ? 3 : how === "reset" ? 1 : 2;
      const wholeGreeting = pairing.title === "PUSH and PULL" && binder === 0;
      const steps = { every, from: (index + binder) % every, wholeGreeting };
      test(`${title}: ${how} at ${inWords(steps)}`, () => breakEverywhere({ pairing, binder }, how, steps));
    }
  }
}

for (const how of BREAKS) {
  const pairing = pairings.find(({ title }) => title === "DEALER and ROUTER") as Pairing;
  test(`heartbeats: ${how} at every position of PING and PONG`, () =>
    breakEverywhere({ pairing, binder: 1, beats: true }, how, ALL));
}
