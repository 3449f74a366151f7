// SPDX-License-Identifier: MIT
/** One direction of a pipe, plainly: the twin of `src/pipe/local-pipe.ts`, for tests to hold equal to it. */

/** What may wait where a writer and a reader have marks: their sum; no limit where one has none; −1 has no say. */
export function plainLimit(outbound: number, inbound: number): number {
  const said = [outbound, inbound].filter((mark) => mark >= 0);
  return said.includes(0) ? 0 : said.reduce((sum, mark) => sum + mark, 0);
}

/** A bounded list that counts as libzmq does: in steps of half the limit the writer hears how much was read. */
export class PlainPipe {
  items: { readonly text: string; readonly isCounted: boolean; readonly isMessage: boolean }[] = [];
  limit: number;
  /** The reader has found nothing, and is to be told when there is something. */
  isStarved = true;
  /** The writer has found no room, and is to be told when there is some. */
  isBlocked = false;
  /** Only the newest message is kept. */
  readonly keepsLast: boolean;
  private written = 0;
  private count = 0;
  /** Messages that were read since a step was full. */
  private unsaid = 0;
  private acknowledged = 0;
  private readonly tell: (event: "readActivated" | "writeActivated") => void;

  constructor(limit: number, keepsLast: boolean, tell: (event: "readActivated" | "writeActivated") => void) {
    this.limit = keepsLast ? 0 : limit;
    this.keepsLast = keepsLast;
    this.tell = tell;
  }

  hasRoom(): boolean {
    const isThere = this.limit === 0 || this.written - this.acknowledged < this.limit;
    if (!isThere) this.isBlocked = true;
    return isThere;
  }

  write(text: string, isMessage: boolean): boolean {
    if (!this.hasRoom()) return false;
    this.written += 1;
    if (this.keepsLast) this.items.pop();
    this.add({ text, isCounted: true, isMessage });
    return true;
  }

  /** State, which has no limit and does not count. */
  subscribe(text: string): void {
    this.add({ text, isCounted: false, isMessage: false });
  }

  hasItem(): boolean {
    if (this.items.length === 0) this.isStarved = true;
    return this.items.length > 0;
  }

  read(): string | undefined {
    if (!this.hasItem()) return undefined;
    const item = this.items.shift();
    if (item?.isCounted === true) this.counted(1);
    return item?.text;
  }

  /** Takes messages that were written as one run. When nothing follows, it is as if they had never waited here. */
  readRun(length: number): string[] {
    const run = this.items.splice(0, length);
    this.counted(length);
    if (this.items.length === 0) {
      this.unsaid = 0;
      this.acknowledge();
    }
    return run.map(({ text }) => text);
  }

  setLimit(limit: number): void {
    this.limit = this.keepsLast ? 0 : limit;
    this.unsaid = this.count % this.step;
    this.acknowledge();
  }

  /** The reader's connection was replaced: what was state for the old one is dropped. */
  hiccup(): void {
    const dropped = this.items.filter(({ isMessage }) => !isMessage);
    this.items = this.items.filter(({ isMessage }) => isMessage);
    for (const { isCounted } of dropped) if (isCounted) this.counted(1);
  }

  private add(item: (typeof this.items)[number]): void {
    this.items.push(item);
    if (this.isStarved) this.tell("readActivated");
    this.isStarved = false;
  }

  private counted(length: number): void {
    this.count += length;
    this.unsaid += length;
    if (this.unsaid < this.step) return;
    this.unsaid %= this.step;
    this.acknowledge();
  }

  private get step(): number {
    return Math.max(1, (this.limit + 1) >> 1);
  }

  private acknowledge(): void {
    this.acknowledged = this.count;
    if (!this.isBlocked || !this.hasRoom()) return;
    this.isBlocked = false;
    this.tell("writeActivated");
  }
}
