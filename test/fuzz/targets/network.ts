// SPDX-License-Identifier: MIT
/**
 * A network within the test, under its clock: `tcp://name`, whatever the name. Octets move when `Network.move` is called, so that whole sockets,
 * with everything below them, run thousands of times in a second, and what is left open can be counted.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ZmqError } from "../../../src/base/errors.ts";
import type { Connection, ConnectionHandler } from "../../../src/engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../../../src/engine/engine.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { ZwsDialect } from "../../../src/engine/zws-dialect.ts";
import { createStreamEngine } from "../../../src/transport/stream-engine.ts";
import type { Address, Listener, ListenerHost, Transport, TransportOptions } from "../../../src/transport/transport.ts";

import { KEY } from "./ws.ts";

/** Octets that a connection takes before it says that it is busy. */
const ROOM = 4096;
const NOBODY: ConnectionHandler = { received() {}, drained() {}, connectionEnded() {} };

/** One end of a connection. */
export class MemoryConnection implements Connection {
  handler: ConnectionHandler = NOBODY;
  readonly remote: string;
  /** It is the side that has connected. */
  readonly isClient: boolean;
  farewell: (() => Uint8Array) | undefined = undefined;
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

  constructor(remote: string, isClient = false) {
    this.remote = remote;
    this.isClient = isClient;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    // As connections do: what waits above one that is dead stays there for the next.
    if (this.isClosed) return false;
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
    if (!this.isClosed && this.farewell !== undefined) this.outgoing.push(this.farewell());
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
    while (!this.isPaused && !this.isClosed && !this.isTold) {
      const chunk = this.arrived.shift();
      if (chunk === undefined) break;
      hasMoved = true;
      this.handler.received(chunk);
    }
    // Nobody hears of the end before there is an engine.
    const isCutOff = this.hasStarted && other.isClosed && other.outgoing.length === 0 && this.arrived.length === 0;
    const hasEnded = isCutOff || (this.isClosed && this.outgoing.length === 0);
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
    const client = new MemoryConnection(`198.51.100.1:${this.made}`, true);
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

  /** The transports of this network. */
  transports(): readonly Transport[] {
    return [
      this.transport("tcp", createStreamEngine),
      this.transport("ws", (connection, setup, host) => createWsEngine(connection, setup, host)),
    ];
  }

  private transport(scheme: string, createEngine: Transport["createEngine"]): Transport {
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
      scheme,
      parse: (address): MemoryAddress => ({ endpoint: `${scheme}://${address}`, name: address }),
      listenSync: (address, options, host) => listenSync(address as MemoryAddress, options, host),
      listen: async (address, options, host) => listenSync(address as MemoryAddress, options, host),
      connect: async (address) => {
        const connection = this.dial((address as MemoryAddress).name);
        if (connection !== undefined) return connection;
        throw new ZmqError("ECONNREFUSED", `connect ${address.endpoint}: nobody listens`);
      },
      createEngine,
    };
  }
}

const WS_CRYPTO = {
  digest: (text: string): string => createHash("sha1").update(text).digest("base64"),
  nextMask: (): number => 0x9c3a5e17,
  createKey: (): string => KEY,
};

/** As `transport/ws.ts` makes it. */
function createWsEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
  const isClient = connection instanceof MemoryConnection && connection.isClient;
  const dialect = new ZwsDialect({
    crypto: WS_CRYPTO,
    target: isClient ? { host: "localhost", path: "/" } : undefined,
    closing: () => connection.end(),
  });
  connection.farewell = () => dialect.farewell(setup.slabs);
  return new ZmtpEngine(connection, setup, host, dialect);
}

/** Joins two ends. */
export function link(a: MemoryConnection, b: MemoryConnection): void {
  a.other = b;
  b.other = a;
}
