// SPDX-License-Identifier: MIT
/**
 * Who is next, plainly: the twins of `src/pattern/fair-queue.ts`, `load-balancer.ts` and `distributor.ts`, for tests to
 * hold equal to them. Each pipe stands in the list `ready` or does not; no pipe knows its own place.
 */

/** The list that is gone round: whoever drops out leaves his place, and with it his turn, to the last one. */
class Circle<P> {
  readonly ready: P[] = [];
  turn = 0;

  get next(): P | undefined {
    return this.ready[this.turn];
  }

  join(pipe: P): void {
    if (!this.ready.includes(pipe)) this.ready.push(pipe);
  }

  passOn(): void {
    this.turn = this.turn + 1 < this.ready.length ? this.turn + 1 : 0;
  }

  leave(pipe: P): void {
    const place = this.ready.indexOf(pipe);
    if (place < 0) return;
    const last = this.ready.pop() as P;
    if (last !== pipe) this.ready[place] = last;
    if (this.turn >= this.ready.length) this.turn = 0;
  }
}

/** What a pipe has to read, in order: messages, subscriptions, and messages that the queue itself has put in. */
export interface PlainSource {
  readonly items: { readonly text: string; readonly kind: "message" | "subscription" | "inserted" }[];
}

/** Takes one message from each pipe in turn. */
export class PlainFairQueue<P extends PlainSource> {
  private readonly pipes: P[] = [];
  private readonly circle = new Circle<P>();
  /** Inserted messages whose pipe has gone. */
  private readonly orphans: string[] = [];
  private readonly onSubscription: (text: string) => void;

  constructor(onSubscription: (text: string) => void) {
    this.onSubscription = onSubscription;
  }

  get size(): number {
    return this.pipes.length;
  }

  attach(pipe: P): void {
    this.pipes.push(pipe);
    this.circle.join(pipe);
  }

  detach(pipe: P, discard: boolean): void {
    const place = this.pipes.indexOf(pipe);
    if (place < 0) return;
    this.pipes.splice(place, 1);
    this.circle.leave(pipe);
    const inserted = pipe.items.filter(({ kind }) => kind === "inserted");
    if (!discard) this.orphans.push(...inserted.map(({ text }) => text));
  }

  /** Something has come to a pipe that was found empty. */
  activate(pipe: P): void {
    if (this.pipes.includes(pipe)) this.circle.join(pipe);
  }

  insert(pipe: P, text: string): void {
    if (!this.pipes.includes(pipe)) {
      this.orphans.push(text);
      return;
    }
    pipe.items.push({ text, kind: "inserted" });
    this.circle.join(pipe);
  }

  read(): { text: string; from: P | undefined } | undefined {
    const orphan = this.orphans.shift();
    if (orphan !== undefined) return { text: orphan, from: undefined };
    for (let pipe = this.circle.next; pipe !== undefined; pipe = this.circle.next) {
      const item = pipe.items.shift();
      if (item === undefined) {
        this.circle.leave(pipe);
        continue;
      }
      if (item.kind === "subscription") {
        this.onSubscription(item.text);
        continue;
      }
      this.circle.passOn();
      return { text: item.text, from: item.kind === "message" ? pipe : undefined };
    }
    return undefined;
  }

  canRead(): boolean {
    if (this.orphans.length > 0) return true;
    for (let pipe = this.circle.next; pipe !== undefined; pipe = this.circle.next) {
      if (pipe.items.length > 0) return true;
      this.circle.leave(pipe);
    }
    return false;
  }
}

/** Where messages go; `room` is what it still takes. */
export interface PlainTarget {
  room: number;
  readonly got: string[];
}

/** Gives each message to the next pipe with room. */
export class PlainLoadBalancer<P extends PlainTarget> {
  private readonly pipes: P[] = [];
  private readonly circle = new Circle<P>();

  get size(): number {
    return this.pipes.length;
  }

  attach(pipe: P): void {
    this.pipes.push(pipe);
    this.circle.join(pipe);
  }

  detach(pipe: P): void {
    const place = this.pipes.indexOf(pipe);
    if (place < 0) return;
    this.pipes.splice(place, 1);
    this.circle.leave(pipe);
  }

  /** A pipe that was found full has room. */
  activate(pipe: P): void {
    if (this.pipes.includes(pipe)) this.circle.join(pipe);
  }

  write(text: string): boolean {
    if (!this.canWrite()) return false;
    const pipe = this.circle.next as P;
    pipe.room -= 1;
    pipe.got.push(text);
    this.circle.passOn();
    return true;
  }

  canWrite(): boolean {
    for (let pipe = this.circle.next; pipe !== undefined; pipe = this.circle.next) {
      if (pipe.room > 0) return true;
      this.circle.leave(pipe);
    }
    return false;
  }
}

/** Gives a message to all that were chosen and have room. */
export class PlainDistributor<P extends PlainTarget> {
  dropped = 0;
  readonly pipes: Set<P> = new Set();
  /** Pipes that were found full, until they say that they have room. */
  private readonly full = new Set<P>();
  private chosen = new Set<P>();

  attach(pipe: P): void {
    this.pipes.add(pipe);
  }

  detach(pipe: P): void {
    this.pipes.delete(pipe);
    this.full.delete(pipe);
    this.chosen.delete(pipe);
  }

  activate(pipe: P): void {
    this.full.delete(pipe);
  }

  match(pipe: P): void {
    this.chosen.add(pipe);
  }

  matchAll(): void {
    this.chosen = new Set(this.pipes);
  }

  invert(): void {
    this.chosen = new Set([...this.pipes].filter((pipe) => !this.chosen.has(pipe)));
  }

  unmatch(): void {
    this.chosen.clear();
  }

  canWrite(): boolean {
    return [...this.chosen].every((pipe) => pipe.room > 0 && !this.full.has(pipe));
  }

  write(text: string): void {
    for (const pipe of this.chosen) {
      if (pipe.room === 0 || this.full.has(pipe)) {
        this.full.add(pipe);
        this.dropped += 1;
      } else {
        pipe.room -= 1;
        pipe.got.push(text);
      }
    }
    this.unmatch();
  }
}
