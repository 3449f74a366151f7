// SPDX-License-Identifier: MIT
/** `socket.events`: what happens to a socket's endpoints and connections, to be listened to or read one by one. */
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { Ring } from "../base/ring.ts";
import { type Event, type EventOfType, type EventType, newEvent } from "../session/events.ts";
import type { Socket } from "./socket.ts";
import { SocketWorks } from "./socket-works.ts";
import { type CallOptions, Waiters } from "./waiters.ts";

/** Events that wait to be read; beyond that the oldest go, as nobody seems to read them. */
const MAX_EVENTS = 10_000;

type Listener = (event: Event) => void;

/** Who wants to hear of one type: each listener, and whether only once. */
type Listeners = Map<Listener, boolean>;

/**
 * The events of one socket, from the moment on at which the observer was made. Read them (`receive`, `for await`) or listen to
 * them (`on`). A socket may have several observers; `socket.events` is always the same one.
 */
export class Observer implements AsyncIterable<Event> {
  private readonly unread = new Ring<Event>();
  private readonly listeners = new Map<EventType, Listeners>();
  private readonly waiting: Waiters<Event | undefined, undefined>;
  private readonly works: SocketWorks;
  private readonly clock: Clock;
  /** Events that had to go unread. */
  private lost = 0;
  private isClosed = false;
  private isEmitter = false;
  private isCatchingUp = false;

  /** @throws TypeError when it is no socket */
  constructor(socket: Socket) {
    const works: unknown = (socket as Partial<Socket> | null | undefined)?.works;
    if (!(works instanceof SocketWorks)) throw new TypeError("Socket must be a socket object");
    const { runtime, hold, context } = works;
    this.works = works;
    this.clock = runtime.clock;
    this.waiting = new Waiters(this.clock, hold, "events.receive()", () => {}, context.abortSignals);
    this.isClosed = !works.addObserver(this);
  }

  /** True once the socket is closed and its last event was read, or `close` was called. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Stops observing; the socket goes on. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.works.removeObserver(this);
    this.unread.clear();
    while (this.waiting.length > 0) this.waiting.resolveFirst(undefined);
  }

  /**
   * Calls back for every event of a type. From the first call on, events cannot be read any more; those that wait to be
   * read then go to the listeners, at the end of the turn.
   * @example
   * ```ts
   * socket.events.on("disconnect", ({ peer, reason }) => console.log(`lost ${peer?.address}: ${reason}`));
   * ```
   */
  on<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): this {
    return this.listen(type, listener as Listener, false);
  }

  /** Calls back for the next event of a type. */
  once<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): this {
    return this.listen(type, listener as Listener, true);
  }

  /**
   * Has an event `pipes:stats` come for each peer, to all observers of the socket (`zmq_socket_monitor_pipes_stats`). For more
   * than the length of the queues, ask `socket.statistics()`.
   * @throws ZmqError `EAGAIN` when there is no peer, `EBADF` when the observer is closed
   */
  pipesStats(): void {
    if (this.isClosed) throw new ZmqError("EBADF", "Socket is closed: there are no more events");
    const { core } = this.works;
    const peers = core.peers.list();
    if (peers.length === 0) throw new ZmqError("EAGAIN", "pipesStats(): the socket has no peer");
    for (const peer of peers) {
      const lengths = { outgoing: peer.outgoing.messages, incoming: peer.incoming.messages };
      core.emit(newEvent("pipes:stats", { address: peer.endpoint, ...lengths }, { peer }));
    }
  }

  /** Takes a listener away. */
  off<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): this {
    this.listeners.get(type)?.delete(listener as Listener);
    return this;
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

  /** Passes an event on; called by the socket. @internal */
  emit(event: Event): void {
    if (this.isClosed) return;
    if (this.waiting.length > 0) {
      this.give(event, (next) => this.waiting.resolveFirst(next));
    } else if (this.isEmitter && !this.isCatchingUp) {
      this.give(event, (next) => this.call(next));
    } else {
      if (this.unread.length >= MAX_EVENTS) {
        this.unread.shift();
        this.lost += 1;
      }
      this.unread.push(event);
    }
  }

  /** Hands an event over, and after the last one is closed. */
  private give(event: Event, take: (event: Event) => void): void {
    take(event);
    if (event.type === "end") this.close();
  }

  private listen(type: EventType, listener: Listener, isOnce: boolean): this {
    if (!this.isEmitter) {
      this.isEmitter = true;
      this.isCatchingUp = this.unread.length > 0;
      if (this.isCatchingUp) this.clock.defer(() => this.catchUp());
    }
    const listeners: Listeners = this.listeners.get(type) ?? new Map();
    this.listeners.set(type, listeners.set(listener, isOnce));
    return this;
  }

  private catchUp(): void {
    for (let event = this.shift(); event !== undefined; event = this.shift())
      this.give(event, (next) => this.call(next));
    this.isCatchingUp = false;
  }

  private call(event: Event): void {
    const listeners = this.listeners.get(event.type);
    if (listeners === undefined) return;
    for (const [listener, isOnce] of [...listeners]) {
      if (isOnce) listeners.delete(listener);
      try {
        listener(event);
      } catch (error) {
        // A listener that throws is its application's affair: it must not stop what the socket is doing just now.
        this.clock.defer(() => {
          throw error;
        });
      }
    }
  }

  /** The event that comes next: where some had to go, the one that says so. */
  private shift(): Event | undefined {
    if (this.lost === 0) return this.unread.shift();
    const count = this.lost;
    this.lost = 0;
    return newEvent("events:lost", { count });
  }

  private next(options?: CallOptions): Promise<Event | undefined> {
    if (this.isEmitter) {
      return Promise.reject(
        new Error(
          "Observer is in event emitter mode. After a call to events.on() it is not possible to read events with events.receive().",
        ),
      );
    }
    if (this.isClosed) return Promise.resolve(undefined);
    const event = this.shift();
    if (event === undefined) return this.waiting.wait(undefined, options?.timeout ?? -1, options?.signal);
    if (event.type === "end") this.close();
    return Promise.resolve(event);
  }
}
