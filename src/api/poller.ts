// SPDX-License-Identifier: MIT
/**
 * A poller (zmq_poller(3)): waits until one of many sockets can be received from or sent to, and shows none favour. The
 * entry of each runtime makes the class that programs use.
 */
import { ZmqError } from "../base/errors.ts";
import type { Runtime } from "../socket/core-context.ts";
import { AbortSignals } from "./abort-signals.ts";
import { Socket } from "./socket.ts";
import { type CallOptions, timedOut, Waiters } from "./waiters.ts";

/** A receive would not have to wait. */
export const POLLIN = 1;
/** A send would not have to wait. */
export const POLLOUT = 2;
/** All that libzmq knows; the other two concern file descriptors, and never occur on sockets. */
const ALL_EVENTS = 15;

/** A socket that is ready. */
export interface PollEvent<Data = unknown> {
  /** Which. */
  readonly socket: Socket;
  /** For what: {@link POLLIN}, {@link POLLOUT}, or both added up; only what was asked for. */
  readonly events: number;
  /** `events` has POLLIN. */
  readonly readable: boolean;
  /** `events` has POLLOUT. */
  readonly writable: boolean;
  /** What was given to `add`. */
  readonly data: Data | undefined;
}

interface Entry<Data> {
  readonly socket: Socket;
  readonly data: Data | undefined;
  events: number;
}

/** Waits for several sockets at once. */
export class Poller<Data = unknown> {
  private readonly runtime: Runtime;
  private readonly entries = new Map<Socket, Entry<Data>>();
  private readonly signals = new AbortSignals();
  /** Calls that wait have to look anew. */
  private readonly stale = new Set<() => void>();
  /** Where to begin to look: after the one that was found last. */
  private turn = 0;

  /** Made by the entry of each runtime. @internal */
  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Number of sockets. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * Adds a socket, and what to wait for.
   * @throws ZmqError `EINVAL` when it is there already, or the events are none; TypeError
   */
  add(socket: Socket, events: number = POLLIN, data?: Data): void {
    if (!(socket instanceof Socket)) throw new TypeError("Socket must be a socket object");
    if (this.entries.has(socket)) throw new ZmqError("EINVAL", "poller.add: the socket was added already; use modify");
    this.entries.set(socket, { socket, data, events: checked(events) });
    this.changed();
  }

  /** Waits for something else from a socket; 0: for nothing. @throws ZmqError `EINVAL` when it was not added */
  modify(socket: Socket, events: number): void {
    this.find(socket, "modify").events = checked(events);
    this.changed();
  }

  /** Takes a socket away. @throws ZmqError `EINVAL` when it was not added */
  remove(socket: Socket): void {
    this.find(socket, "remove");
    this.entries.delete(socket);
    this.changed();
  }

  /**
   * Waits until a socket is ready, and gives the first; another one the next time, where several are.
   * @throws ZmqError `EAGAIN` when the time is up, `EFAULT` when there is nothing to wait for and no timeout, `EBADF` or `ETERM`
   * when a socket is closed or its context terminated, `ECANCELED` (named AbortError) when aborted
   */
  async wait(options?: CallOptions): Promise<PollEvent<Data>> {
    const [event] = await this.waitAll(1, options);
    return event as PollEvent<Data>;
  }

  /**
   * Waits until a socket is ready, and gives all that are, at most `limit`.
   * @throws ZmqError as `wait`; `EINVAL` for a limit below 1
   */
  async waitAll(limit: number = Number.POSITIVE_INFINITY, options?: CallOptions): Promise<PollEvent<Data>[]> {
    if (!(limit >= 1)) throw new ZmqError("EINVAL", `poller.waitAll: a limit is a number from 1 on, not ${limit}`);
    const { clock } = this.runtime;
    const timeout = options?.timeout ?? -1;
    const end = clock.now() + timeout;
    for (let left = timeout; ; left = timeout > 0 ? Math.ceil(end - clock.now()) : timeout) {
      const found = options?.signal?.aborted === true ? [] : this.check(limit);
      if (found.length > 0) return found;
      if (timeout > 0 && left <= 0) throw timedOut("poller.wait()", timeout);
      if (timeout < 0 && !this.isWaitingForAnything) {
        throw new ZmqError(
          "EFAULT",
          "poller.wait: no socket was added, or nothing asked of any: it would wait for ever",
        );
      }
      await this.untilReady({ ...options, timeout: left });
    }
  }

  private get isWaitingForAnything(): boolean {
    for (const { events } of this.entries.values()) if ((events & (POLLIN | POLLOUT)) !== 0) return true;
    return false;
  }

  /** All that are ready, from the one whose turn it is on. */
  private check(limit: number): PollEvent<Data>[] {
    const entries = [...this.entries.values()];
    const found: PollEvent<Data>[] = [];
    const first = this.turn;
    for (let i = 0; i < entries.length && found.length < limit; i += 1) {
      const index = (first + i) % entries.length;
      const { socket, data, events } = entries[index] as Entry<Data>;
      const { core } = socket.works;
      if (events === 0) continue;
      core.requireOpen("poller.wait()");
      const readable = (events & POLLIN) !== 0 && core.canReceive();
      const writable = (events & POLLOUT) !== 0 && core.canSend();
      if (!readable && !writable) continue;
      found.push({ socket, events: (readable ? POLLIN : 0) + (writable ? POLLOUT : 0), readable, writable, data });
      this.turn = index + 1;
    }
    return found;
  }

  /** Waits for any of the sockets, a change of what to wait for, the end of the time, or the signal. */
  private async untilReady(options: CallOptions): Promise<void> {
    const { clock, keepAlive } = this.runtime;
    const waiting = new Waiters<void, undefined>(clock, keepAlive, "poller.wait()", undefined, this.signals);
    const others = new AbortController();
    const settle = (): void => {
      if (waiting.length > 0) waiting.resolveFirst();
    };
    const ready = waiting.wait(undefined, options.timeout ?? -1, options.signal);
    this.stale.add(settle);
    for (const { socket, events } of this.entries.values()) {
      // One that fails is closed: to look at it again says so.
      if ((events & POLLIN) !== 0) socket.works.whenReadable({ signal: others.signal }).then(settle, settle);
      if ((events & POLLOUT) !== 0) socket.works.whenWritable({ signal: others.signal }).then(settle, settle);
    }
    try {
      await ready;
    } finally {
      this.stale.delete(settle);
      others.abort();
    }
  }

  private changed(): void {
    for (const settle of [...this.stale]) settle();
  }

  private find(socket: Socket, verb: string): Entry<Data> {
    const entry = this.entries.get(socket);
    if (entry === undefined) throw new ZmqError("EINVAL", `poller.${verb}: the socket was not added`);
    return entry;
  }
}

function checked(events: number): number {
  if (typeof events !== "number") throw new TypeError("Events must be a number");
  if (Number.isInteger(events) && (events & ~ALL_EVENTS) === 0) return events;
  throw new ZmqError("EINVAL", `events are POLLIN (1), POLLOUT (2) or both added up, not ${events}`);
}
