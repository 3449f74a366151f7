// SPDX-License-Identifier: MIT
/** `socket.events`: what happens to a socket's endpoints and connections, to be listened to or read one by one. */
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { Ring } from "../base/ring.ts";
import type { Event, EventOfType, EventType } from "../session/events.ts";
import type { KeepAlive } from "../socket/core-context.ts";
import type { AbortSignals } from "./abort-signals.ts";
import { type CallOptions, Waiters } from "./waiters.ts";

/** Events that wait to be read; beyond that the oldest go, as nobody seems to read them. */
const MAX_EVENTS = 10_000;

type Listener = (event: Event) => void;

/** The events of one socket. */
export class Observer implements AsyncIterable<Event> {
  private readonly unread = new Ring<Event>();
  private readonly listeners = new Map<EventType, Set<Listener>>();
  private readonly waiting: Waiters<Event | undefined, undefined>;
  private isClosed = false;
  private isEmitter = false;
  private readonly clock: Clock;

  /** Made by the socket: see `socket.events`. */
  constructor(clock: Clock, keepAlive: KeepAlive, signals?: AbortSignals) {
    this.clock = clock;
    this.waiting = new Waiters(clock, keepAlive, "events.receive()", undefined, signals);
  }

  /** True once the socket is closed, or `close` was called. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Stops observing; the socket goes on. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    while (this.waiting.length > 0) this.waiting.resolveFirst(undefined);
  }

  /**
   * Calls back for every event of a type from now on. From the first call on, events cannot be read any more.
   * @example
   * ```ts
   * socket.events.on("disconnect", ({ address }) => console.log(`lost ${address}`));
   * ```
   */
  on<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): void {
    this.isEmitter = true;
    this.unread.clear();
    const listeners = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, listeners.add(listener as Listener));
  }

  /** Takes a listener away. */
  off<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): void {
    this.listeners.get(type)?.delete(listener as Listener);
  }

  /**
   * The next event, when there is one.
   * @throws ZmqError `EBADF` when the observer is closed, `EAGAIN` on a timeout
   */
  async receive(options?: CallOptions): Promise<Event> {
    const event = await this.next(options);
    if (event === undefined) throw new ZmqError("EBADF", "Socket is closed: there are no more events");
    return event;
  }

  /** Reads all events; ends when the socket is closed. */
  async *[Symbol.asyncIterator](): AsyncIterator<Event> {
    for (let event = await this.next(); event !== undefined; event = await this.next()) yield event;
  }

  /** Passes an event on; called by the socket. */
  emit(event: Event): void {
    if (this.isClosed) return;
    if (this.isEmitter) {
      for (const listener of [...(this.listeners.get(event.type) ?? [])]) this.call(listener, event);
    } else if (this.waiting.length > 0) {
      this.waiting.resolveFirst(event);
    } else {
      if (this.unread.length >= MAX_EVENTS) this.unread.shift();
      this.unread.push(event);
    }
    if (event.type === "end") this.close();
  }

  /** A listener that throws is its application's affair: it must not stop what the socket is doing just now. */
  private call(listener: Listener, event: Event): void {
    try {
      listener(event);
    } catch (error) {
      this.clock.defer(() => {
        throw error;
      });
    }
  }

  private next(options?: CallOptions): Promise<Event | undefined> {
    if (this.isEmitter) {
      return Promise.reject(
        new Error(
          "Observer is in event emitter mode. After a call to events.on() it is not possible to read events with events.receive().",
        ),
      );
    }
    const event = this.unread.shift();
    if (event !== undefined || this.isClosed) return Promise.resolve(event);
    return this.waiting.wait(undefined, options?.timeout ?? -1, options?.signal);
  }
}
