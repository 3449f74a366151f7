// SPDX-License-Identifier: MIT
/** A process with thousands of clients, each of which asks, and checks that it gets its own answer and no other. */
import * as zmq from "../../src/index.ts";
import { nextEvent } from "../support/sockets.ts";
import { Book, Faults, makeBody } from "./numbered.ts";
import type { Commands } from "./wire.ts";

/** Connections that are made at a time: a listener's queue is not much longer. */
const AT_A_TIME = 100;

interface Client {
  readonly dealer: zmq.Dealer;
  readonly lane: number;
  readonly book: Book;
}

export function openCrowd(): { commands: Commands; close: () => Promise<void> } {
  const context = new zmq.Context({ maxSockets: 10_000, defaults: { linger: 0 } });
  const faults = new Faults();
  const clients: Client[] = [];
  const commands = {
    /** Connects until there are so many clients; resolves when each has shaken hands. */
    grow: async ({ endpoint, count }: { endpoint: string; count: number }): Promise<void> => {
      while (clients.length < count) {
        const handshakes: Promise<string>[] = [];
        for (let i = 0; i < AT_A_TIME && clients.length < count; i += 1) {
          const dealer = new zmq.Dealer({ context });
          const lane = clients.length;
          clients.push({ dealer, lane, book: new Book(`client ${lane}`, lane, faults, false) });
          handshakes.push(nextEvent(dealer, "handshake"));
          dealer.connect(endpoint);
        }
        await Promise.all(handshakes);
      }
    },
    /** Lets each client ask so many times, with one request under way; gives what went wrong. */
    exchange: async (each: number): Promise<string[]> => {
      await Promise.all(
        clients.map(async ({ dealer, lane, book }) => {
          for (let i = 0; i < each; i += 1) {
            const number = book.last + 1;
            await dealer.send(makeBody(lane, number));
            const [body] = await dealer.receive();
            book.enter(body as Buffer);
            if (book.last !== number) faults.add(`client ${lane}: ${book.last} instead of ${number}`);
          }
          if (dealer.tryReceive() !== undefined) faults.add(`client ${lane}: one answer too many`);
        }),
      );
      return faults.list;
    },
  };
  return {
    commands,
    close: async () => {
      await Promise.all(clients.map(({ dealer }) => dealer.close()));
    },
  };
}
