// SPDX-License-Identifier: MIT
/** The sending process of the soak: pushes, publishes, and answers requests, on all lanes at once. */

import * as zmq from "../../src/index.ts";
import { eventually, memoryInUse, openHandles } from "../support/leaks.ts";
import {
  DATA,
  type Endpoints,
  HELLO,
  type Lane,
  laneNumber,
  NOISE,
  Round,
  type Sample,
  type Until,
  WINDOW,
} from "./lanes.ts";
import { Faults, makeBody } from "./numbered.ts";
import type { Commands } from "./wire.ts";

/** Messages between two looks at the round. */
const BURST = 16;

/** What a publisher knows of the subscribers that hold it back. */
class Credit {
  private readonly heard = new Map<string, number>();
  private readonly absent: Set<string>;
  private slowest = 0;
  private wake: () => void = () => {};

  /** `names` hold it back; of `others` it knows only when they are there. */
  constructor(names: readonly string[], others: readonly string[]) {
    for (const name of names) this.heard.set(name, 0);
    this.absent = new Set([...names, ...others]);
  }

  get isComplete(): boolean {
    return this.absent.size === 0;
  }

  take(name: string, count: number): void {
    this.absent.delete(name);
    if (!this.heard.has(name)) return;
    this.heard.set(name, count);
    this.slowest = Math.min(...this.heard.values());
    this.wake();
  }

