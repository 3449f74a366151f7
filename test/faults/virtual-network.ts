// SPDX-License-Identifier: MIT
/**
 * A network without a network: real sockets on a fake clock, joined by wires whose every octet a test holds in its hand. A
 * plan says for each wire where it breaks and how, in what pieces octets come, and what becomes of them on the way. So
 * "at every position" costs milliseconds. Its counterpart with real connections is `test/support/fault-proxy.ts`.
 */
import assert from "node:assert/strict";
import { ZmqError } from "../../src/base/errors.ts";
import type { Connection, ConnectionHandler } from "../../src/engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../../src/engine/engine.ts";
import { createStreamEngine } from "../../src/transport/stream-engine.ts";
import type { Address, Listener, ListenerHost, Transport, TransportOptions } from "../../src/transport/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { handler } from "../support/fake-connection.ts";
import { ticks } from "../support/session-rig.ts";

/** `up`: from who connected to who accepted. */
export type Direction = "up" | "down";

/** `vanish`: nothing arrives any more, and nobody is told. */
export type Break = "reset" | "close" | "vanish";

/** What happens on one wire. */
export interface Plan {
  /** After so many octets in one direction, it breaks. */
  readonly fault?: { readonly direction: Direction; readonly at: number; readonly how: Break };
  /** Octets that come at once, from a place in the stream on. */
  readonly pieces?: (offset: number) => number;
  /** What arrives instead of the octets that stand at a place in the stream. */
  readonly alter?: (octets: Buffer, direction: Direction, offset: number) => Buffer;
  /** Octets that the network holds in each direction before it takes no more. */
  readonly window?: number;
}

/** One end of a wire. */
export class WireEnd implements Connection {
  handler: ConnectionHandler = handler();
  readonly remote: string;
  /** All that was ever written here. */
  readonly written: Buffer[] = [];
  /** Written, and not carried yet. */
  readonly leaving: Buffer[] = [];
  /** Arrived, and not read yet. */
  readonly arrived: Buffer[] = [];
  /** The network takes no more: these wait. */
  held: readonly Uint8Array[] | undefined = undefined;
  isEnded = false;
  isDestroyed = false;
  isOver = false;
  /** The other side says nothing more. */
  hasFin = false;
  private isPaused = true;
  private readonly window: number;

  constructor(remote: string, window: number) {
    this.remote = remote;
    this.window = window;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    assert.equal(this.held, undefined, "a write before the connection has drained");
    if (this.isEnded || this.isDestroyed || this.isOver) return false;
    if (sizeOf(this.leaving) >= this.window) {
      this.held = chunks;
      return false;
    }
    this.push(chunks);
    return true;
  }

  /** The network has room again. */
  drain(): boolean {
    const { held } = this;
    if (held === undefined || sizeOf(this.leaving) >= this.window || this.isDestroyed || this.isOver) return false;
    this.held = undefined;
    this.push(held);
    this.handler.drained();
    return true;
  }

