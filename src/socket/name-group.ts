// SPDX-License-Identifier: MIT
/**
 * One connection to each address of a name (`connect(address, { resolve: "all" })`). Asks for the addresses when it begins, at an
 * interval, and whenever one of its peers cannot be reached or is lost; connects to new ones, lets go of those that are gone.
 * Held by `endpoints.ts`.
 */
import type { Clock, Timer } from "../base/clock.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Session } from "../session/session.ts";
import type { Address } from "../transport/transport.ts";

/** What a group needs from its endpoints. */
export interface NameGroupHost {
  readonly clock: Clock;
  /** The addresses of now. */
  resolve(): Promise<readonly Address[]>;
  /** A session that connects to an address, and tells `lost` when it cannot, or not any more. */
  join(address: Address, lost: () => void): Session;
  /** Ends a session as `disconnect` does. */
  leave(session: Session): void;
  /** The name could not be resolved. */
  failed(error: ZmqError): void;
}

/** The times of a group, in milliseconds. */
export interface NameGroupTimes {
  /** Between two questions at most, where all is well; 0: only when a peer is lost. */
  readonly interval: number;
  /** Between two questions at least. */
  readonly pause: number;
}

/** The peers behind one name. */
export class NameGroup {
  readonly endpoint: string;
  private readonly host: NameGroupHost;
  private readonly times: NameGroupTimes;
  /** By endpoint of the address; undefined: its session was given up, and is not tried again while the address is there. */
  private readonly members = new Map<string, Session | undefined>();
  private timer: Timer | undefined = undefined;
  private isAsking = false;
  private isOver = false;
  private nextAt = 0;

  constructor(endpoint: string, host: NameGroupHost, times: NameGroupTimes) {
    this.endpoint = endpoint;
    this.host = host;
    this.times = times;
  }

  /** Asks now. */
  start(): void {
    void this.ask();
  }

  /** Ends all connections. */
  close(): void {
    this.isOver = true;
    this.timer?.cancel();
    for (const session of this.members.values()) if (session !== undefined) this.host.leave(session);
    this.members.clear();
  }

  /** A session has ended by itself. True: it was of this group. */
  forget(session: Session): boolean {
    for (const [endpoint, member] of this.members) {
      if (member !== session) continue;
      this.members.set(endpoint, undefined);
      return true;
    }
    return false;
  }

  /** A peer was lost, or cannot be reached: the name may mean others now. */
  private readonly lost = (): void => {
    if (!this.isOver && !this.isAsking) this.askIn(Math.max(0, this.nextAt - this.host.clock.now()));
  };

  private askIn(delay: number): void {
    this.timer?.cancel();
    this.timer = this.host.clock.setTimer(delay, () => void this.ask());
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    this.timer?.cancel();
    let delay = this.times.interval;
    try {
      const addresses = await this.host.resolve();
      if (!this.isOver) this.update(addresses);
    } catch (error) {
      delay = this.times.pause;
      if (!this.isOver) this.host.failed(asZmqError(error, this.endpoint));
    }
    this.isAsking = false;
    this.nextAt = this.host.clock.now() + this.times.pause;
    if (!this.isOver && delay > 0) this.askIn(delay);
  }

  private update(addresses: readonly Address[]): void {
    const wanted = new Map(addresses.map((address) => [address.endpoint, address]));
    for (const [endpoint, session] of [...this.members]) {
      if (wanted.has(endpoint)) continue;
      this.members.delete(endpoint);
      if (session !== undefined) this.host.leave(session);
    }
    for (const [endpoint, address] of wanted) {
      if (!this.isOver && !this.members.has(endpoint)) this.members.set(endpoint, this.host.join(address, this.lost));
    }
  }
}

function asZmqError(error: unknown, endpoint: string): ZmqError {
  if (error instanceof ZmqError) return error;
  return new ZmqError(errorCodeOf(error), `connect ${endpoint}: ${String(error)}`, { address: endpoint, cause: error });
}
