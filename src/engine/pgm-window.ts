// SPDX-License-Identifier: MIT
/**
 * What one receiver has of one PGM source (RFC 3208 §6): packets in order, and for each that is missing a back-off, a NAK, a wait for
 * its confirmation and one for the repair. What nobody can repair any more is lost, and that is said. Used by `pgm-receiver.ts`.
 */
import type { Clock, Timer } from "../base/clock.ts";
import { after, distance, NAK_LIST } from "../wire/pgm.ts";
import { NAK_BACK_OFF, NCF_RETRIES, NCF_WAIT, REPAIR_RETRIES, REPAIR_WAIT } from "./pgm-settings.ts";

/** What a window needs of whoever holds it. */
export interface PgmWindowHost {
  /** The data of the next packet, in order. False: no more for now, until `resume`. */
  deliver(data: Uint8Array): boolean;
  /** So many packets will never come; what is delivered next comes after them. */
  lost(packets: number): void;
  /** Asks the source; false: it is not known yet where it is. */
  ask(missing: readonly number[]): boolean;
}

/** A packet that is missing. */
interface Missing {
  state: "backOff" | "asked" | "confirmed";
  due: number;
  unconfirmed: number;
  unrepaired: number;
}

/** In the place of data that will never come. */
const LOST = new Uint8Array(0);
/** Timers are set no finer than this: packets of one burst are due together. */
const TICK = 2;

/** The packets of one source. */
export class PgmWindow {
  private readonly size: number;
  private readonly clock: Clock;
  private readonly host: PgmWindowHost;
  private readonly random: () => number;
  /** The next one to deliver, and the newest that is known of; undefined: of none yet. */
  private next = 0;
  private lead: number | undefined = undefined;
  /** Packets from `next` to `lead` that are there; those that are not, in order. */
  private readonly held = new Map<number, Uint8Array>();
  private readonly missing = new Map<number, Missing>();
  private isBlocked = false;
  private timer: Timer | undefined = undefined;
  private due = 0;
  /** Lost, and not told yet. */
  private unsaid = 0;

  constructor(size: number, clock: Clock, host: PgmWindowHost, random: () => number = Math.random) {
    this.size = size;
    this.clock = clock;
    this.host = host;
    this.random = random;
  }

  /** True when nothing is awaited. */
  get isComplete(): boolean {
    return this.missing.size === 0 && this.held.size === 0;
  }

  /** A packet with data has come. */
  data(sequence: number, trail: number, data: Uint8Array): void {
    if (distance(trail, sequence) < 0) return;
    if (this.lead === undefined) this.define(sequence);
    else this.forgo(trail);
    if (distance(this.next, sequence) < 0 || this.held.has(sequence) || !this.makeRoom(sequence)) return;
    this.extend(after(sequence, -1));
    if (distance(this.lead as number, sequence) > 0) this.lead = sequence;
    else this.missing.delete(sequence);
    this.held.set(sequence, data);
    this.flush();
  }

  /** The source says what it has: from `trail` to `lead`. */
  advertised(trail: number, lead: number): void {
    if (distance(trail, lead) < -1) return;
    if (this.lead === undefined) {
      this.define(after(lead, 1));
      return;
    }
    this.forgo(trail);
    if (this.makeRoom(lead)) this.extend(lead);
    this.flush();
  }

  /** The source is about to repair this: nobody need ask for it. */
  confirmed(sequence: number): void {
    if (this.lead === undefined || !this.makeRoom(sequence)) return;
    this.extend(sequence);
    const missing = this.missing.get(sequence);
    if (missing === undefined) return;
    missing.state = "confirmed";
    this.wait(missing, REPAIR_WAIT);
  }

  /** There is room for more. */
  resume(): void {
    this.isBlocked = false;
    this.flush();
  }

  /** It is known now where the source is. */
  reachable(): void {
    for (const missing of this.missing.values()) missing.due = this.clock.now();
    this.tick();
  }

  stop(): void {
    this.timer?.cancel();
    this.held.clear();
    this.missing.clear();
  }

  private define(next: number): void {
    this.next = next;
    this.lead = after(next, -1);
  }

