// SPDX-License-Identifier: MIT
/**
 * This library matching topics with prefixes: PUB and SUB over inproc in one thread, where nothing else costs much. The
 * same prefixes and topics as libzmq-matching.c.
 *
 *   match <name> <topic-size> <count> <warm-up> <"" | stems> <prefixes>
 */
import { Publisher, Subscriber } from "../../src/index.ts";
import { weigh } from "./gauge.ts";
import { checkSize, RateClock, report, runRole, type ToolArguments } from "./tool.ts";

/** Publications before the subscriber takes what matched; a tenth of it stays below the high-water marks. */
const BURST = 500;
/** Different topics: enough that what they lead to does not all stay in the processor's nearest cache. */
const PROBES = 10_000;
/** One topic in so many matches. */
const HIT_EVERY = 10;

/** Prefix number `index`: `site/42/r07/0113`, behind a stem that all share where it is to be longer. */
function prefix(index: number, size: number): string {
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  const site = digits(index % 100, 2);
  const rack = digits(Math.floor(index / 100) % 100, 2);
  return `site/${site}/r${rack}/${digits(Math.floor(index / 10_000), 4)}`.padStart(size, "stem/");
}

/** Topics as long as prefixes, spread over them; those that match no prefix leave the tree at its last octets or before. */
function probes(prefixes: number, size: number): Buffer[] {
  return Array.from({ length: PROBES }, (_, i) => {
    const topic = Buffer.from(prefix(Math.imul(i, 7919) % prefixes, size));
    if (i % HIT_EVERY !== 0) topic[size - 1 - (i % 11)] = 0x78;
    return topic;
  });
}

async function match({ endpoint, size, count, warmUp, more }: ToolArguments): Promise<void> {
  const prefixes = Number(more[0]);
  const publisher = new Publisher();
  const subscriber = new Subscriber();
  await publisher.bind(endpoint);
  subscriber.connect(endpoint);
  const before = await weigh();
  const start = performance.now();
  for (let i = 0; i < prefixes; i += 1) subscriber.subscribe(prefix(i, size));
  // Whether the last one has arrived.
  const last = prefix(prefixes - 1, size);
  while (!publisher.trySend(last) || subscriber.tryReceive() === undefined) await Promise.resolve();
  const setup = (performance.now() - start) / 1e3;
  const after = await weigh();
  report({ setup, memory: (after.rss - before.rss) / prefixes, heap: (after.heap - before.heap) / prefixes });

  const topics = probes(prefixes, size);
  const clock = new RateClock(warmUp, count);
  let at = 0;
  for (let done = false; !done; ) {
    const burst = Math.min(BURST, clock.next);
    let hits = 0;
    for (let i = 0; i < burst; i += 1) {
      if (at % HIT_EVERY === 0) hits += 1;
      if (!publisher.trySend(topics[at] as Buffer)) throw new Error("a publisher never waits");
      at = at === PROBES - 1 ? 0 : at + 1;
    }
    for (let i = 0; i < hits; i += 1) checkSize(subscriber.tryReceive()?.[0]?.length ?? -1, size);
    if (subscriber.tryReceive() !== undefined) throw new Error("more than what matches arrived");
    done = clock.pass(burst);
  }
  clock.report();
  await subscriber.close();
  await publisher.close();
}

runRole({ match });
