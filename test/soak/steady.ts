// SPDX-License-Identifier: MIT
/**
 * Receivers that read all the while and miss nothing: PULL, SUB, and a DEALER whose requests are all answered. They use
 * what this package and npm `zeromq` have in common, so that the same code is also the soak's libzmq.
 */
import type * as ours from "../../src/index.ts";
import { CREDIT_EVERY, type Lane, laneNumber, type Round } from "./lanes.ts";
import { Book, type Faults, makeBody } from "./numbered.ts";

/** A package with ZeroMQ's sockets. */
export type Api = Pick<typeof ours, "Context" | "Pull" | "Push" | "Subscriber" | "Dealer">;

type Sockets = InstanceType<Api["Pull" | "Push" | "Subscriber" | "Dealer"]>;

/** Requests that are under way at a time. */
const OUTSTANDING = 200;

/** Sockets of one package and their books. */
export class Receivers {
  readonly books: Map<string, Book> = new Map();
  readonly clients: Client[] = [];
  private readonly api: Api;
  private readonly context: ours.Context;
  private readonly faults: Faults;
  private readonly sockets: Sockets[] = [];

  constructor(api: Api, faults: Faults) {
    this.api = api;
    this.context = new api.Context();
    this.faults = faults;
  }

  pull(lane: Lane, endpoint: string): void {
    const pull = this.keep(new this.api.Pull({ context: this.context, linger: 0 }));
    const book = this.book(lane, lane, false);
    pull.connect(endpoint);
    this.loop(lane, pull, async () => {
      for await (const [body] of pull) book.enter(body as Buffer);
    });
  }

  /** A subscriber that says how far it is. With a `gate` it may miss messages, and says no more than that it is there. */
  subscribe(name: string, lane: Lane, endpoint: string, credits: string, gate?: Gate): void {
    const sub = this.keep(new this.api.Subscriber({ context: this.context, linger: 0 }));
    const push = this.keep(new this.api.Push({ context: this.context, linger: 0 }));
    const book = this.book(name, lane, gate !== undefined);
    push.connect(credits);
    sub.subscribe("data", "hello");
    sub.connect(endpoint);
    this.loop(name, sub, async () => {
      for await (const [topic, body] of sub) {
        if (String(topic) === "hello") {
          if (book.received === 0) await push.send([name, "0"]);
          continue;
        }
        if (String(topic) !== "data") this.faults.add(`${name}: a message on ${topic}`);
        book.enter(body as Buffer);
        if (gate === undefined && book.received % CREDIT_EVERY === 0) await push.send([name, String(book.received)]);
        if (gate !== undefined) await gate.passes();
      }
    });
  }

  /** A client that sends requests in rounds, with a lane of its own. */
  dealer(name: string, number: number, endpoint: string): void {
    const dealer = this.keep(new this.api.Dealer({ context: this.context, linger: 0 }));
    const client = new Client(dealer, number, this.book(name, number, false));
    dealer.connect(endpoint);
    this.clients.push(client);
    this.loop(name, dealer, () => client.read());
  }

  async close(): Promise<void> {
    await Promise.all(this.sockets.map((socket) => socket.close()));
  }

  book(name: string, lane: Lane | number, mayMiss: boolean): Book {
    const book = new Book(name, typeof lane === "number" ? lane : laneNumber(lane), this.faults, mayMiss);
    this.books.set(name, book);
    return book;
  }

  private keep<T extends Sockets>(socket: T): T {
    this.sockets.push(socket);
    return socket;
  }

  private loop(name: string, socket: Sockets, run: () => Promise<void>): void {
    run().catch((error: unknown) => {
      if (!socket.closed) this.faults.add(`${name}: ${error}`);
    });
  }
}

/** Requests and their answers, in order. */
export class Client {
  readonly book: Book;
  asked = 0;
  private readonly dealer: ours.Dealer;
  private readonly number: number;
  private wake: () => void = () => {};

  constructor(dealer: ours.Dealer, number: number, book: Book) {
    this.dealer = dealer;
    this.number = number;
    this.book = book;
  }

  async read(): Promise<void> {
    for await (const [body] of this.dealer) {
      this.book.enter(body as Buffer);
      this.wake();
    }
  }

  async ask(): Promise<void> {
    await this.dealer.send(makeBody(this.number, this.asked));
    this.asked += 1;
  }

  /** Asks for as long as the round lasts, then waits for all answers. */
  async run(round: Round, lane: string): Promise<void> {
    while (!round.isOver) {
      await this.ask();
      round.carried(lane, 1);
      await this.answered(this.asked - OUTSTANDING);
    }
    await this.answered(this.asked);
  }

  private async answered(count: number): Promise<void> {
    while (this.book.received < count) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** Lets somebody read, or not. */
export class Gate {
  private isOpen = true;
  private waiting: (() => void)[] = [];

  set(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (!isOpen) return;
    for (const wake of this.waiting.splice(0)) wake();
  }

  async passes(): Promise<void> {
    while (!this.isOpen) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
  }
}
