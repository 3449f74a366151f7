// SPDX-License-Identifier: MIT
/**
 * A network within the test, under its clock: `tcp://name`, whatever the name. Octets move when `Network.move` is called, so that whole sockets,
 * with everything below them, run thousands of times in a second, and what is left open can be counted.
 */
import assert from "node:assert/strict";
import { ZmqError } from "../../../src/base/errors.ts";
import type { Connection, ConnectionHandler } from "../../../src/engine/connection.ts";
import { createStreamEngine } from "../../../src/transport/stream-engine.ts";
import type { Address, Listener, ListenerHost, Transport, TransportOptions } from "../../../src/transport/transport.ts";

/** Octets that a connection takes before it says that it is busy. */
const ROOM = 4096;
const NOBODY: ConnectionHandler = { received() {}, drained() {}, connectionEnded() {} };

/** One end of a connection. */
export class MemoryConnection implements Connection {
  handler: ConnectionHandler = NOBODY;
  readonly remote: string;
  other: MemoryConnection | undefined = undefined;
  isPaused = true;
  /** Closed by this side, at once or in order. */
  isClosed = false;
  /** The handler was told of the end. */
  isTold = false;
  private outgoing: Uint8Array[] = [];
  private arrived: Uint8Array[] = [];
  private isBusy = false;
  private isDestroyed = false;
  private hasStarted = false;

  constructor(remote: string) {
    this.remote = remote;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    assert.ok(!this.isClosed, "a write after the end");
    assert.ok(!this.isBusy, "a write before the connection has drained");
    // What is written may be overwritten as soon as this returns true.
    let octets = 0;
    for (const chunk of chunks) {
      this.outgoing.push(chunk.slice());
      octets += chunk.length;
    }
    this.isBusy = octets > ROOM;
    return !this.isBusy;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.hasStarted = true;
    this.isPaused = false;
  }

  end(): void {
    this.isClosed = true;
  }

  destroy(): void {
    this.isClosed = true;
    this.isDestroyed = true;
    this.arrived = [];
  }

  /** Carries what was written to the other end, and tells both sides what happened. True when anything did. */
  move(): boolean {
    const { other } = this;
    if (other === undefined) return false;
    let hasMoved = this.outgoing.length > 0;
    if (!other.isDestroyed) other.arrived.push(...this.outgoing);
    this.outgoing = [];
    if (this.isBusy) {
      this.isBusy = false;
      hasMoved = true;
      if (!this.isTold) this.handler.drained();
    }
    while (!this.isPaused && !this.isDestroyed && !this.isTold) {
      const chunk = this.arrived.shift();
      if (chunk === undefined) break;
      hasMoved = true;
      this.handler.received(chunk);
    }
    // Nobody hears of the end before there is an engine.
    const isCutOff = this.hasStarted && other.isClosed && other.outgoing.length === 0 && this.arrived.length === 0;
    const hasEnded = this.isDestroyed || isCutOff;
    if (!hasEnded || this.isTold) return hasMoved;
    this.isTold = true;
    this.isClosed = true;
    this.handler.connectionEnded(undefined);
    return true;
  }
}

interface MemoryAddress extends Address {
  readonly name: string;
}

/** All connections and listeners. */
export class Network {
  readonly connections: MemoryConnection[] = [];
  readonly listeners: Map<string, ListenerHost> = new Map();
  /** How the next connection's two ends are put together: a test may stand between them. */
  between: (client: MemoryConnection, server: MemoryConnection) => void = link;
  /** What was thrown where nobody catches it. */
  thrown: Error | undefined = undefined;
  private made = 0;

  /** The two ends of a new connection to a name; undefined when nobody listens. */
  dial(name: string, who = "192.0.2.1"): MemoryConnection | undefined {
    const host = this.listeners.get(name);
    if (host === undefined) return undefined;
    this.made += 1;
    const client = new MemoryConnection(`198.51.100.1:${this.made}`);
    const server = new MemoryConnection(`${who}:${this.made}`);
    this.between(client, server);
    this.connections.push(client, server);
    try {
      host.accepted(server);
    } catch (error) {
      // With node:net nobody would catch it: one peer that connects would end the program.
      this.thrown ??= error as Error;
    }
    return client;
  }

  /** Moves what there is to move. True when there was anything. */
  move(): boolean {
    let hasMoved = false;
    for (const connection of this.connections) hasMoved = connection.move() || hasMoved;
    return hasMoved;
  }

  /** Ends that are not closed, or whose holders do not know it. */
  get open(): number {
    return this.connections.filter(({ isTold }) => !isTold).length;
  }

  /** The transport of this network. */
  transport(): Transport {
    const listenSync = (
      { name, endpoint }: MemoryAddress,
      _options: TransportOptions,
      host: ListenerHost,
    ): Listener => {
      if (this.listeners.has(name)) throw new ZmqError("EADDRINUSE", `bind ${endpoint}: in use`);
      this.listeners.set(name, host);
      return {
        endpoint,
        close: async () => {
          this.listeners.delete(name);
        },
      };
    };
    return {
      scheme: "tcp",
      parse: (address): MemoryAddress => ({ endpoint: `tcp://${address}`, name: address }),
      listenSync: (address, options, host) => listenSync(address as MemoryAddress, options, host),
      listen: async (address, options, host) => listenSync(address as MemoryAddress, options, host),
      connect: async (address) => {
        const connection = this.dial((address as MemoryAddress).name);
        if (connection !== undefined) return connection;
        throw new ZmqError("ECONNREFUSED", `connect ${address.endpoint}: nobody listens`);
      },
      createEngine: createStreamEngine,
    };
  }
}

/** Joins two ends. */
export function link(a: MemoryConnection, b: MemoryConnection): void {
  a.other = b;
  b.other = a;
}
