// SPDX-License-Identifier: MIT
/** The receiving process of the soak: quick readers, sleepers, one that never reads, and receivers that come and go. */
import * as zmq from "../../src/index.ts";
import { FleetingDealer, FleetingPull, FleetingSub } from "./fleeting.ts";
import { CLIENTS, type Endpoints, FLEETING_CLIENTS, type Lane, laneNumber, Round, type Until } from "./lanes.ts";
import { Book, Faults, makeBody, SharedBook } from "./numbered.ts";
import { sample } from "./source.ts";
import { Gate, Receivers } from "./steady.ts";
import type { Commands } from "./wire.ts";

/** Requests of each sleeping client in half a round: enough to fill its queues in the first. */
const ASKED_ASLEEP = 3000;

/** A client that asks and does not read. */
class Sleeper {
  readonly name: string;
  readonly book: Book;
  asked = 0;
  private readonly dealer: zmq.Dealer;
  private readonly number: number;

  constructor(context: zmq.Context, name: string, number: number, endpoint: string, faults: Faults, gate: Gate) {
    this.name = name;
    this.number = number;
    this.dealer = new zmq.Dealer({ context, routingId: name });
    this.book = new Book(name, number, faults, true);
    this.dealer.connect(endpoint);
    void this.read(gate);
  }

  async ask(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      await this.dealer.send(makeBody(this.number, this.asked));
      this.asked += 1;
    }
  }

  private async read(gate: Gate): Promise<void> {
    for await (const [body] of this.dealer) {
      this.book.enter(body as Buffer);
      await gate.passes();
    }
  }

  close(): Promise<void> {
    return this.dealer.close();
  }
}

