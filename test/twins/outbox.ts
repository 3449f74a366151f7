// SPDX-License-Identifier: MIT
/** What waits for a connection, plainly: the twin of `src/engine/outbox.ts`, for tests to hold equal to it. */

/** Everything that is said in a turn goes out in one write at its end, or as soon as it is a lot. */
export class PlainOutbox {
  /** Each write, as one piece. */
  readonly writes: Buffer[] = [];
  isBlocked = false;
  private waiting: Buffer[] = [];
  private isScheduled = false;
  /** The connection takes a write at once. */
  private readonly isQuick: () => boolean;

  constructor(isQuick: () => boolean) {
    this.isQuick = isQuick;
  }

  get pending(): number {
    return Buffer.concat(this.waiting).length;
  }

  say(octets: Buffer): void {
    this.waiting.push(octets);
    if (this.pending >= 65536) this.flush();
    else this.isScheduled = true;
  }

  endTurn(): void {
    if (this.isScheduled) this.flush();
    this.isScheduled = false;
  }

  flush(): void {
    if (this.isBlocked || this.pending === 0) return;
    this.writes.push(Buffer.concat(this.waiting));
    this.waiting = [];
    this.isBlocked = !this.isQuick();
  }

  drained(): void {
    this.isBlocked = false;
    this.flush();
  }
}
