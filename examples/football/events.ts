// SPDX-License-Identifier: MIT
/**
 * What can happen in a match. An event is one line of text that begins with the country, so that the country is the topic
 * a follower subscribes to: `netherlands goal`. `publisher.py` does the same in Python.
 */

export const COUNTRIES: readonly string[] = ["netherlands", "brazil", "japan", "argentina", "nigeria", "spain"];

const INCIDENTS = [
  "goal",
  "goal",
  "yellow card",
  "red card",
  "corner",
  "free kick",
  "penalty",
  "offside",
  "substitution",
];

/** Said to the followers of each country when the broadcast ends. */
export const FULL_TIME = "full time";

/** What a follower subscribes to. With the space, `niger` does not get the events of `nigeria`. */
export function topicOf(country: string): string {
  return `${country} `;
}

/** Events without end. Each country has its turn once in every round, in an order that changes. */
export function* inventEvents(countries: readonly string[]): Generator<string> {
  for (;;) {
    const round = [...countries];
    while (round.length > 0) {
      const [country] = round.splice(Math.floor(Math.random() * round.length), 1);
      yield `${country} ${INCIDENTS[Math.floor(Math.random() * INCIDENTS.length)]}`;
    }
  }
}