/** Opens the sink's sockets; gives what it can be asked. */
export async function openSink(folder: string): Promise<{ commands: Commands; close: () => Promise<void> }> {
  const context = new zmq.Context({ defaults: { linger: 0, reconnectInterval: 1 } });
  const faults = new Faults();
  const steady = new Receivers(zmq, faults);
  const shared = new Map<Lane, SharedBook>();
  const sleeping = new Gate();
  const stalled = new Gate();
  const pulls: zmq.Pull[] = [];
  const sleepers: Sleeper[] = [];
  const fleetingPulls = new Map<Lane, FleetingPull>();
  let fleetingSub: FleetingSub | undefined;
  let fleetingDealer: FleetingDealer | undefined;
  let routers: string[] = [];
  /** Connections that came and went in storms. */
  let stormed = 0;

  /** Three receivers of one PUSH: one that reads, one that sleeps now and then, one that never reads. */
  const share = (lane: Lane, endpoint: string): void => {
    const together = new SharedBook(lane, faults);
    shared.set(lane, together);
    for (const [name, gate] of [
      ["quick", undefined],
      ["sleeper", sleeping],
      ["stalled", stalled],
    ] as const) {
      const pull = new zmq.Pull({ context });
      pulls.push(pull);
      const book = new Book(`${lane}: ${name}`, laneNumber(lane), faults, true);
      pull.connect(endpoint);
      void (async () => {
        for await (const [body] of pull) {
          together.enter(book.enter(body as Buffer));
          await gate?.passes();
        }
      })();
    }
  };

  const open = async (endpoints: Endpoints): Promise<Endpoints> => {
    const at = (name: string): string => endpoints[name] as string;
    const credits = at("credits.ipc");
    for (const lane of ["steady.tcp", "steady.ipc"] as const) steady.pull(lane, at(lane));
    for (const lane of ["shared.tcp", "shared.ipc"] as const) share(lane, at(lane));
    steady.subscribe("paced.tcp", "paced.pub", at("paced.pub.tcp"), credits);
    steady.subscribe("paced.ipc", "paced.pub", at("paced.pub.ipc"), credits);
    steady.subscribe("paced.sleeper", "paced.pub", at("paced.pub.tcp"), credits, sleeping);
    steady.subscribe("paced.stalled", "paced.pub", at("paced.pub.ipc"), credits, stalled);
    steady.subscribe("fleeting.steady", "fleeting.pub", at("fleeting.pub.tcp"), credits);
    steady.dealer("client.tcp", CLIENTS, at("router.tcp"));
    steady.dealer("client.ipc", CLIENTS + 1, at("router.ipc"));
    sleepers.push(new Sleeper(context, "sleeping client", CLIENTS + 50, at("router.tcp"), faults, sleeping));
    sleepers.push(new Sleeper(context, "stalled client", CLIENTS + 51, at("router.ipc"), faults, stalled));
    for (const [lane, wildcard] of [
      ["broken.tcp", "tcp://127.0.0.1:*"],
      ["broken.ipc", `ipc://${folder}/broken`],
    ] as const) {
      const pull = new FleetingPull(context, lane, faults);
      await pull.bind(wildcard);
      fleetingPulls.set(lane, pull);
      void pull.run().catch((error: unknown) => faults.add(`${lane}: ${error}`));
    }
    const publishers = [at("fleeting.pub.tcp"), at("fleeting.pub.ipc")];
    fleetingSub = new FleetingSub(context, "fleeting.pub", publishers, faults);
    void fleetingSub.run().catch((error: unknown) => faults.add(`fleeting subscriber: ${error}`));
    routers = [at("router.tcp"), at("router.ipc")];
    fleetingDealer = new FleetingDealer(context, "fleeting client", FLEETING_CLIENTS, routers, faults);
    return Object.fromEntries([...fleetingPulls].map(([lane, { endpoint }]) => [lane, endpoint]));
  };

  const commands = {
    open,
    /** Opens and closes the eyes of those that sleep, and of those that are stalled. */
    gates: (open: { sleeping: boolean; stalled: boolean }): void => {
      sleeping.set(open.sleeping);
      stalled.set(open.stalled);
    },
    /** A round of requests. */
    run: async (until: Until): Promise<void> => {
      for (const pull of fleetingPulls.values()) pull.isHeld = false;
      const clients = steady.clients.map((client) => ({ client, name: client.book.name }));
      const round = new Round(
        until,
        clients.map(({ name }) => name),
      );
      await Promise.all([
        ...clients.map(({ client, name }) => client.run(round, name)),
        ...sleepers.map((sleeper) => sleeper.ask(ASKED_ASLEEP)),
        fleetingDealer?.run(() => round.isOver),
      ]);
    },
    /** From now on nothing is closed: the next message on each lane arrives. */
    hold: (): void => {
      for (const pull of fleetingPulls.values()) pull.isHeld = true;
    },
    /** Connections come and go as fast as they can, with no other traffic. */
    storm: async (count: number): Promise<void> => {
      const dealers = routers.map((endpoint) => crowd(context, endpoint, count));
      await Promise.all([...dealers, ...[...fleetingPulls.values()].map((pull) => pull.storm(count))]);
      stormed += dealers.length * count;
    },
    /** Waits for all that was sent to those who read all the while; gives the lanes on which the last one did not come. */
    settle: async ({ sent, patience }: { sent: Record<Lane, number>; patience: number }): Promise<string[]> => {
      const wanted: [string, Book | { last: number }, number][] = [];
      for (const lane of ["steady.tcp", "steady.ipc"] as const) wanted.push([lane, book(lane), sent[lane]]);
      for (const name of ["paced.tcp", "paced.ipc"]) wanted.push([name, book(name), sent["paced.pub"]]);
      wanted.push(["fleeting.steady", book("fleeting.steady"), sent["fleeting.pub"]]);
      for (const [lane, { lives }] of fleetingPulls) wanted.push([lane, lives, sent[lane]]);
      return late(wanted, patience);
    },
    /** Asks once more for those that sleep, and waits until all are awake and have all that they will get. */
    wake: async ({ sent, patience }: { sent: Record<Lane, number>; patience: number }): Promise<string[]> => {
      await Promise.all(sleepers.map((sleeper) => sleeper.ask(1)));
      const wanted: [string, { last: number }, number][] = [];
      for (const name of ["paced.sleeper", "paced.stalled"]) wanted.push([name, book(name), sent["paced.pub"]]);
      for (const sleeper of sleepers) wanted.push([sleeper.name, sleeper.book, sleeper.asked]);
      const names = await late(wanted, patience);
      for (const [lane, { waiting, high }] of shared) {
        if (waiting.size > 0 || high < sent[lane] - 1) names.push(`${lane} (${waiting.size})`);
      }
      return names;
    },
    account: (): object => {
      const received: Record<string, number> = {};
      const missing: Record<string, number> = {};
      for (const { name, received: count, missing: left } of steady.books.values()) {
        received[name] = count;
        missing[name] = left;
      }
      for (const [lane, { high, waiting }] of shared) {
        received[lane] = high + 1 - waiting.size;
        missing[lane] = waiting.size;
      }
      const lives: Record<string, object> = {};
      for (const [lane, pull] of fleetingPulls) lives[lane] = livesOf(pull);
      if (fleetingSub !== undefined) lives["fleeting.pub"] = livesOf(fleetingSub);
      const { ended = 0, received: answers = 0 } = fleetingDealer ?? {};
      lives["fleeting client"] = { ended, received: answers, lost: 0, mostLost: 0, missed: 0 };
      const requests = sleepers.map(({ name, asked, book: { received: answered } }) => ({ name, asked, answered }));
      return { faults: faults.list, received, missing, lives, requests, stormed };
    },
    sample,
  };
  const book = (name: string): Book => steady.books.get(name) as Book;
  const close = async (): Promise<void> => {
    for (const pull of fleetingPulls.values()) await pull.close();
    await Promise.all([fleetingSub?.close(), fleetingDealer?.close(), steady.close()]);
    await Promise.all([...pulls, ...sleepers].map((socket) => socket.close()));
  };
  return { commands, close };
}

/** Clients that ask once and go, ten at a time. */
async function crowd(context: zmq.Context, endpoint: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 10) {
    await Promise.all(
      Array.from({ length: Math.min(10, left) }, async () => {
        const dealer = new zmq.Dealer({ context });
        dealer.connect(endpoint);
        await dealer.send("hello");
        await dealer.receive();
        await dealer.close();
      }),
    );
  }
}

function livesOf({ lives }: FleetingPull | FleetingSub): object {
  const { ended, received, last, lost, mostLost, missed } = lives;
  return { ended, received, last, lost, mostLost, missed };
}

/** The names of those that do not get as far as they should within the time. */
async function late(wanted: [string, { last: number }, number][], patience: number): Promise<string[]> {
  const end = performance.now() + patience;
  for (;;) {
    const names = wanted
      .filter(([, { last }, count]) => last < count - 1)
      .map(([name, { last }]) => `${name} at ${last}`);
    if (names.length === 0 || performance.now() > end) return names;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