  /** What lies before the source's trail cannot be repaired. */
  private forgo(trail: number): void {
    for (const sequence of this.missing.keys()) {
      if (distance(trail, sequence) >= 0) break;
      this.lose(sequence);
    }
    this.flush();
    if (!this.isBlocked) this.skip(trail);
  }

  /** Everything before `next` that is not even known of is lost. Only while nothing waits to be delivered. */
  private skip(next: number): void {
    const first = after(this.lead as number, 1);
    const count = distance(first, next);
    if (count <= 0 || this.next !== first) return;
    this.unsaid += count;
    this.define(next);
    this.say();
  }

  /** Gives up what is too old to be kept beside this one. False: whoever reads is too slow, and this one must come again. */
  private makeRoom(sequence: number): boolean {
    const first = after(sequence, 1 - this.size);
    if (distance(this.next, first) <= 0) return true;
    if (!this.isBlocked) this.forgo(first);
    return distance(this.next, first) <= 0;
  }

  /** Misses all packets up to this one of which it did not know. */
  private extend(sequence: number): void {
    const known = this.lead as number;
    if (distance(known, sequence) <= 0) return;
    const due = this.clock.now() + this.backOff();
    for (let each = after(known, 1); distance(each, sequence) >= 0; each = after(each, 1))
      this.missing.set(each, { state: "backOff", due, unconfirmed: 0, unrepaired: 0 });
    this.lead = sequence;
    this.awake(due);
  }

  private flush(): void {
    if (this.lead === undefined) return;
    while (!this.isBlocked) {
      const data = this.held.get(this.next);
      if (data === undefined) break;
      this.held.delete(this.next);
      this.next = after(this.next, 1);
      if (data === LOST) {
        this.unsaid += 1;
      } else {
        this.say();
        this.isBlocked = !this.host.deliver(data);
      }
    }
    this.say();
    if (this.timer === undefined || this.missing.size > 0) return;
    this.timer.cancel();
    this.timer = undefined;
  }

  private say(): void {
    const count = this.unsaid;
    if (count === 0) return;
    this.unsaid = 0;
    this.host.lost(count);
  }

  private lose(sequence: number): void {
    this.missing.delete(sequence);
    this.held.set(sequence, LOST);
  }

  // ── NAKs ───────────────────────────────────────────────────────────────────────────────────────────────────────

  private backOff(): number {
    return this.random() * NAK_BACK_OFF;
  }

  private wait(missing: Missing, delay: number): void {
    missing.due = this.clock.now() + delay;
    this.awake(missing.due);
  }

  private awake(due: number): void {
    if (this.timer !== undefined && this.due <= due) return;
    this.timer?.cancel();
    this.due = due;
    this.timer = this.clock.setTimer(Math.max(TICK, due - this.clock.now()), () => {
      this.timer = undefined;
      this.tick();
      this.flush();
    });
  }

  private tick(): void {
    const now = this.clock.now();
    const asked: number[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [sequence, missing] of this.missing) {
      if (missing.due <= now) this.act(sequence, missing, now, asked);
      if (missing.due < next && this.missing.has(sequence)) next = missing.due;
    }
    let isKnown = true;
    for (let at = 0; at < asked.length && isKnown; at += NAK_LIST + 1)
      isKnown = this.host.ask(asked.slice(at, at + NAK_LIST + 1));
    if (!isKnown) for (const sequence of asked) (this.missing.get(sequence) as Missing).state = "backOff";
    if (next < Number.POSITIVE_INFINITY) this.awake(next);
  }

  private act(sequence: number, missing: Missing, now: number, asked: number[]): void {
    switch (missing.state) {
      case "backOff":
        asked.push(sequence);
        missing.state = "asked";
        missing.due = now + NCF_WAIT;
        return;
      case "asked":
        missing.unconfirmed += 1;
        break;
      case "confirmed":
        missing.unrepaired += 1;
        break;
    }
    if (missing.unconfirmed >= NCF_RETRIES || missing.unrepaired >= REPAIR_RETRIES) this.lose(sequence);
    missing.state = "backOff";
    missing.due = now + this.backOff();
  }
}
