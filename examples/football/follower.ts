// SPDX-License-Identifier: MIT
/**
 * A follower of the football broadcast: receives the events of one country, and no others. Also runs alone:
 *
 *     npx tsx examples/football/follower.ts --endpoint tcp://127.0.0.1:5000 netherlands
 *
 * In a program of your own, import from "zeromq-ts".
 */
import { parseArgs } from "node:util";
import { Subscriber, type ZmqError } from "../../src/index.ts";
import { FULL_TIME, topicOf } from "./events.ts";
import { whenToldToStop } from "./stop.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    endpoint: { type: "string", default: "tcp://127.0.0.1:5000" },
    /** End when standard input ends, and not on Ctrl-C: another program is in charge. */
    attached: { type: "boolean", default: false },
  },
});
const [country = "netherlands"] = positionals;
const stop = whenToldToStop(values.attached);

const subscriber = new Subscriber();
subscriber.subscribe(topicOf(country));
subscriber.connect(values.endpoint);

try {
  for (let isOver = false; !isOver; ) {
    const [event] = await subscriber.receive({ signal: stop });
    console.log(`received ${event}`);
    isOver = String(event).endsWith(FULL_TIME);
  }
} catch (error) {
  // Told to stop: that is no fault.
  if ((error as ZmqError).code !== "ECANCELED") throw error;
} finally {
  await subscriber.close();
}
