// SPDX-License-Identifier: MIT
/**
 * A connection that a test holds the other end of: it sees what an engine writes and decides what arrives, when the
 * network is busy and when it fails. `ConnectionPair` joins two, so that two engines talk without any network.
 */
import assert from "node:assert/strict";
import type { ZmqError } from "../../src/base/errors.ts";
import type { Connection, ConnectionHandler } from "../../src/engine/connection.ts";
import type { FakeClock } from "./fake-clock.ts";

/** A handler that does nothing but what the test says. */
export function handler(handlers: Partial<ConnectionHandler> = {}): ConnectionHandler {
  return { received() {}, drained() {}, connectionEnded() {}, ...handlers };
}

/** A byte stream without a network. */
export class FakeConnection implements Connection {
  handler: ConnectionHandler = handler();
  readonly remote: string;
  /** True: writes are held, as by a peer that does not read. */
  isBusy = false;
  isPaused = true;
  isEnded = false;
  isDestroyed = false;
  /** How often `write` was called. */
  writes = 0;
  private sent: Buffer[] = [];
  private held: Uint8Array[] = [];
  private arriving: Uint8Array[] = [];
  private isClosed = false;

  constructor(remote = "192.0.2.7:5555") {
    this.remote = remote;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    assert.equal(this.held.length, 0, "a write before the connection has drained");
    assert.ok(!this.isEnded, "a write after the end");
    this.writes += 1;
    if (this.isBusy) {
      this.held = [...chunks];
      return false;
    }
    for (const chunk of chunks) this.sent.push(Buffer.from(chunk));
    return true;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.deliver();
  }

  end(): void {
    if (this.isEnded || this.isDestroyed) return;
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  /** What the engine has written since the last call. */
  takeSent(): Buffer {
    const all = Buffer.concat(this.sent);
    this.sent = [];
    return all;
  }

  /** Octets that a busy connection holds. */
  get heldOctets(): number {
    return this.held.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** The network takes octets again. */
  drain(): void {
    this.isBusy = false;
    const all = this.held;
    this.held = [];
    for (const chunk of all) this.sent.push(Buffer.from(chunk));
    if (all.length > 0) this.handler.drained();
  }

  /** Octets arrive, as one chunk; they wait while the connection is paused. */
  receive(octets: Uint8Array): void {
    this.arriving.push(octets);
    this.deliver();
  }

  /** Octets that arrived and that nobody has read. */
  get unread(): number {
    return this.arriving.length;
  }

  /** The connection is over. */
  lose(error?: ZmqError): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.handler.connectionEnded(error);
  }

  private deliver(): void {
    while (!this.isPaused && !this.isDestroyed) {
      const chunk = this.arriving.shift();
      if (chunk === undefined) return;
      this.handler.received(chunk);
    }
  }
}

/** Two connections, each of which receives what the other sends. */
export class ConnectionPair {
  readonly a: FakeConnection = new FakeConnection("192.0.2.2:2");
  readonly b: FakeConnection = new FakeConnection("192.0.2.1:1");
  private readonly clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  /** Carries octets to and fro until nobody says anything more. `chunk`: octets at once; 0: all that is there. */
  run(chunk = 0): void {
    for (;;) {
      this.clock.endTurn();
      const fromA = this.a.takeSent();
      const fromB = this.b.takeSent();
      if (fromA.length === 0 && fromB.length === 0) break;
      carry(fromA, this.b, chunk);
      carry(fromB, this.a, chunk);
    }
    if (this.a.isEnded || this.a.isDestroyed) this.b.lose();
    if (this.b.isEnded || this.b.isDestroyed) this.a.lose();
  }
}

function carry(octets: Buffer, to: FakeConnection, chunk: number): void {
  const step = chunk === 0 ? octets.length : chunk;
  for (let at = 0; at < octets.length; at += step) to.receive(octets.subarray(at, at + step));
}
