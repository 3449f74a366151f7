// SPDX-License-Identifier: MIT
/**
 * Two sockets that send each other numbered messages, for each pair of types that goes together: who sends what in which
 * lane, and how a message looks to each. Used on the virtual network.
 */
import { Lane, makeMessage, makePart } from "./messages.ts";
import type { VirtualContext } from "./virtual-sockets.ts";

/** What all sockets here can do, of which each can some. */
interface AnySocket {
  bind(endpoint: string): Promise<void>;
  connect(endpoint: string): void;
  trySend(message: unknown, details?: object): boolean;
  tryReceive(): unknown[] | undefined;
  close(options?: object): Promise<void>;
  readonly closed: boolean;
}

/** The parts of a message as its socket type shows them. */
export type Parts = readonly (Uint8Array | string)[];

/** One direction of a pairing. */
interface Way {
  readonly from: 0 | 1;
  /** What to send, given how the receiver is known, if it is. */
  readonly send: (socket: AnySocket, lane: string, number: number, to: unknown) => boolean;
  /** The parts of what was received, and who sent it. */
  readonly read?: (message: unknown[]) => { parts: Parts; from?: unknown };
}

/** Two socket types that belong together. */
export interface Pairing {
  readonly title: string;
  readonly types: readonly [keyof VirtualContextTypes, keyof VirtualContextTypes];
  readonly options?: readonly [object, object];
  readonly ways: readonly Way[];
  /** After both are made. */
  readonly prepare?: (a: AnySocket, b: AnySocket) => void;
  /** True: what is sent while no peer is there is not kept by who connects. */
  readonly forgets?: boolean;
  /** True: it is made of the same parts as one of the others, and a part of the positions will do. */
  readonly isAkin?: boolean;
}

type VirtualContextTypes = Parameters<VirtualContext["socket"]>[0] extends infer T extends string
  ? Record<T, unknown>
  : never;

const several: Way["send"] = (socket, lane, number) => socket.trySend(makeMessage(lane, number));
const single: Way["send"] = (socket, lane, number) => socket.trySend(makePart(lane, number));

/** To a peer that is known by what it sent; who is not known, or gone, gets nothing. */
function addressed(send: (socket: AnySocket, lane: string, number: number, to: unknown) => boolean): Way["send"] {
  return (socket, lane, number, to) => {
    try {
      return to !== undefined && send(socket, lane, number, to);
    } catch (error) {
      if ((error as { code?: string }).code === "EHOSTUNREACH") return false;
      throw error;
    }
  };
}

const toId = addressed((socket, lane, number, to) => socket.trySend([to, ...makeMessage(lane, number)]));
const toNumber = addressed((socket, lane, number, to) =>
  socket.trySend(makePart(lane, number), { routingId: (to as { routingId: number }).routingId }),
);

