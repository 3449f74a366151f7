// SPDX-License-Identifier: MIT
/**
 * Operations that wait: a queue of promises served in call order, each of which can be cancelled by a signal or a timeout
 * without any effect on the messages. Used by `socket.ts` for sends, receives, readiness and events.
 */
import type { Clock, Timer } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { Ring } from "../base/ring.ts";
import type { KeepAlive } from "../socket/core-context.ts";
import { AbortSignals } from "./abort-signals.ts";

/** What every asynchronous call takes. */
export interface CallOptions {
  /** Gives up when aborted: nothing was received, nothing was sent. */
  signal?: AbortSignal | undefined;
  /** Gives up after this many milliseconds with `EAGAIN`; −1 waits for ever, 0 does not wait. Default: the socket's option. */
  timeout?: number | undefined;
}

/** Operations that may wait at one socket in one direction; more are refused, so that misuse cannot fill the memory. */
export const MAX_WAITING = 65536;

function nothing(): void {}

/** One operation that waits. */
class Waiter<T, V> {
  readonly what: V;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
  timer: Timer | undefined = undefined;
  signal: AbortSignal | undefined = undefined;
  onAbort: (() => void) | undefined = undefined;

  constructor(what: V, resolve: (value: T) => void, reject: (error: unknown) => void) {
    this.what = what;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** A queue of operations that wait for a result of type T; each knows `what` it waits for. */
export class Waiters<T, V> {
  private readonly queue = new Ring<Waiter<T, V>>();
  private readonly clock: Clock;
  private readonly keepAlive: KeepAlive;
  private readonly signals: AbortSignals;
  private readonly verb: string;
  private readonly gaveUp: () => void;

  constructor(
    clock: Clock,
    keepAlive: KeepAlive,
    verb: string,
    gaveUp: () => void = nothing,
    signals: AbortSignals = new AbortSignals(),
  ) {
    this.clock = clock;
    this.keepAlive = keepAlive;
    this.signals = signals;
    this.verb = verb;
    this.gaveUp = gaveUp;
  }

  /** Number of operations that wait. */
  get length(): number {
    return this.queue.length;
  }

  /** What the first operation waits for; only to be asked when there is one. */
  get first(): V {
    return (this.queue.peek() as Waiter<T, V>).what;
  }

  /** Waits in line. */
  wait(what: V, timeout: number, signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(cancelled(this.verb, signal));
    if (timeout === 0) return Promise.reject(timedOut(this.verb, 0));
    if (this.queue.length >= MAX_WAITING) {
      const text = `${MAX_WAITING} calls of ${this.verb} wait already; await each before the next`;
      return Promise.reject(new ZmqError("EAGAIN", text));
    }
    return new Promise((resolve, reject) => {
      const waiter = new Waiter<T, V>(what, resolve, reject);
      this.queue.push(waiter);
      this.keepAlive.hold();
      if (timeout > 0) {
        waiter.timer = this.clock.setTimer(timeout, () => this.giveUp(waiter, timedOut(this.verb, timeout)));
      }
      if (signal !== undefined) {
        waiter.signal = signal;
        waiter.onAbort = () => this.giveUp(waiter, cancelled(this.verb, signal));
        this.signals.add(signal, waiter.onAbort);
      }
    });
  }

  /** Serves the first operation. */
  resolveFirst(value: T): void {
    const waiter = this.queue.shift() as Waiter<T, V>;
    this.settle(waiter);
    waiter.resolve(value);
  }

  /** Fails the first operation. */
  rejectFirst(error: unknown): void {
    const waiter = this.queue.shift() as Waiter<T, V>;
    this.settle(waiter);
    waiter.reject(error);
  }

  private giveUp(waiter: Waiter<T, V>, error: ZmqError): void {
    if (!this.queue.remove(waiter)) return;
    this.settle(waiter);
    waiter.reject(error);
    this.gaveUp();
  }

  private settle(waiter: Waiter<T, V>): void {
    this.keepAlive.release();
    waiter.timer?.cancel();
    if (waiter.signal !== undefined && waiter.onAbort !== undefined) this.signals.remove(waiter.signal, waiter.onAbort);
  }
}

/** The error of a call whose time was up. */
export function timedOut(verb: string, timeout: number): ZmqError {
  return new ZmqError("EAGAIN", `Operation was not possible or timed out (${verb}, after ${timeout} ms)`);
}

/** The error of a call that was aborted: named like the platform's own, so that the usual check finds it. */
export function cancelled(verb: string, signal: AbortSignal): ZmqError {
  const error = new ZmqError("ECANCELED", `${verb} was aborted; it had no effect`, { cause: signal.reason });
  error.name = "AbortError";
  return error;
}
