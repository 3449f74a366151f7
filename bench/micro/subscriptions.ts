// SPDX-License-Identifier: MIT
/**
 * Nanoseconds to match, add and remove a subscription, with 1 to a million prefixes held, and the memory they take.
 * `node --expose-gc --import tsx bench/micro/subscriptions.ts [milliseconds per figure]`
 */
import { parseArgs } from "node:util";
import { OwnSubscriptions, Subscriptions } from "../../src/pattern/subscriptions.ts";

const COUNTS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
const PIPES = 100;
const PROBES = 1024;
const BATCH = 4096;
const duration = Number(parseArgs({ allowPositionals: true }).positionals[0] ?? 200);

/** Topics of about twenty octets that share their beginnings, as topics of applications do. */
function topicOf(number: number): Uint8Array {
  const scattered = Math.imul(number, 2654435761) >>> 0;
  return new TextEncoder().encode(`market.${number % 17}.${scattered.toString(36)}.price`);
}

/** Best of the batches, as other work on the machine only slows them. */
function nanoseconds(batch: () => void): string {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + duration;
  for (let start = performance.now(); start < end; ) {
    batch();
    const now = performance.now();
    best = Math.min(best, ((now - start) * 1e6) / BATCH);
    start = now;
  }
  return best.toFixed(0).padStart(9);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

console.log(" prefixes | match hit | match miss | own hit | add+remove | pipe leaves | octets each");
for (const count of COUNTS) {
  const pipes = Array.from({ length: PIPES }, () => ({}));
  const before = heap();
  const subscriptions = new Subscriptions<object>();
  for (let i = 0; i < count; i += 1) subscriptions.add(topicOf(i), pipes[i % PIPES] as object);
  const octets = (heap() - before) / count;
  const own = new OwnSubscriptions();
  for (let i = 0; i < count; i += 1) own.add(topicOf(i));

  const hits = Array.from({ length: PROBES }, (_, i) => topicOf((i * 7919) % count));
  const misses = hits.map((topic) => Uint8Array.from(topic, (octet, i) => (i === topic.length - 1 ? 33 : octet)));
  let found = 0;
  const count1 = (): void => {
    found += 1;
  };
  const matchAll = (topics: readonly Uint8Array[]) => (): void => {
    for (let i = 0; i < BATCH; i += 1) subscriptions.match(topics[i % PROBES] as Uint8Array, count1);
  };
  const extra = Array.from({ length: PROBES }, (_, i) => topicOf(count + i));
  const figures = [
    nanoseconds(matchAll(hits)),
    nanoseconds(matchAll(misses)),
    nanoseconds(() => {
      for (let i = 0; i < BATCH; i += 1) if (own.matches(hits[i % PROBES] as Uint8Array)) found += 1;
    }),
    nanoseconds(() => {
      for (let i = 0; i < BATCH; i += 1) {
        const topic = extra[i % PROBES] as Uint8Array;
        subscriptions.add(topic, pipes[0] as object);
        subscriptions.remove(topic, pipes[0] as object);
      }
    }),
  ];
  const start = performance.now();
  subscriptions.removePipe(pipes[0] as object, count1);
  const leaving = ((performance.now() - start) * 1e6) / Math.ceil(count / PIPES);
  console.log(
    `${String(count).padStart(9)} |${figures.join("  |")} |${leaving.toFixed(0).padStart(11)}  |${octets.toFixed(0).padStart(10)}`,
  );
  if (found === 0) throw new Error("nothing matched");
}
