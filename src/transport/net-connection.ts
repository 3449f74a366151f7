// SPDX-License-Identifier: MIT
/** A connection over `node:net`, for tcp, ipc and, with a shield, TLS: below an engine, above the runtime's sockets. */
import type { Socket } from "node:net";
import type { Clock, Timer } from "../base/clock.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection, ConnectionHandler } from "../engine/connection.ts";
import { formatHostPort } from "./tcp-address.ts";

/**
 * How long a peer may take to close its side after ours is closed, in milliseconds. Closing sooner makes the system drop
 * what the peer has not read yet if it has sent something meanwhile.
 */
const CLOSE_PATIENCE = 1000;

/** What lies between a connection and the network: its octets go through it. */
export interface Shield {
  /** True until the peer has shown who it is. */
  readonly isOpening: boolean;
  /** Called once, when that is over and went well. */
  whenOpen: () => void;
  /** See {@link Connection}. */
  readonly facts: ReadonlyMap<string, Uint8Array> | undefined;
  /** What counts the octets that travel. */
  readonly counter: { readonly bytesRead: number; readonly bytesWritten: number };
  /** What was written before it was open. */
  held: readonly Uint8Array[] | undefined;
  /** What an error of the runtime means; undefined: what it says. */
  explain(error: Error): ZmqError | undefined;
  /** What it means that the peer closed the connection before it was open. */
  cutOff(): ZmqError;
}

/** Listens until an engine does. */
const NOBODY: ConnectionHandler = { received() {}, drained() {}, connectionEnded() {} };

/** Where a socket keeps its connection: all sockets share the same three listeners, as a process may hold very many. */
const connectionOf = Symbol("connection");

interface OwnedSocket extends Socket {
  [connectionOf]: NetConnection;
}

function onData(this: OwnedSocket, chunk: Uint8Array): void {
  this[connectionOf].arrived(chunk);
}

function onError(this: OwnedSocket, error: Error): void {
  this[connectionOf].failed(error);
}

function onClose(this: OwnedSocket): void {
  this[connectionOf].closed();
}

/** A `node:net` socket as the engines want it. Never keeps an idle program alive. */
export class NetConnection implements Connection {
  handler: ConnectionHandler = NOBODY;
  readonly remote: string;
  private readonly socket: Socket;
  private readonly clock: Clock;
  private readonly shield: Shield | undefined;
  farewell: (() => Uint8Array) | undefined = undefined;
  /** Besides what the shield knows. */
  private found: ReadonlyMap<string, Uint8Array> | undefined = undefined;
  private error: ZmqError | undefined = undefined;
  private patience: Timer | undefined = undefined;
  private isWaiting = false;
  /** Nothing that arrives is of interest any more. */
  private isDeaf = false;
  private isEnding = false;
  private isOver = false;

  constructor(socket: Socket, remote: string, clock: Clock, shield?: Shield) {
    this.socket = socket;
    this.remote = remote;
    this.clock = clock;
    this.shield = shield;
    if (shield !== undefined) shield.whenOpen = () => this.opened(shield);
    socket.pause();
    socket.unref();
    const owned = Object.assign(socket, { [connectionOf]: this });
    owned.on("data", onData);
    owned.on("error", onError);
    owned.on("close", onClose);
  }

  get local(): string {
    const { localAddress, localPort } = this.socket;
    return localAddress === undefined ? "" : formatHostPort(localAddress, localPort);
  }

  get octetsSent(): number {
    return (this.shield?.counter ?? this.socket).bytesWritten;
  }

  get octetsReceived(): number {
    return (this.shield?.counter ?? this.socket).bytesRead;
  }

  get isOpening(): boolean {
    return this.shield?.isOpening === true;
  }

  get facts(): ReadonlyMap<string, Uint8Array> | undefined {
    return this.found ?? this.shield?.facts;
  }

  set facts(facts: ReadonlyMap<string, Uint8Array> | undefined) {
    this.found = facts;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const { socket } = this;
    // A dead connection takes nothing more, so that what waits above it stays there for the next one.
    if (this.isEnding || socket.destroyed) return false;
    if (this.shield?.isOpening === true) {
      this.shield.held = chunks;
      return false;
    }
    const last = chunks.length - 1;
    if (last > 0) {
      socket.cork();
      for (let i = 0; i < last; i += 1) socket.write(chunks[i] as Uint8Array);
    }
    // A function for each write, so that a connection that is idle holds none.
    socket.write(chunks[last] as Uint8Array, (error) => this.written(error));
    if (last > 0) socket.uncork();
    // Node hands a write to the system at once when it can: what is left tells more than the returned hint.
    if (socket.writableLength === 0) return true;
    this.isWaiting = true;
    return false;
  }

  /** Nothing leaves before the peer is known to be the right one. */
  private opened(shield: Shield): void {
    this.handler.opened?.();
    const { held } = shield;
    shield.held = undefined;
    if (held !== undefined && this.write(held)) this.handler.drained();
  }

  private written(error: Error | null | undefined): void {
    if (error !== null && error !== undefined) return;
    if (!this.isWaiting || this.socket.destroyed || this.socket.writableLength > 0) return;
    this.isWaiting = false;
    this.handler.drained();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  end(): void {
    if (this.isEnding || this.socket.destroyed) return;
    if (this.shield?.isOpening === true) {
      this.destroy();
      return;
    }
    this.isEnding = true;
    this.isDeaf = true;
    this.socket.once("finish", () => {
      this.patience = this.clock.setTimer(CLOSE_PATIENCE, () => this.socket.destroy());
      this.over(undefined);
    });
    if (this.farewell !== undefined) this.socket.write(this.farewell());
    this.socket.end();
    this.socket.resume();
  }

  destroy(): void {
    // As much of a goodbye as there is time for.
    if (this.farewell !== undefined && !this.isEnding && this.socket.writable) this.socket.write(this.farewell());
    this.isDeaf = true;
    this.socket.destroy();
  }

  // ── What the socket tells ──────────────────────────────────────────────────────────────────────────────────────

  arrived(chunk: Uint8Array): void {
    if (!this.isDeaf) this.handler.received(chunk);
  }

  failed(error: Error): void {
    this.error ??= this.shield?.explain(error);
    this.error ??= new ZmqError(errorCodeOf(error, "ECONNRESET"), `${this.remote}: ${error.message}`, { cause: error });
  }

  closed(): void {
    this.patience?.cancel();
    if (this.shield?.isOpening === true && !this.isDeaf) this.error ??= this.shield.cutOff();
    this.over(this.error);
  }

  private over(error: ZmqError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.handler.connectionEnded(error);
  }
}
