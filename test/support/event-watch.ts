// SPDX-License-Identifier: MIT
/** All events of one socket in order, of this library's and of npm `zeromq`'s: what comes next is checked. */
import assert from "node:assert/strict";
import type { Event, EventType, Socket } from "../../src/index.ts";
import { type OpenEither, receiveSoon, testBoth, testOurs } from "./implementations.ts";

const TYPES: readonly EventType[] = [
  "connect",
  "connect:delay",
  "connect:retry",
  "bind",
  "bind:error",
  "accept",
  "accept:error",
  "close",
  "close:error",
  "disconnect",
  "handshake",
  "handshake:error:protocol",
  "handshake:error:auth",
  "handshake:error:other",
  "end",
];

/** What npm `zeromq` shows of an event. */
export type Seen = Event & { address?: string; error?: Error & { code?: string; status?: number; errno?: number } };

/** All events of one socket, in order. */
export class Watch {
  readonly seen: Seen[] = [];
  private hasEnded = false;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    for (const type of TYPES) socket.events.on(type, (event) => this.note(event as Seen));
  }

  private note(event: Seen): void {
    this.seen.push(event);
    this.hasEnded ||= event.type === "end";
  }

  /** Closes the socket, if it is open still, and waits for its last event. */
  async finish(): Promise<void> {
    void this.socket.close();
    for (let left = 300; left > 0 && !this.hasEnded; left -= 1) await attend(this.socket);
  }

  /** The next events must be of these types; gives them. libzmq's sockets tell of their listeners only while they are used. */
  async next(...types: EventType[]): Promise<Seen[]> {
    for (let left = 300; this.seen.length < types.length; left -= 1) {
      assert.ok(left > 0, `${types.join(", ")} should come; there is ${this.types}`);
      await attend(this.socket);
    }
    const events = this.seen.splice(0, types.length);
    assert.deepEqual(
      events.map(({ type }) => type),
      types,
    );
    return events;
  }

  /** The next event of this type, whatever came before it. */
  async until(type: EventType): Promise<Seen> {
    for (let left = 300; ; left -= 1) {
      const at = this.seen.findIndex((event) => event.type === type);
      if (at >= 0) return this.seen.splice(0, at + 1)[at] as Seen;
      assert.ok(left > 0, `${type} should come; there is ${this.types}`);
      await attend(this.socket);
    }
  }

  /** Closes the socket; these events come still, and no others. */
  async close(...types: EventType[]): Promise<void> {
    void this.socket.close();
    await this.next(...types, "end");
    assert.deepEqual(this.seen, []);
  }

  get types(): string {
    return this.seen.map(({ type }) => type).join(", ");
  }
}

/** libzmq's sockets see what happened only while they are used. */
export async function attend(...sockets: Socket[]): Promise<void> {
  for (const socket of sockets) {
    if (socket.closed) await new Promise((resolve) => setTimeout(resolve, 10));
    else await receiveSoon(socket as never, 10);
  }
}

/** The addresses of events. */
export function addresses(events: readonly Seen[]): (string | undefined)[] {
  return events.map(({ address }) => address);
}

/** A value, repeated. */
export function times<T>(value: T, count: number): T[] {
  return Array.from({ length: count }, () => value);
}

type Body = (open: OpenEither, watch: (socket: Socket) => Watch) => Promise<void>;

/** libzmq can hang for ever when a program ends before it has read the last event of a socket that it observes. */
function watching(body: Body): (open: OpenEither) => Promise<void> {
  return async (open) => {
    const watches: Watch[] = [];
    try {
      await body(open, (socket) => {
        const watch = new Watch(socket);
        watches.push(watch);
        return watch;
      });
    } finally {
      for (const watch of watches) await watch.finish();
    }
  };
}

/** As `testBoth`, with sockets that are watched to their end. */
export function testBothWatched(name: string, body: Body): void {
  testBoth(name, watching(body));
}

/** As `testOurs`, with sockets that are watched to their end. */
export function testOursWatched(name: string, body: Body): void {
  testOurs(name, watching(body));
}
