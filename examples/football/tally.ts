// SPDX-License-Identifier: MIT
/** Compares what was announced about a country with what its follower received, event by event and in order. */

/** The account of one follower. */
export class Tally {
  /** Events announced about the country. */
  announced = 0;
  /** Of these, how many arrived, in order. */
  arrived = 0;
  /** Of these, how many never came: a later one did. */
  missed = 0;
  /** The follower has ended: what is announced from now on is missed. */
  isOver = false;
  private readonly outstanding: string[] = [];
  private readonly early: string[] = [];

  announce(event: string): void {
    this.announced += 1;
    if (this.isOver) {
      this.missed += 1;
      return;
    }
    this.outstanding.push(event);
    this.settle();
  }

  receive(event: string): void {
    this.early.push(event);
    this.settle();
  }

  /** Whether everything that was announced has arrived, and nothing else has. */
  get isEven(): boolean {
    return this.missed === 0 && this.outstanding.length === 0 && this.early.length === 0;
  }

  /** The two processes report through pipes of their own: either may be ahead of the other. */
  private settle(): void {
    for (let [event] = this.early; event !== undefined; [event] = this.early) {
      const at = this.outstanding.indexOf(event);
      if (at < 0) return;
      this.outstanding.splice(0, at + 1);
      this.early.shift();
      this.missed += at;
      this.arrived += 1;
    }
  }
}