/** All pairs but REQ and REP, which take turns: they have tests of their own. */
export const pairings: readonly Pairing[] = [
  { title: "PUSH and PULL", types: ["push", "pull"], ways: [{ from: 0, send: several }] },
  {
    title: "PUB and SUB",
    types: ["pub", "sub"],
    ways: [{ from: 0, send: several }],
    prepare: (_pub, sub) => {
      const { subscribe } = sub as unknown as { subscribe(...topics: string[]): void };
      subscribe.call(sub, "ab", "to ", "nobody sends this");
    },
    forgets: true,
  },
  {
    title: "XPUB and XSUB",
    isAkin: true,
    types: ["xpub", "xsub"],
    ways: [{ from: 0, send: several }],
    prepare: (_xpub, xsub) => void xsub.trySend("\x01to "),
    forgets: true,
  },
  {
    title: "DEALER and ROUTER",
    types: ["dealer", "router"],
    options: [{ routingId: "me" }, { mandatory: true, handover: true }],
    ways: [
      { from: 0, send: several, read: ([id, ...parts]) => ({ parts: parts as Uint8Array[], from: id }) },
      { from: 1, send: toId },
    ],
  },
  {
    title: "DEALER and DEALER",
    isAkin: true,
    types: ["dealer", "dealer"],
    ways: [
      { from: 0, send: several },
      { from: 1, send: several },
    ],
  },
  {
    title: "PAIR and PAIR",
    types: ["pair", "pair"],
    ways: [
      { from: 0, send: several },
      { from: 1, send: several },
    ],
  },
  {
    title: "CLIENT and SERVER",
    types: ["client", "server"],
    ways: [
      { from: 0, send: single, read: ([part, from]) => ({ parts: [part as Uint8Array], from }) },
      { from: 1, send: toNumber },
    ],
  },
  { title: "SCATTER and GATHER", isAkin: true, types: ["scatter", "gather"], ways: [{ from: 0, send: single }] },
  {
    title: "RADIO and DISH",
    isAkin: true,
    types: ["radio", "dish"],
    ways: [
      {
        from: 0,
        send: (socket, lane, number) => socket.trySend(makePart(lane, number), { group: "g" }),
        read: ([part]) => ({ parts: [part as Uint8Array] }),
      },
    ],
    prepare: (_radio, dish) => (dish as unknown as { join(group: string): void }).join("g"),
    forgets: true,
  },
  {
    title: "CHANNEL and CHANNEL",
    isAkin: true,
    types: ["channel", "channel"],
    ways: [
      { from: 0, send: single },
      { from: 1, send: single },
    ],
  },
];

/** Lanes are named so that subscriptions can be for one of them. */
const NAMES = ["to", "fro"] as const;

/** Both sockets of a pairing, and the books of what they send each other. */
export class Conversation {
  readonly sockets: readonly [AnySocket, AnySocket];
  readonly lanes: readonly Lane[];
  readonly pairing: Pairing;
  /** How the receiver of each way is known to its sender. */
  private readonly known: unknown[] = [];

  constructor(pairing: Pairing, sockets: readonly [AnySocket, AnySocket]) {
    this.pairing = pairing;
    this.sockets = sockets;
    this.lanes = pairing.ways.map((_, index) => new Lane(NAMES[index] as string));
  }

  /** One between two new sockets. */
  static open(context: VirtualContext, pairing: Pairing, options: readonly [object, object] = [{}, {}]): Conversation {
    const open = (index: 0 | 1): AnySocket =>
      context.socket(pairing.types[index] as "dealer", {
        ...pairing.options?.[index],
        ...options[index],
      }) as AnySocket;
    const sockets = [open(0), open(1)] as const;
    pairing.prepare?.(...sockets);
    return new Conversation(pairing, sockets);
  }

  /** Receives all that is there, whatever it is. */
  takeAnything(): void {
    for (const { from } of this.pairing.ways) {
      const socket = this.sockets[1 - from] as AnySocket;
      while (!socket.closed && socket.tryReceive() !== undefined);
    }
  }

  /** Sends the next message of each lane, where that is possible now. */
  send(): void {
    for (const [index, { from, send }] of this.pairing.ways.entries()) {
      const lane = this.lanes[index] as Lane;
      if (send(this.sockets[from], lane.name, lane.next, this.known[from])) lane.accepted.push(lane.next);
      lane.next += 1;
    }
  }

  /** Receives all that is there. */
  receive(): void {
    for (const [index, { from, read }] of this.pairing.ways.entries()) {
      const socket = this.sockets[1 - from] as AnySocket;
      const lane = this.lanes[index] as Lane;
      for (let message = socket.tryReceive(); message !== undefined; message = socket.tryReceive()) {
        const { parts, from: sender } = read?.(message) ?? { parts: message as Uint8Array[], from: undefined };
        lane.enter(parts);
        if (sender !== undefined) this.known[1 - from] = sender;
      }
    }
  }

  /** The way of a lane. */
  fromOf(lane: Lane): 0 | 1 {
    return this.pairing.ways[this.lanes.indexOf(lane)]?.from ?? 0;
  }
}
