// SPDX-License-Identifier: MIT
/** Receiving, for the socket types that can: mixed into their classes by `sockets/complete.ts`. */
import type { Message } from "../pipe/message.ts";
import type { SocketWorks } from "./socket-works.ts";
import type { CallOptions } from "./waiters.ts";

/** Options of sockets that receive. */
export interface ReadableOptions {
  /** Messages that may wait from each peer before the peer has to wait; 0: no limit. Takes effect at once. Default 1000. */
  receiveHighWaterMark: number;
  /**
   * Say of each message who sent it: `peerOf(message)` and `metadataOf(message)` know it, and the message has them as `peer` and
   * `metadata`, which are not enumerable. Costs some 0.2 µs a message. Takes effect at once. Default false.
   */
  messageDetails: boolean;
  /** How long a receive waits, in milliseconds: −1 for ever, 0 not at all. Takes effect at once. Default −1. */
  receiveTimeout: number;
  /** Octets that the system holds for each connection until they are read; −1 as the system has it. Default −1. */
  receiveBufferSize: number;
}

/**
 * Sockets that receive. `Part` is what this runtime gives parts as: Buffer on Node, Uint8Array elsewhere. `Received` is a
 * whole message: its parts, or for some types its part and what belongs to it.
 */
export interface Readable<Part extends Uint8Array = Uint8Array, Received = Part[]> extends AsyncIterable<Received> {
  /**
   * Receives the next message: all its parts. Calls that wait are served in call order.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError) when
   * aborted; in both cases no message was taken. `EFSM`, `EBADF`.
   */
  receive(options?: CallOptions): Promise<Received>;
  /** Takes a message that is there, without waiting; undefined: there is none. @throws ZmqError `EFSM`, `EBADF` */
  tryReceive(): Received | undefined;
  /** Waits for one message, then gives it with all others that are there, up to a limit. @throws ZmqError as `receive` */
  receiveBatch(limit?: number, options?: CallOptions): Promise<Received[]>;
  /** Resolves when a receive would not have to wait. */
  whenReadable(options?: CallOptions): Promise<void>;
  /** Receives all messages until the socket is closed; leaving the loop early loses none and does not close the socket. */
  [Symbol.asyncIterator](): AsyncIterator<Received, undefined>;
}

/** The methods, to be mixed into classes. */
export const readableMethods: Readable & ThisType<{ readonly works: SocketWorks }> = {
  receive(options) {
    return this.works.receive(options);
  },
  tryReceive() {
    return this.works.tryReceive();
  },
  receiveBatch(limit, options) {
    return this.works.receiveBatch(limit ?? Number.POSITIVE_INFINITY, options);
  },
  whenReadable(options) {
    return this.works.whenReadable(options);
  },
  [Symbol.asyncIterator]() {
    return new Messages(this.works);
  },
};

/** Reads one socket. Nothing is fetched ahead, so that leaving a loop leaves the next message where it is. */
class Messages implements AsyncIterator<Message, undefined> {
  private readonly source: SocketWorks;

  constructor(source: SocketWorks) {
    this.source = source;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    return this.source.next();
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    return Promise.resolve({ value: undefined, done: true });
  }
}
