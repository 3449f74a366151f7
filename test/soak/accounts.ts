// SPDX-License-Identifier: MIT
/** What the soak's processes have sent, received and missed, and whether that adds up. Pure, so that it is tested. */
import { sizeOfAll } from "./numbered.ts";
import { mayBeLost } from "./verdict.ts";

/** What every process says of itself. */
export interface Account {
  readonly faults: string[];
}

/** The source: answers by what became of them, and what each publisher dropped. */
export interface SourceAccount extends Account {
  readonly answered: number;
  readonly gone: number;
  readonly refused: Record<string, number>;
  /** For each lane, how many messages had left it each time that it lost a connection. */
  readonly losses: Record<string, number[]>;
  readonly dropped: Record<string, number>;
}

/** All incarnations of a receiver that comes and goes. */
export interface Life {
  readonly ended: number;
  readonly received: number;
  readonly lost: number;
  readonly mostLost: number;
  readonly missed: number;
}

/** The sink: what each receiver got and missed. */
export interface SinkAccount extends Account {
  readonly received: Record<string, number>;
  readonly missing: Record<string, number>;
  readonly lives: Record<string, Life>;
  readonly stormed: number;
  readonly requests: { name: string; asked: number; answered: number }[];
}

/** What a receiver's queue may hold: its high-water mark in the largest messages that can follow one another. */
const QUEUE = 1000 * 312 + 2 * 70_000;

/** What does not add up once everybody is awake. `missedByVisitors`: in the middle of what they heard of `fleeting.pub`. */
export function judgeAccounts(source: SourceAccount, sink: SinkAccount, missedByVisitors: number): string[] {
  const faults: string[] = [];
  const equal = (what: string, a: number, b: number): void => {
    if (a !== b) faults.push(`${what}: ${a} and ${b}`);
  };
  const dropped = (lane: string): number => source.dropped[lane] ?? 0;
  // Who is full misses what is dropped for him, and nothing more; nobody else misses anything.
  equal(
    "messages missed by subscribers that slept, and dropped for them",
    (sink.missing["paced.sleeper"] ?? 0) + (sink.missing["paced.stalled"] ?? 0),
    dropped("paced.pub"),
  );
  equal("messages dropped for libzmq, which read all the while", dropped("native.pub"), 0);
  const missed = (sink.lives["fleeting.pub"]?.missed ?? 0) + missedByVisitors;
  if (missed > dropped("fleeting.pub")) {
    faults.push(`fleeting subscribers missed ${missed}, and ${dropped("fleeting.pub")} were dropped for them`);
  }
  for (const { name, asked, answered } of sink.requests) {
    const what = `requests of the ${name}, and answers that it got or had no room for`;
    equal(what, asked, answered + (source.refused[name] ?? 0));
  }
  for (const [lane, { mostLost }] of Object.entries(sink.lives)) {
    if (mostLost > bound(lane)) faults.push(`${lane}: ${mostLost} octets were lost with one connection`);
  }
  return faults;
}

/** What a visitor has heard on a lane: the numbers of the first message and of the last. */
export interface Heard {
  readonly first: number;
  readonly last: number;
}

/**
 * What is wrong with what a lane's visitors have heard, one after another. `losses`: how many had left the sender when it
 * noticed the end of each. These may be lost on the connection; the others wait for the next visitor.
 */
export function judgeVisits(lane: string, visits: readonly Heard[], losses: readonly number[]): string[] {
  const faults: string[] = [];
  let from = 0;
  for (const [index, { first, last }] of visits.entries()) {
    const size = sizeOfAll(from, first);
    if (first < from) faults.push(`${lane}: ${first} was heard by an earlier visitor`);
    if (size > bound(lane))
      faults.push(`${lane}: ${size} octets were lost between two visitors, ${from} to ${first - 1}`);
    // A message that is being taken is not counted yet.
    const kept = index === 0 ? 0 : (losses[index - 1] ?? 0) + 1;
    if (first > kept) faults.push(`${lane}: ${kept} to ${first - 1} waited for the next visitor, and did not come`);
    from = last + 1;
  }
  return faults;
}

function bound(lane: string): number {
  return mayBeLost(lane.endsWith("tcp") ? "tcp" : "ipc", QUEUE);
}
