// SPDX-License-Identifier: MIT
/**
 * The connecter: the active side of a connection. Tries to connect, waits, tries again, for as long as its session wants.
 * Delays follow libzmq: the interval and up to as much again at random, or doubling up to a maximum without jitter.
 */
import type { Clock, Timer } from "../base/clock.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { Address, Transport, TransportOptions } from "../transport/transport.ts";

/** The options that a connecter looks at; times in milliseconds. */
export interface ConnecterOptions extends TransportOptions {
  /** −1 and 0: never try again. */
  reconnectInterval: number;
  /** 0: no doubling. */
  reconnectMaxInterval: number;
  /** How the delays are spread; null: as libzmq spreads them. */
  reconnectJitter: Jitter | null;
  /** 0: as long as the system allows. */
  connectTimeout: number;
}

/** How much of a delay is left to chance: nothing, a half, or all of it. */
export type Jitter = "none" | "half" | "full";

/** What a connecter tells its session. */
export interface ConnecterHost {
  /** An attempt begins. */
  attempting(): void;
  /** A connection stands. */
  reached(connection: Connection): void;
  /** An attempt failed; the session says whether to try again. */
  attemptFailed(error: ZmqError): void;
  /** The next attempt comes after this many milliseconds. */
  retrying(delay: number): void;
}

/** Connects to one address, again and again. */
export class Connecter {
  private readonly transport: Transport;
  private readonly address: Address;
  private readonly options: ConnecterOptions;
  private readonly clock: Clock;
  private readonly host: ConnecterHost;
  private attempt: AbortController | undefined = undefined;
  private timer: Timer | undefined = undefined;
  /** Delay before the next attempt while doubling; 0: start over with the interval. */
  private lastDelay = 0;
  private isStopped = false;

  constructor(transport: Transport, address: Address, options: ConnecterOptions, clock: Clock, host: ConnecterHost) {
    this.transport = transport;
    this.address = address;
    this.options = options;
    this.clock = clock;
    this.host = host;
  }

  /** Tries now. */
  start(): void {
    const attempt = new AbortController();
    this.attempt = attempt;
    this.host.attempting();
    // The host may have called `stop` just now.
    if (this.isStopped) return;
    const { connectTimeout } = this.options;
    if (connectTimeout > 0) {
      this.timer = this.clock.setTimer(connectTimeout, () => {
        this.failed(
          attempt,
          new ZmqError("ETIMEDOUT", `${this.address.endpoint} did not answer in ${connectTimeout} ms`),
        );
      });
    }
    this.transport.connect(this.address, this.options, attempt.signal).then(
      (connection) => this.succeeded(attempt, connection),
      (error: unknown) => this.failed(attempt, asZmqError(error, this.address.endpoint)),
    );
  }

  /** Tries again after a while. False: the options say never. */
  retry(): boolean {
    const delay = this.nextDelay();
    if (delay === undefined) return false;
    this.host.retrying(delay);
    if (this.isStopped) return false;
    this.timer = this.clock.setTimer(delay, () => this.start());
    return true;
  }

  /** Gives up. */
  stop(): void {
    this.isStopped = true;
    this.abandon();
  }

  private abandon(): void {
    this.stopTimer();
    const attempt = this.attempt;
    this.attempt = undefined;
    attempt?.abort();
  }

  private succeeded(attempt: AbortController, connection: Connection): void {
    if (this.attempt !== attempt) {
      connection.destroy();
      return;
    }
    this.stopTimer();
    this.attempt = undefined;
    this.host.reached(connection);
  }

  /** The peer is a good one: delays begin anew. A connection alone says little, as proxies take many only to drop them. */
  settled(): void {
    this.lastDelay = 0;
  }

  /** Lets go of it as well: a connection that stands for days holds no timer. */
  private stopTimer(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private failed(attempt: AbortController, error: ZmqError): void {
    if (this.attempt !== attempt) return;
    this.abandon();
    this.host.attemptFailed(error);
  }

  private nextDelay(): number | undefined {
    const { reconnectInterval, reconnectMaxInterval, reconnectJitter } = this.options;
    if (reconnectInterval <= 0) return undefined;
    if (reconnectJitter !== null) return spread(this.nextInterval(), reconnectJitter);
    if (reconnectMaxInterval <= 0) return reconnectInterval + Math.floor(Math.random() * reconnectInterval);
    return this.nextInterval();
  }

  private nextInterval(): number {
    const { reconnectInterval, reconnectMaxInterval } = this.options;
    if (reconnectMaxInterval <= 0) return reconnectInterval;
    const doubled = this.lastDelay === 0 ? reconnectInterval : this.lastDelay * 2;
    this.lastDelay = Math.min(doubled, Math.max(reconnectMaxInterval, reconnectInterval));
    return this.lastDelay;
  }
}

function spread(interval: number, jitter: Jitter): number {
  const chance = jitter === "none" ? 0 : jitter === "half" ? interval / 2 : interval;
  return Math.max(1, Math.round(interval - Math.random() * chance));
}

function asZmqError(error: unknown, endpoint: string): ZmqError {
  if (error instanceof ZmqError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ZmqError(errorCodeOf(error), `connect ${endpoint}: ${reason}`, { address: endpoint, cause: error });
}
