// SPDX-License-Identifier: MIT
/**
 * Heartbeats of one connection (RFC 37 §PING and PONG): PINGs that this side sends, and the time to live that the peer asks
 * for. Any traffic counts as a sign of life, so that received data costs one assignment. Used by the ZMTP engine.
 */
import type { Clock, Timer } from "../base/clock.ts";
import type { RoundTask } from "../base/rounds.ts";

/** What a heartbeat needs from its engine. */
export interface HeartbeatHost {
  /** Counted up whenever octets arrive. */
  readonly traffic: number;
  /** True while this side does not read because its application is slow: silence then proves nothing. */
  readonly isStalled: boolean;
  /** False: nothing was sent, as the peer takes nothing. */
  sendPing(): boolean;
  /** The peer has been silent for too long. */
  expired(after: number): void;
}

/** Times in milliseconds. */
export interface HeartbeatOptions {
  heartbeatInterval: number;
  heartbeatTimeout: number;
}

/** The beat and the timers of one connection. Made only where one side asks for it. */
export class Heartbeat implements RoundTask {
  /** Only where the timeout is not the interval: otherwise the next round looks. */
  private silenceTimer: Timer | undefined = undefined;
  private liveTimer: Timer | undefined = undefined;
  private readonly clock: Clock;
  private readonly interval: number;
  private readonly timeout: number;
  private readonly host: HeartbeatHost;
  /** −1: nothing was sent that an answer is expected to. */
  private trafficAtPing = -1;
  /** Milliseconds between a PING and its PONG; undefined: none yet. */
  roundTripTime: number | undefined = undefined;
  /** When the first PING was sent that is not answered; −1: all are. */
  private askedAt = -1;
  private trafficAtLook = 0;
  private lastTraffic = 0;
  private isStopped = false;

  constructor(clock: Clock, options: HeartbeatOptions, host: HeartbeatHost) {
    this.clock = clock;
    this.interval = options.heartbeatInterval;
    this.timeout = options.heartbeatTimeout >= 0 ? options.heartbeatTimeout : options.heartbeatInterval;
    this.host = host;
  }

  /** Starts to PING, together with all connections that have the same interval: the first time after one at most. */
  start(): void {
    this.clock.rounds.add(this.interval, this);
  }

  /** The peer wants the connection closed when it has been silent for this long. */
  peerTimeToLive(milliseconds: number): void {
    this.liveTimer?.cancel();
    this.trafficAtLook = this.host.traffic;
    this.lastTraffic = this.clock.now();
    this.watchLife(milliseconds, milliseconds);
  }

  /** The peer has answered. */
  answered(): void {
    if (this.askedAt < 0) return;
    this.roundTripTime = this.clock.now() - this.askedAt;
    this.askedAt = -1;
  }

  /** Stops all timers. */
  stop(): void {
    this.isStopped = true;
    this.clock.rounds.remove(this.interval, this);
    this.silenceTimer?.cancel();
    this.liveTimer?.cancel();
  }

  roundCame(): void {
    const { host, timeout } = this;
    if (timeout === this.interval && this.isSilent) {
      this.suspect(timeout, () => {});
      return;
    }
    if (host.sendPing() && this.askedAt < 0) this.askedAt = this.clock.now();
    if (this.silenceTimer !== undefined || timeout === 0) return;
    this.trafficAtPing = host.traffic;
    if (timeout !== this.interval) this.silenceTimer = this.clock.setTimer(timeout, this.silent);
  }

  /** While this side does not read, silence proves nothing. */
  private get isSilent(): boolean {
    return this.host.traffic === this.trafficAtPing && !this.host.isStalled;
  }

  private readonly silent = (): void => {
    this.silenceTimer = undefined;
    if (this.isSilent) this.suspect(this.timeout, () => {});
  };

  /** Any octet puts the end off, so the timer only looks whether there were any, and waits for what is left. */
  private watchLife(timeToLive: number, delay: number): void {
    this.liveTimer = this.clock.setTimer(delay, () => {
      const now = this.clock.now();
      if (this.host.traffic !== this.trafficAtLook || this.host.isStalled) {
        this.trafficAtLook = this.host.traffic;
        this.lastTraffic = now;
      }
      const left = this.lastTraffic + timeToLive - now;
      if (left > 0.5) this.watchLife(timeToLive, left);
      else this.suspectLife(timeToLive);
    });
  }

  private suspectLife(timeToLive: number): void {
    this.liveTimer = undefined;
    // Another PING may have begun to count meanwhile.
    this.suspect(timeToLive, () => {
      if (this.liveTimer === undefined) this.watchLife(timeToLive, 0);
    });
  }

  /**
   * Timers come before input: where the program has computed for long, or was stopped, what the peer said may lie there unread. So
   * the peer is given up only after one more look at the input.
   */
  private suspect(after: number, otherwise: () => void): void {
    const { traffic } = this.host;
    this.clock.yieldTurn(() => {
      if (this.isStopped) return;
      if (this.host.traffic === traffic && !this.host.isStalled) this.host.expired(after);
      else otherwise();
    });
  }
}