  async allows(number: number): Promise<void> {
    while (number - this.slowest >= WINDOW) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** One lane: a socket, and how many messages it has taken. */
class Sender {
  readonly lane: Lane;
  readonly socket: zmq.Push | zmq.Publisher;
  readonly credit: Credit | undefined;
  sent = 0;
  /** How many had left it each time that it noticed the loss of a connection: the rest waits for the next. */
  readonly losses: number[] = [];
  private isMarried = false;

  constructor(lane: Lane, socket: zmq.Push | zmq.Publisher, credit?: Credit) {
    this.lane = lane;
    this.socket = socket;
    this.credit = credit;
  }

  async send(): Promise<void> {
    const body = makeBody(laneNumber(this.lane), this.sent);
    if (this.credit === undefined) {
      await this.socket.send(body);
    } else {
      await this.credit.allows(this.sent);
      if (this.sent % 8 === 0) await this.socket.send([NOISE, body]);
      await this.socket.send([DATA, body]);
    }
    this.sent += 1;
  }

  async run(round: Round): Promise<void> {
    while (!round.isOver) {
      for (let i = 0; i < BURST; i += 1) await this.send();
      round.carried(this.lane, BURST);
    }
  }

  /** Its receiver is there. */
  found(): void {
    this.isMarried = true;
  }

  /** A connection has ended; one that came no further than the listener of a dying process is none. */
  lost(): void {
    if (this.isMarried) this.losses.push(this.sent - this.queued);
    this.isMarried = false;
  }

  /** Messages that wait in the pipe of its only session. */
  private get queued(): number {
    const { core } = this.socket.works as unknown as {
      core: { sessions: Map<{ pipe: { readable: number } }, unknown> };
    };
    const [session] = core.sessions.keys();
    return session?.pipe.readable ?? 0;
  }

  /** Messages that a publisher dropped for subscribers that were full. */
  get dropped(): number {
    return this.socket.statistics().dropped.full;
  }
}

/** Opens the source's sockets; gives what it can be asked. */
export async function openSource(folder: string): Promise<{ commands: Commands; close: () => Promise<void> }> {
  const context = new zmq.Context({ defaults: { linger: 0, reconnectInterval: 1 } });
  const faults = new Faults();
  const senders: Sender[] = [];
  const endpoints: Record<string, string> = {};
  const bind = async (socket: zmq.Socket, name: string, ...transports: string[]): Promise<void> => {
    for (const transport of transports) {
      await socket.bind(transport === "tcp" ? "tcp://127.0.0.1:*" : `ipc://${folder}/${name}`);
      endpoints[`${name}.${transport}`] = socket.lastEndpoint as string;
    }
  };

  for (const lane of ["steady.tcp", "steady.ipc", "shared.tcp", "shared.ipc", "native.push"] as const) {
    const push = new zmq.Push({ context });
    const [name, transport] = lane === "native.push" ? [lane, "tcp"] : (lane.split(".") as [string, string]);
    await bind(push, name, transport);
    senders.push(new Sender(lane, push));
  }
  const credits = new zmq.Pull({ context });
  await bind(credits, "credits", "ipc");
  const publish = async (lane: Lane, names: string[], others: string[] = []): Promise<void> => {
    const pub = new zmq.Publisher({ context });
    await bind(pub, lane, "tcp", "ipc");
    senders.push(new Sender(lane, pub, new Credit(names, others)));
  };
  await publish("paced.pub", ["paced.tcp", "paced.ipc"], ["paced.sleeper", "paced.stalled"]);
  await publish("fleeting.pub", ["fleeting.steady"]);
  await publish("native.pub", ["native"]);
  const router = new zmq.Router({ context, mandatory: true, handover: true });
  await bind(router, "router", "tcp", "ipc");

  /** Answers that found their client full, by its routing id; and how many found it gone. */
  const refused: Record<string, number> = {};
  let gone = 0;
  let answered = 0;
  const answer = (message: Buffer[]): void => {
    try {
      if (router.trySend(message)) answered += 1;
      else refused[String(message[0])] = (refused[String(message[0])] ?? 0) + 1;
    } catch (error) {
      if ((error as zmq.ZmqError).code === "EHOSTUNREACH") gone += 1;
      else faults.add(`router: ${error}`);
    }
  };
  const loops: Promise<void>[] = [
    (async () => {
      for await (const [name, count] of credits) {
        for (const { lane, credit } of senders) {
          if (String(name).startsWith(lane.split(".")[0] as string)) credit?.take(String(name), Number(String(count)));
        }
      }
    })(),
    (async () => {
      while (!router.closed) for (const message of await router.receiveBatch(256)) answer(message);
    })().catch((error: unknown) => {
      if (!router.closed) faults.add(`router: ${error}`);
    }),
  ];

  const counters = (): Record<string, number> => Object.fromEntries(senders.map(({ lane, sent }) => [lane, sent]));
  const commands = {
    endpoints: (): Endpoints => endpoints,
    /** Connects a lane to a receiver that is bound. */
    connect: ({ lane, endpoint }: { lane: Lane; endpoint: string }): void => {
      const push = new zmq.Push({ context });
      const sender = new Sender(lane, push);
      push.events.on("handshake", () => sender.found());
      push.events.on("disconnect", () => sender.lost());
      push.connect(endpoint);
      senders.push(sender);
    },
    /** Publishes greetings until all subscribers that say how far they are have heard one. */
    greet: (): Promise<unknown> =>
      Promise.all(
        senders.map(async ({ lane, socket, credit }) => {
          if (credit === undefined) return;
          await eventually(`${lane}: all subscribers`, () => {
            void socket.send([HELLO, ""]);
            return credit.isComplete;
          });
        }),
      ),
    run: async (until: Until): Promise<Record<string, number>> => {
      const round = new Round(
        until,
        senders.map(({ lane }) => lane),
      );
      await Promise.all(senders.map((sender) => sender.run(round)));
      return counters();
    },
    /** One message more on these lanes. */
    nudge: async (lanes: readonly Lane[]): Promise<Record<string, number>> => {
      await Promise.all(senders.filter(({ lane }) => lanes.includes(lane)).map((sender) => sender.send()));
      return counters();
    },
    account: (): object => ({
      faults: faults.list,
      answered,
      gone,
      refused,
      losses: Object.fromEntries(senders.map(({ lane, losses }) => [lane, losses])),
      dropped: Object.fromEntries(
        senders.filter((each) => each.credit !== undefined).map((each) => [each.lane, each.dropped]),
      ),
    }),
    sample,
  };
  const close = async (): Promise<void> => {
    await Promise.all([...senders.map(({ socket }) => socket.close()), credits.close(), router.close()]);
    await Promise.all(loops);
  };
  return { commands, close };
}

/** What this process holds now. */
export async function sample(): Promise<Sample> {
  const memory = await memoryInUse();
  const handles = Object.values(openHandles()).reduce((sum, count) => sum + count, 0);
  return { memory, resident: process.memoryUsage.rss(), handles };
}
