// SPDX-License-Identifier: MIT
/**
 * Receivers that come and go: each incarnation is a new socket, which reads a while and is closed in the middle of the
 * traffic. What one of them hears has no gap, and comes after all that an earlier one has heard.
 */
import * as zmq from "../../src/index.ts";
import { bindAgain } from "../support/implementations.ts";
import { nextEvent } from "../support/sockets.ts";
import { type Lane, laneNumber } from "./lanes.ts";
import { Book, type Faults, makeBody, readBody, sizeOfAll } from "./numbered.ts";

/** What is known of all incarnations of one receiver. */
export class Lives {
  /** Number of incarnations that have ended. */
  ended = 0;
  received = 0;
  /** The last number that one has heard. */
  last = -1;
  /** Messages between incarnations that nobody heard, and the most octets of them at once. */
  lost = 0;
  mostLost = 0;
  /** Messages missed in the middle of an incarnation. */
  missed = 0;
  private readonly name: string;
  private readonly lane: Lane;
  private readonly faults: Faults;
  private readonly mayMiss: boolean;

  constructor(name: string, lane: Lane, faults: Faults, mayMiss: boolean) {
    this.name = name;
    this.lane = lane;
    this.faults = faults;
    this.mayMiss = mayMiss;
  }

  /** A new incarnation's book: it begins wherever the first message says. */
  begin(): (body: Buffer) => void {
    let book: Book | undefined;
    return (body) => {
      if (book === undefined) {
        book = new Book(`${this.name}, life ${this.ended}`, laneNumber(this.lane), this.faults, this.mayMiss);
        book.last = readBody(laneNumber(this.lane), body) - 1;
        this.between(book.last + 1);
      }
      const before = book.missing;
      this.last = Math.max(this.last, book.enter(body));
      this.missed += book.missing - before;
      this.received += 1;
    };
  }

  /** The first message of an incarnation. */
  private between(first: number): void {
    if (first <= this.last) this.faults.add(`${this.name}: ${first} was heard in an earlier life`);
    this.lost += Math.max(0, first - this.last - 1);
    // A subscriber that is away misses anything; a PULL only what was on the connection.
    if (!this.mayMiss) this.mostLost = Math.max(this.mostLost, sizeOfAll(this.last + 1, first));
  }
}

/** How long each incarnation lasts, in messages: all sorts. */
function lifetime(life: number): number {
  return 1 + ((life * 71) % 400);
}

/** A PULL that is bound again and again at the same endpoint. */
export class FleetingPull {
  readonly lives: Lives;
  endpoint = "";
  /** True: the incarnation that lives now goes on living. */
  isHeld = false;
  private readonly context: zmq.Context;
  private pull: zmq.Pull;
  /** Incarnations that are still to come in a storm. */
  private stormy = 0;
  private calm: () => void = () => {};
  private isOver = false;

  constructor(context: zmq.Context, lane: Lane, faults: Faults) {
    this.context = context;
    this.lives = new Lives(lane, lane, faults, false);
    this.pull = new zmq.Pull({ context });
  }

  async bind(wildcard: string): Promise<void> {
    await this.pull.bind(wildcard);
    this.endpoint = this.pull.lastEndpoint as string;
  }

  async run(): Promise<void> {
    for (;;) {
      await this.live();
      if (this.isOver) return;
      this.pull = new zmq.Pull({ context: this.context });
      await bindAgain(this.pull, this.endpoint);
    }
  }

  /** Ends the incarnation that lives now, and many more as soon as somebody has connected; nothing may be under way. */
  async storm(count: number): Promise<void> {
    this.stormy = count;
    const over = new Promise<void>((resolve) => {
      this.calm = resolve;
    });
    await this.pull.close();
    await over;
  }

