// SPDX-License-Identifier: MIT
/** The plan of the soak that its processes share: lanes with their numbers, limits, and when a round is over. */

/**
 * `steady`: one receiver that reads. `shared`: that, one that sleeps now and then, and one that never reads. `broken`: a
 * receiver whose socket is closed and bound again all the while. `killed`: one whose process is killed all the while.
 * `native`: libzmq. `paced`: a publisher that its quick readers hold back, with others that sleep; `fleeting`: one whose
 * other readers come and go.
 */
export const LANES = [
  "steady.tcp",
  "steady.ipc",
  "shared.tcp",
  "shared.ipc",
  "broken.tcp",
  "broken.ipc",
  "killed.tcp",
  "killed.ipc",
  "native.push",
  "paced.pub",
  "fleeting.pub",
  "native.pub",
] as const;

/** A lane that the source sends on. */
export type Lane = (typeof LANES)[number];

export function laneNumber(lane: Lane): number {
  return LANES.indexOf(lane) + 1;
}

/** Numbers of lanes of requests; each client that comes and goes takes a new one, upwards from `FLEETING_CLIENTS`. */
export const CLIENTS = 100;
export const FLEETING_CLIENTS = 1_000_000;

/** Subscribers say this many messages apart how far they are, and a publisher stays at most so many ahead of the slowest. */
export const CREDIT_EVERY = 150;
export const WINDOW = 450;

/** Topics of what all subscribers want, of what nobody does, and of the greeting by which a subscriber knows it is heard. */
export const DATA: Buffer = Buffer.from("data");
export const NOISE: Buffer = Buffer.from("noise");
export const HELLO: Buffer = Buffer.from("hello");

/** When a round is over: after a time, or when every lane has carried so many messages. */
export type Until = { readonly milliseconds: number } | { readonly messages: number };

/** Says whether a round goes on; each lane tells of its messages. */
export class Round {
  isOver = false;
  private readonly counts = new Map<string, number>();
  private readonly wanted: number;

  constructor(until: Until, lanes: readonly string[]) {
    this.wanted = "messages" in until ? until.messages : Number.POSITIVE_INFINITY;
    for (const lane of lanes) this.counts.set(lane, 0);
    if (lanes.length === 0) this.isOver = true;
    if ("milliseconds" in until) {
      setTimeout(() => {
        this.isOver = true;
      }, until.milliseconds);
    }
  }

  carried(lane: string, count: number): void {
    const left = this.counts.get(lane);
    if (left === undefined) return;
    if (left + count < this.wanted) this.counts.set(lane, left + count);
    else this.counts.delete(lane);
    if (this.counts.size === 0) this.isOver = true;
  }
}

/** Where the lanes are bound. */
export type Endpoints = Readonly<Record<string, string>>;

/** What a process holds, after a full collection. */
export interface Sample {
  /** Octets: heap and buffers outside of it. */
  readonly memory: number;
  /** Octets. */
  readonly resident: number;
  readonly handles: number;
}
