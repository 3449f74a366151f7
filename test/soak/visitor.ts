// SPDX-License-Identifier: MIT
/** A process of the soak that is killed again and again: it receives on two lanes, hears a publisher, and asks a router. */
import * as zmq from "../../src/index.ts";
import { eventually } from "../support/leaks.ts";
import { FleetingDealer, Lives } from "./fleeting.ts";
import { type Endpoints, FLEETING_CLIENTS, type Lane } from "./lanes.ts";
import { Faults } from "./numbered.ts";
import { Gate } from "./steady.ts";
import type { Commands } from "./wire.ts";

/** What a visitor has heard so far. */
export interface Visit {
  readonly faults: string[];
  /** First, last and number of messages on each lane. */
  readonly heard: Readonly<Record<string, { first: number; last: number; received: number; missed: number }>>;
  readonly answers: number;
}

/** Opens the visitor's sockets; gives what it can be asked. */
export function openVisitor(): { commands: Commands; close: () => Promise<void> } {
  const context = new zmq.Context({ defaults: { linger: 0, reconnectInterval: 1 } });
  const faults = new Faults();
  const heard: Record<string, { lives: Lives; first: number }> = {};
  const sockets: zmq.Socket[] = [];
  const awake = new Gate();
  let dealer: FleetingDealer | undefined;

  const hear = async (lane: Lane, socket: zmq.Pull | zmq.Subscriber): Promise<void> => {
    sockets.push(socket);
    const isPub = socket instanceof zmq.Subscriber;
    const lives = new Lives(`a visitor on ${lane}`, lane, faults, isPub);
    const enter = lives.begin();
    const own = { lives, first: -1 };
    heard[lane] = own;
    for await (const message of socket) {
      enter(message.at(-1) as Buffer);
      if (own.first < 0) own.first = lives.last;
      await awake.passes();
    }
  };

  const commands = {
    /** The number of the visit keeps its requests apart from those of earlier ones. */
    open: async ({ given, visit }: { given: Endpoints; visit: number }): Promise<Endpoints> => {
      const bound: Record<string, string> = {};
      for (const lane of ["killed.tcp", "killed.ipc"] as const) {
        const pull = new zmq.Pull({ context });
        await pull.bind(given[lane] as string);
        bound[lane] = pull.lastEndpoint as string;
        void hear(lane, pull).catch((error: unknown) => faults.add(`${lane}: ${error}`));
      }
      const sub = new zmq.Subscriber({ context });
      sub.subscribe("data");
      sub.connect(given["fleeting.pub.ipc"] as string);
      void hear("fleeting.pub", sub).catch((error: unknown) => faults.add(`visiting subscriber: ${error}`));
      dealer = new FleetingDealer(
        context,
        "visitor",
        visit * FLEETING_CLIENTS,
        [given["router.tcp"] as string],
        faults,
      );
      void dealer.run(() => false).catch((error: unknown) => faults.add(`visiting client: ${error}`));
      return bound;
    },
    /** Waits until so many messages were heard on each of these lanes, and hears no more: what it says stays true. */
    hear: async ({ lanes, count }: { lanes: Lane[]; count: number }): Promise<Visit> => {
      const isEnough = (): boolean => lanes.every((lane) => (heard[lane]?.lives.received ?? 0) >= count);
      await eventually("enough messages", isEnough, 60_000);
      awake.set(false);
      return {
        faults: faults.list,
        heard: Object.fromEntries(
          Object.entries(heard).map(([lane, { lives, first }]) => [
            lane,
            { first, last: lives.last, received: lives.received, missed: lives.missed },
          ]),
        ),
        answers: dealer?.received ?? 0,
      };
    },
  };
  const close = async (): Promise<void> => {
    await dealer?.close();
    await Promise.all(sockets.map((socket) => socket.close()));
  };
  return { commands, close };
}