  private async live(): Promise<void> {
    if (this.stormy > 0) {
      await nextEvent(this.pull, "handshake");
      this.stormy -= 1;
      if (this.stormy > 0) {
        await this.pull.close();
        this.lives.ended += 1;
        return;
      }
      this.calm();
    }
    const enter = this.lives.begin();
    for (let left = lifetime(this.lives.ended); left > 0 || this.isHeld; ) {
      const batch = await this.pull.receiveBatch(this.isHeld ? 100 : left).catch(() => undefined);
      if (batch === undefined) return;
      for (const [body] of batch) enter(body as Buffer);
      left -= batch.length;
    }
    await this.pull.close();
    this.lives.ended += 1;
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.pull.close();
  }
}

/** A subscriber that is made anew, or disconnects and connects, again and again. */
export class FleetingSub {
  readonly lives: Lives;
  private readonly context: zmq.Context;
  private readonly endpoints: readonly string[];
  private sub: zmq.Subscriber;
  private isOver = false;

  constructor(context: zmq.Context, lane: Lane, endpoints: readonly string[], faults: Faults) {
    this.context = context;
    this.endpoints = endpoints;
    this.lives = new Lives(`a fleeting subscriber to ${lane}`, lane, faults, true);
    this.sub = this.open();
  }

  private open(): zmq.Subscriber {
    const sub = new zmq.Subscriber({ context: this.context });
    sub.subscribe("data");
    return sub;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      const { ended } = this.lives;
      const endpoint = this.endpoints[ended % this.endpoints.length] as string;
      this.sub.connect(endpoint);
      const enter = this.lives.begin();
      for (let left = lifetime(ended); left > 0; ) {
        const batch = await this.sub.receiveBatch(left).catch(() => undefined);
        if (batch === undefined) return;
        for (const [, body] of batch) enter(body as Buffer);
        left -= batch.length;
      }
      this.sub.disconnect(endpoint);
      if (ended % 3 === 0) {
        await this.sub.close();
        if (!this.isOver) this.sub = this.open();
      }
      this.lives.ended += 1;
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.sub.close();
  }
}

/**
 * A client that is made anew again and again; every other one takes the routing id of the one before, and may then hear
 * what was for that.
 */
export class FleetingDealer {
  ended = 0;
  received = 0;
  /** Answers to clients that had gone. */
  forOthers = 0;
  private readonly context: zmq.Context;
  private readonly endpoints: readonly string[];
  private readonly faults: Faults;
  private readonly name: string;
  private readonly firstLane: number;
  private dealer: zmq.Dealer | undefined = undefined;
  private isOver = false;

  /** `firstLane`: no client of this name, in this process or another, has had it or a higher one before. */
  constructor(context: zmq.Context, name: string, firstLane: number, endpoints: readonly string[], faults: Faults) {
    this.context = context;
    this.name = name;
    this.firstLane = firstLane;
    this.endpoints = endpoints;
    this.faults = faults;
  }

  /** Goes on for as long as the round does. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver() && !this.isOver) {
      const isNamed = this.ended % 2 === 1;
      const dealer = new zmq.Dealer({ context: this.context, ...(isNamed ? { routingId: this.name } : {}) });
      this.dealer = dealer;
      dealer.connect(this.endpoints[this.ended % this.endpoints.length] as string);
      const lane = this.firstLane + this.ended;
      const book = new Book(`${this.name}, life ${this.ended}`, lane, this.faults, false);
      const count = lifetime(this.ended);
      for (let number = 0; number < count; number += 1) await dealer.send(makeBody(lane, number));
      while (book.received < count) {
        const batch = await dealer.receiveBatch(count).catch(() => undefined);
        if (batch === undefined) return;
        for (const [body] of batch) {
          if (isNamed && (body as Buffer).readUInt32LE(0) < lane) this.forOthers += 1;
          else book.enter(body as Buffer);
        }
        // Some leave before they have all that they have asked for.
        if (this.ended % 4 >= 2) break;
      }
      await dealer.close();
      this.received += book.received;
      this.ended += 1;
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.dealer?.close();
  }
}
