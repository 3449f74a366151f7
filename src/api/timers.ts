// SPDX-License-Identifier: MIT
/**
 * Timers that come again and again, as libzmq's (zmq_timers(3)): a loop of the program's own asks how long it may wait and
 * executes what is due, or they run themselves on the clock. The entry of each runtime makes the class that programs use.
 */
import type { Timer } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { Runtime } from "../socket/core-context.ts";
import { Waiters } from "./waiters.ts";

/** Called when a timer is due, with its id. */
export type TimerHandler = (id: number) => void;

interface Entry {
  readonly id: number;
  readonly handler: TimerHandler;
  interval: number;
  due: number;
}

/** A set of recurring timers. */
export class Timers {
  private readonly runtime: Runtime;
  private readonly entries = new Map<number, Entry>();
  private readonly running: Waiters<void, undefined>;
  private alarm: Timer | undefined = undefined;
  private lastId = 0;

  /** Made by the entry of each runtime. @internal */
  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.running = new Waiters(runtime.clock, runtime.keepAlive, "timers.run()", () => this.schedule());
  }

  /** Number of timers. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * Adds a timer that is due after each `interval`, in milliseconds. Gives its id, which is above 0.
   * @throws ZmqError `EINVAL` when the interval is no whole number from 0 on; TypeError
   */
  add(interval: number, handler: TimerHandler): number {
    checkInterval(interval);
    if (typeof handler !== "function") throw new TypeError("Handler must be a function");
    this.lastId += 1;
    this.insert({ id: this.lastId, handler, interval, due: this.now() + interval });
    return this.lastId;
  }

  /** Takes a timer away. @throws ZmqError `EINVAL` when there is none with this id */
  cancel(id: number): void {
    const { id: known } = this.find(id, "cancel");
    this.entries.delete(known);
    this.schedule();
  }

  /** Gives a timer another interval, from now on. @throws ZmqError `EINVAL` when there is none with this id */
  setInterval(id: number, interval: number): void {
    checkInterval(interval);
    this.find(id, "setInterval").interval = interval;
    this.reset(id);
  }

  /** Lets a timer begin anew: it is due after its interval from now. @throws ZmqError `EINVAL` when there is none with this id */
  reset(id: number): void {
    const entry = this.find(id, "reset");
    this.insert({ ...entry, due: this.now() + entry.interval });
  }

  /** Milliseconds until the next timer is due: 0 when one is, −1 when there is none. */
  timeout(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { due } of this.entries.values()) next = Math.min(next, due);
    return next === Number.POSITIVE_INFINITY ? -1 : Math.max(0, Math.ceil(next - this.now()));
  }

  /**
   * Calls the handlers of all timers that are due, each once, in the order in which they were; they are due again after
   * their interval from now. What a handler throws comes out here, and the rest is due still.
   */
  execute(): void {
    const now = this.now();
    const due = [...this.entries.values()].filter((entry) => entry.due <= now);
    // Sorting keeps the order of those that are due at the same moment.
    for (const entry of due.sort((a, b) => a.due - b.due)) {
      // Cancelled, or begun anew, by the handler of another.
      if (this.entries.get(entry.id) !== entry) continue;
      this.insert({ ...entry, due: now + entry.interval });
      entry.handler(entry.id);
    }
  }

  /**
   * Executes the timers whenever they are due, until `stop` is called or none is left. Keeps the program alive meanwhile. What a
   * handler throws rejects the promise.
   * @throws ZmqError `ECANCELED` (named AbortError) when aborted
   */
  run(options?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    if (this.entries.size === 0 && options?.signal?.aborted !== true) return Promise.resolve();
    const end = this.running.wait(undefined, -1, options?.signal);
    this.schedule();
    return end;
  }

  /** Ends `run`; the timers stay. */
  stop(): void {
    while (this.running.length > 0) this.running.resolveFirst();
    this.schedule();
  }

  private now(): number {
    return this.runtime.clock.now();
  }

  /** The latest comes last, so that of two that are due together the one that began first is called first. */
  private insert(entry: Entry): void {
    this.entries.delete(entry.id);
    this.entries.set(entry.id, entry);
    this.schedule();
  }

  private find(id: number, verb: string): Entry {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new ZmqError("EINVAL", `timers.${verb}: there is no timer ${id}`);
    return entry;
  }

  private schedule(): void {
    this.alarm?.cancel();
    this.alarm = undefined;
    if (this.running.length === 0) return;
    if (this.entries.size === 0) this.stop();
    else this.alarm = this.runtime.clock.setTimer(this.timeout(), () => this.ring());
  }

  private ring(): void {
    try {
      this.execute();
    } catch (error) {
      while (this.running.length > 0) this.running.rejectFirst(error);
    }
    this.schedule();
  }
}

function checkInterval(interval: number): void {
  if (typeof interval !== "number") throw new TypeError("Interval must be a number");
  if (Number.isSafeInteger(interval) && interval >= 0) return;
  throw new ZmqError("EINVAL", `an interval is a whole number of milliseconds from 0 on, not ${interval}`);
}
