// SPDX-License-Identifier: MIT
/**
 * What works behind a socket of version 5: reads and hands out messages, sends, calls back. Reading stops while the socket
 * is paused, so that what comes meanwhile waits under the high-water marks. Used by `socket.ts`, its public face.
 */
import type { EventEmitter } from "node:events";
import * as zmq from "../index.ts";

/** The types of sockets. */
export type SocketType =
  | "pair"
  | "req"
  | "rep"
  | "pub"
  | "sub"
  | "dealer"
  | "xreq"
  | "router"
  | "xrep"
  | "pull"
  | "push"
  | "xpub"
  | "xsub"
  | "stream";

/** What is called when an operation is done, or has failed. */
export type Callback = (error?: Error) => void;

/** Messages that are taken at a time. */
const BATCH = 100;

const CLASSES: Readonly<Record<SocketType, new () => zmq.Socket>> = {
  pair: zmq.Pair,
  req: zmq.Request,
  rep: zmq.Reply,
  pub: zmq.Publisher,
  sub: zmq.Subscriber,
  dealer: zmq.Dealer,
  xreq: zmq.Dealer,
  router: zmq.Router,
  xrep: zmq.Router,
  pull: zmq.Pull,
  push: zmq.Push,
  xpub: zmq.XPublisher,
  xsub: zmq.XSubscriber,
  stream: zmq.Stream,
};

/** Reads and sends for one socket. */
export class Works {
  readonly socket: zmq.Socket;
  isPaused = false;
  /** Parts of a message of which more is to come. */
  parts: zmq.MessageLike[] = [];
  stopMonitor: (() => void) | undefined = undefined;
  private readonly emitter: EventEmitter;
  /** Taken, and not yet handed out, as a listener paused the socket. */
  private readonly received: Buffer[][] = [];
  private readonly unsent: { readonly message: zmq.MessageLike[]; readonly done: Callback | undefined }[] = [];
  private reading: AbortController | undefined = undefined;

  constructor(emitter: EventEmitter, type: SocketType) {
    if (!Object.hasOwn(CLASSES, type)) throw new Error(`Invalid socket type: ${type}`);
    this.emitter = emitter;
    this.socket = new CLASSES[type]();
    this.read();
  }

  /** Reports the end of an operation, after everything that runs now. */
  settle(work: Promise<void>, done: Callback | undefined, succeeded: () => void): void {
    const finish = (error?: Error): void => {
      process.nextTick(() => {
        if (error === undefined) succeeded();
        if (done !== undefined) done(...(error === undefined ? [] : [error]));
        else if (error !== undefined) this.emitter.emit("error", error);
      });
    };
    work.then(() => finish(), finish);
  }

  send(message: zmq.MessageLike[], done: Callback | undefined): void {
    if (this.isPaused) {
      this.unsent.push({ message, done });
      return;
    }
    const work =
      "send" in this.socket
        ? (this.socket as zmq.Push).send(message)
        : Promise.reject(new Error("Cannot send on this socket type."));
    // What a closed socket could not send any more is no surprise to who closed it.
    const failed = (error?: Error): void => {
      if (error !== undefined && !this.socket.closed) this.emitter.emit("error", error);
    };
    this.settle(work, done ?? failed, () => {});
  }

  pause(): void {
    this.isPaused = true;
    this.reading?.abort();
  }

  resume(): void {
    this.isPaused = false;
    for (const { message, done } of this.unsent.splice(0)) this.send(message, done);
    if (this.received.length > 0) this.handOutLater();
    this.read();
  }

  /** Reads until the socket is paused or closed. */
  private read(): void {
    if (!("receiveBatch" in this.socket) || this.isPaused || this.reading !== undefined) return;
    const reading = new AbortController();
    this.reading = reading;
    (this.socket as zmq.Pull).receiveBatch(BATCH, { signal: reading.signal }).then(
      (messages) => {
        this.reading = undefined;
        this.received.push(...messages);
        this.handOutLater();
        this.read();
      },
      (error: Error) => {
        this.reading = undefined;
        if (this.socket.closed) return;
        if (!reading.signal.aborted) process.nextTick(() => this.emitter.emit("error", error));
        // Aborted, and resumed since: then it goes on.
        this.read();
      },
    );
  }

  private handOutLater(): void {
    process.nextTick(() => this.handOut());
  }

  private handOut(): void {
    while (this.received.length > 0 && !this.isPaused) {
      const message = this.received.shift() as Buffer[];
      try {
        this.emitter.emit("message", ...message);
      } catch (error) {
        // It ends the program, or whoever catches it there goes on with the next message.
        this.handOutLater();
        throw error;
      }
    }
  }
}
