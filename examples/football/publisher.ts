// SPDX-License-Identifier: MIT
/**
 * The publisher of the football broadcast: announces events to whoever follows their country. Also runs alone:
 *
 *     npx tsx examples/football/publisher.ts --endpoint tcp://127.0.0.1:5000
 *
 * In a program of your own, import from "zeromq-ts".
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { XPublisher, type ZmqError } from "../../src/index.ts";
import { COUNTRIES, FULL_TIME, inventEvents } from "./events.ts";
import { whenToldToStop } from "./stop.ts";

const { values } = parseArgs({
  options: {
    endpoint: { type: "string", default: "tcp://127.0.0.1:5000" },
    countries: { type: "string", default: COUNTRIES.join(",") },
    /** Followers to wait for before the first event. */
    followers: { type: "string", default: "0" },
    count: { type: "string", default: "Infinity" },
    interval: { type: "string", default: "500" },
    /** End when standard input ends, and not on Ctrl-C: another program is in charge. */
    attached: { type: "boolean", default: false },
  },
});
const countries = values.countries.split(",");
const stop = whenToldToStop(values.attached);

/**
 * A publisher drops what nobody has subscribed to, and a subscription takes its time to arrive: a publisher that starts
 * talking at once loses its first events to every subscriber, however early that one was started. Waiting a second only
 * hides this. An XPUB socket is a publisher that *sees* the subscriptions, so this one waits for as many as it
 * expects. `allSubsUnsubs`: tell of each, also when two followers want the same country.
 */
const publisher = new XPublisher({ verbosity: "allSubsUnsubs" });

/** Reads subscriptions for as long as the socket is open; resolves once there are as many followers as wanted. */
function whenFollowed(wanted: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let followers = 0;
    const read = async () => {
      if (wanted === 0) resolve();
      // A subscription is one octet, 1 or 0 for one that ends, and then the topic.
      for await (const [notice = Buffer.of()] of publisher) {
        const topic = notice.subarray(1).toString().trim();
        followers += notice[0] === 1 ? 1 : -1;
        console.log(`${notice[0] === 1 ? "followed" : "unfollowed"} ${topic}`);
        if (followers >= wanted) resolve();
      }
    };
    stop.addEventListener("abort", () => resolve());
    read().catch(reject);
  });
}

async function broadcast(): Promise<void> {
  let left = Number(values.count);
  for (const event of inventEvents(countries)) {
    if (stop.aborted || left <= 0) break;
    left -= 1;
    console.log(`announced ${event}`);
    await publisher.send(event);
    if (left > 0) await sleep(Number(values.interval), undefined, { signal: stop }).catch(() => {});
  }
  for (const country of countries) await publisher.send(`${country} ${FULL_TIME}`);
}

try {
  await publisher.bind(values.endpoint);
  console.log(`listening ${publisher.lastEndpoint}`);
  await whenFollowed(Number(values.followers));
  await broadcast();
  // Resolves when the connections have taken everything: no event is cut off at the end either. One follower that does
  // not read at all holds this up for two seconds.
  await publisher.close({ linger: 2000 });
} catch (error) {
  const { code, message } = error as ZmqError;
  const advice =
    code === "EADDRINUSE"
      ? `${values.endpoint} is taken: another program listens there. Stop it, or choose another port (--port).`
      : message;
  console.error(advice);
  process.exitCode = 1;
  await publisher.close({ linger: 0 });
}