  private push(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      const copy = Buffer.from(chunk);
      this.written.push(copy);
      this.leaving.push(copy);
    }
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.deliver();
  }

  end(): void {
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  /** The other side has said all that it had to say, and it was read. */
  get hasReadAll(): boolean {
    return this.hasFin && this.arrived.length === 0;
  }

  /** Octets that wait here to be read. */
  get unread(): number {
    return sizeOf(this.arrived);
  }

  arrive(octets: Buffer): void {
    if (octets.length > 0) this.arrived.push(octets);
    this.deliver();
  }

  /** The wire is torn off; what was not read is gone. */
  lose(error: ZmqError | undefined): void {
    this.arrived.length = 0;
    if (this.isOver) return;
    this.isOver = true;
    this.handler.connectionEnded(error);
  }

  private deliver(): void {
    while (!this.isPaused && !this.isDestroyed && !this.isOver && this.arrived.length > 0) {
      this.handler.received(this.arrived.shift() as Buffer);
    }
  }
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** A connection, from both sides. */
export class Wire {
  /** Of who connected: what it writes goes up. */
  readonly near: WireEnd;
  readonly far: WireEnd;
  /** Octets carried to the other side. */
  readonly carried: Record<Direction, number> = { up: 0, down: 0 };
  /** Carries nothing in this direction while true. */
  readonly isStalled: Record<Direction, boolean> = { up: false, down: false };
  isBroken = false;
  private readonly plan: Plan;

  constructor(plan: Plan, number: number) {
    this.plan = plan;
    const window = plan.window ?? Number.POSITIVE_INFINITY;
    this.near = new WireEnd("192.0.2.1:1", window);
    this.far = new WireEnd(`192.0.2.2:${number}`, window);
  }

  /** Neither side has anything to do with it any more. */
  get isOver(): boolean {
    return this.near.isOver && this.far.isOver;
  }

  /** All that was written in a direction. */
  octets(direction: Direction): Buffer {
    return Buffer.concat((direction === "up" ? this.near : this.far).written);
  }

  /** The fault of the plan, or another one, now. */
  break(how: Break): void {
    this.isBroken = true;
    for (const end of [this.near, this.far]) {
      end.leaving.length = 0;
      if (how === "reset") end.lose(new ZmqError("ECONNRESET", "reset by the test"));
      else if (how === "close") end.hasFin = true;
    }
  }

  /** Carries what there is to carry; false: nothing happened. */
  carry(): boolean {
    const { near, far } = this;
    let hasMoved = this.carryTo("up", near, far);
    hasMoved = this.carryTo("down", far, near) || hasMoved;
    hasMoved = this.finish("up", near, far) || hasMoved;
    return this.finish("down", far, near) || hasMoved;
  }

  /** Tells an end that it is over, when it is, and the other end once all that was written before has come. */
  private finish(direction: Direction, end: WireEnd, other: WireEnd): boolean {
    let hasMoved = false;
    if (!end.isOver && (end.isDestroyed || (end.isEnded && end.held === undefined) || end.hasReadAll)) {
      // What was not read when a connection is closed makes it a reset for the other side.
      const isRude = end.unread > 0;
      end.lose(undefined);
      if (isRude && !this.isBroken) other.lose(new ZmqError("ECONNRESET", "closed before all was read"));
      hasMoved = true;
    }
    if (!end.isOver || other.hasFin || this.isBroken || this.isStalled[direction] || end.leaving.length > 0)
      return hasMoved;
    other.hasFin = true;
    return true;
  }

  private carryTo(direction: Direction, from: WireEnd, to: WireEnd): boolean {
    const { fault, window = Number.POSITIVE_INFINITY } = this.plan;
    const isMine = fault?.direction === direction;
    let hasMoved = false;
    for (;;) {
      if (this.isBroken) return hasMoved;
      const left = isMine ? fault.at - this.carried[direction] : Number.POSITIVE_INFINITY;
      if (isMine && left === 0) {
        this.break(fault.how);
        return true;
      }
      if (this.isStalled[direction] || from.leaving.length === 0 || to.unread >= window) return hasMoved;
      this.carryPiece(direction, from, to, left);
      from.drain();
      hasMoved = true;
    }
  }

  private carryPiece(direction: Direction, from: WireEnd, to: WireEnd, most: number): void {
    const { pieces, alter } = this.plan;
    const offset = this.carried[direction];
    const all = Buffer.concat(from.leaving);
    const size = Math.min(all.length, most, pieces?.(offset) ?? all.length);
    from.leaving.length = 0;
    if (size < all.length) from.leaving.push(all.subarray(size));
    this.carried[direction] += size;
    const octets = Buffer.from(all.subarray(0, size));
    if (!to.isDestroyed && !to.isOver) to.arrive(alter?.(octets, direction, offset) ?? octets);
  }
}

/** One attempt to connect, which the test may decide. */
export interface Attempt {
  readonly endpoint: string;
  /** Whether anybody listens there. */
  readonly isHeard: boolean;
  succeed(plan?: Plan): void;
  refuse(): void;
}

/** Wires, listeners, and a clock. */
export class VirtualNetwork implements Transport {
  readonly scheme = "tcp";
  readonly clock: FakeClock = new FakeClock();
  readonly wires: Wire[] = [];
  /** When each attempt to connect began. */
  readonly attemptTimes: number[] = [];
  /** Plans for the next wires, in order. */
  readonly plans: Plan[] = [];
  /** What becomes of an attempt. */
  decide: (attempt: Attempt) => void = (attempt) => {
    if (attempt.isHeard) attempt.succeed(this.plans.shift());
    else attempt.refuse();
  };
  private readonly listeners = new Map<string, ListenerHost>();

  parse(address: string): Address {
    return { endpoint: `tcp://${address}` };
  }

  async listen({ endpoint }: Address, _options: TransportOptions, host: ListenerHost): Promise<Listener> {
    if (this.listeners.has(endpoint)) throw new ZmqError("EADDRINUSE");
    this.listeners.set(endpoint, host);
    return { endpoint, close: async () => void this.listeners.delete(endpoint) };
  }

  connect({ endpoint }: Address, _options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    this.attemptTimes.push(this.clock.now());
    return new Promise((resolve, reject) => {
      const refuse = (): void => reject(new ZmqError("ECONNREFUSED", `connect ${endpoint}: refused`));
      signal.addEventListener("abort", refuse, { once: true });
      this.decide({
        endpoint,
        isHeard: this.listeners.has(endpoint),
        refuse,
        succeed: (plan = {}) => {
          const host = this.listeners.get(endpoint);
          if (host === undefined || signal.aborted) return refuse();
          const wire = new Wire(plan, this.wires.length);
          this.wires.push(wire);
          host.accepted(wire.far);
          resolve(wire.near);
        },
      });
    });
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    return createStreamEngine(connection, setup, host);
  }

  /** Lets everything happen that can happen without time passing. */
  async run(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      this.clock.endTurn();
      await ticks();
      for (const wire of this.wires) if (wire.carry()) quiet = -1;
    }
  }

  /** Lets time pass, and everything happen that follows, moment by moment. */
  async pass(milliseconds: number): Promise<void> {
    await this.run();
    for (let left = milliseconds; left > 0; ) {
      const step = Math.min(left, Math.max(1, this.clock.untilNext ?? left));
      this.clock.advance(step);
      left -= step;
      await this.run();
    }
  }

  get lastWire(): Wire {
    return this.wires.at(-1) as Wire;
  }
}
