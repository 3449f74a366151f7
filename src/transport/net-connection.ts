// SPDX-License-Identifier: MIT
/** A connection over `node:net`, for tcp and ipc: below an engine, above the runtime's sockets. */
import type { Socket } from "node:net";
import type { Clock, Timer } from "../base/clock.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";

/**
 * How long a peer may take to close its side after ours is closed, in milliseconds. Closing sooner makes the system drop
 * what the peer has not read yet if it has sent something meanwhile.
 */
const CLOSE_PATIENCE = 1000;

function ignore(): void {}

/** A `node:net` socket as the engines want it. Never keeps an idle program alive. */
export class NetConnection implements Connection {
  onData: (chunk: Uint8Array) => void = ignore;
  onDrain: () => void = ignore;
  onClose: (error?: ZmqError) => void = ignore;
  readonly local: string;
  readonly remote: string;
  private readonly socket: Socket;
  private readonly clock: Clock;
  private error: ZmqError | undefined = undefined;
  private patience: Timer | undefined = undefined;
  private isWaiting = false;
  private isClosed = false;
  private isEnding = false;

  constructor(socket: Socket, local: string, remote: string, clock: Clock) {
    this.socket = socket;
    this.local = local;
    this.remote = remote;
    this.clock = clock;
    socket.pause();
    socket.unref();
    socket.on("data", (chunk: Uint8Array) => this.onData(chunk));
    socket.on("error", (error) => {
      this.error ??= new ZmqError(errorCodeOf(error, "ECONNRESET"), `${remote}: ${error.message}`, { cause: error });
    });
    socket.on("close", () => {
      this.patience?.cancel();
      this.closed(this.error);
    });
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const { socket } = this;
    // A dead connection takes nothing more, so that what waits above it stays there for the next one.
    if (this.isEnding || socket.destroyed) return false;
    const last = chunks.length - 1;
    if (last > 0) {
      socket.cork();
      for (let i = 0; i < last; i += 1) socket.write(chunks[i] as Uint8Array);
    }
    socket.write(chunks[last] as Uint8Array, this.written);
    if (last > 0) socket.uncork();
    // Node hands a write to the system at once when it can: what is left tells more than the returned hint.
    if (socket.writableLength === 0) return true;
    this.isWaiting = true;
    return false;
  }

  private readonly written = (error?: Error | null): void => {
    if (error !== null && error !== undefined) return;
    if (!this.isWaiting || this.socket.destroyed || this.socket.writableLength > 0) return;
    this.isWaiting = false;
    this.onDrain();
  };

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  end(): void {
    if (this.isEnding || this.socket.destroyed) return;
    this.isEnding = true;
    this.onData = ignore;
    this.socket.once("finish", () => {
      this.patience = this.clock.setTimer(CLOSE_PATIENCE, () => this.socket.destroy());
      this.closed(undefined);
    });
    this.socket.end();
    this.socket.resume();
  }

  destroy(): void {
    this.onData = ignore;
    this.socket.destroy();
  }

  private closed(error: ZmqError | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose(error);
  }
}
