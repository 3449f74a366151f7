// SPDX-License-Identifier: MIT
/**
 * The engine of STREAM sockets, and of ROUTER in raw mode: no greeting, no frames. Each chunk that arrives is a message of
 * one part, at most as long as libzmq's batches (`inBatchSize`); each message that is sent goes out as its octets (RFC-less; see
 * zmq_socket(3) §Native pattern).
 */
import { copyBytes, EMPTY } from "../base/bytes.ts";
import type { Timer } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { PipeItem } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import type { Engine, EngineHost, EngineSetup } from "./engine.ts";

const COPIED_UP_TO = 128;

/** Octets as they come. */
export class RawEngine implements Engine, ConnectionHandler {
  private readonly connection: Connection;
  private readonly setup: EngineSetup;
  private readonly host: EngineHost;
  private pipe: Pipe | undefined = undefined;
  private isBlocked = false;
  private isScheduled = false;
  private outgoing: Uint8Array[] = [];
  private held: PipeItem[] = [];
  private isPaused = false;
  private isFinishing = false;
  private isOver = false;
  private ended: { error: ZmqError | undefined } | undefined = undefined;
  /** While the transport has something to agree on with the peer. */
  private openingTimer: Timer | undefined = undefined;

  constructor(connection: Connection, setup: EngineSetup, host: EngineHost) {
    this.connection = connection;
    this.setup = setup;
    this.host = host;
  }

  start(): void {
    const { connection, setup } = this;
    connection.handler = this;
    if (connection.isOpening !== true) {
      this.begin();
      return;
    }
    const { handshakeInterval } = setup.options;
    if (handshakeInterval > 0) {
      this.openingTimer = setup.clock.setTimer(handshakeInterval, () => {
        const text = `${connection.remote} did not finish its handshake in ${handshakeInterval} ms`;
        connection.destroy();
        this.over(new ZmqError("ETIMEDOUT", text));
      });
    }
    connection.resume();
  }

  opened(): void {
    this.openingTimer?.cancel();
    if (!this.isOver && this.pipe === undefined) this.begin();
  }

  private begin(): void {
    const { connection } = this;
    const pipe = this.host.handshaken({
      routingId: EMPTY,
      socketType: undefined,
      address: connection.remote,
      metadata: connection.facts ?? new Map(),
      wantsEverything: false,
    });
    if (pipe === undefined) {
      this.stop();
      return;
    }
    this.pipe = pipe;
    connection.resume();
    this.pump();
  }

  pipeReadable(): void {
    if (this.pipe !== undefined) this.pump();
  }

  pipeWritable(): void {
    const waiting = this.held;
    this.held = [];
    for (const item of waiting) this.give(item);
    if (this.held.length > 0) return;
    if (this.ended !== undefined) this.over(this.ended.error);
    else if (this.isPaused) {
      this.isPaused = false;
      this.connection.resume();
    }
  }

  finish(): void {
    this.isFinishing = true;
    this.held = [];
    if (this.ended !== undefined) this.over(undefined);
    else if (this.pipe !== undefined) this.pump();
  }

  stop(): void {
    if (this.isOver) return;
    // What was taken from the pipe in this turn has been sent, as far as the application can tell.
    this.flush();
    this.isOver = true;
    this.openingTimer?.cancel();
    this.connection.destroy();
  }

  private pump(): void {
    const pipe = this.pipe as Pipe;
    // A connection that has ended takes nothing any more: what is in the pipe is for the next one.
    while (!this.isBlocked && !this.isOver && this.ended === undefined) {
      const item = pipe.read();
      if (item === undefined) {
        if (this.isFinishing) this.endConnection();
        return;
      }
      if (!Array.isArray(item)) continue;
      // The application may reuse its buffer once the send is done: small parts are copied, as in `frame-guard.ts`.
      for (const part of item)
        if (part.length > 0) this.outgoing.push(part.length <= COPIED_UP_TO ? copyBytes(part) : part);
      if (this.outgoing.length >= 256) this.flush();
      else this.schedule();
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.setup.clock.defer(() => {
      this.isScheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.isBlocked || this.isOver || this.outgoing.length === 0) return;
    const chunks = this.outgoing;
    this.outgoing = [];
    this.isBlocked = !this.connection.write(chunks);
  }

  private endConnection(): void {
    this.flush();
    if (!this.isBlocked) this.connection.end();
  }

  drained(): void {
    this.isBlocked = false;
    this.pump();
  }

  connectionEnded(error: ZmqError | undefined): void {
    if (this.held.length > 0 && !this.isFinishing) this.ended = { error };
    else this.over(error);
  }

  received(chunk: Uint8Array): void {
    if (this.isOver || this.isFinishing) return;
    const { inBatchSize } = this.setup.options;
    for (let start = 0; start < chunk.length; start += inBatchSize) {
      this.give([chunk.subarray(start, start + inBatchSize)]);
    }
    if (this.held.length > 0 && !this.isPaused) {
      this.isPaused = true;
      this.connection.pause();
    }
  }

  private give(item: PipeItem): void {
    if (this.held.length > 0 || !(this.pipe as Pipe).write(item)) this.held.push(item);
  }

  private over(error: ZmqError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.openingTimer?.cancel();
    this.host.over(error, this.pipe === undefined);
  }
}
