// SPDX-License-Identifier: MIT
/** Sending, for the socket types that can: mixed into their classes by `sockets/complete.ts`. */
import type { WhenFull } from "../pattern/overflow.ts";
import type { MessageInput } from "./parts.ts";
import type { SocketWorks } from "./socket-works.ts";
import type { CallOptions } from "./waiters.ts";

export type { WhenFull };

/** Options of sockets that send. */
export interface WritableOptions {
  /** Messages that may wait for each peer before a send waits, or drops, as the type has it; 0: no limit. At once. Default 1000. */
  sendHighWaterMark: number;
  /**
   * What happens to a message for a peer that is full. Takes effect at once. Default null: what libzmq does for the socket type.
   *
   * - `"wait"`: the send waits. `"error"`: it fails at once with `EAGAIN`, and nobody gets the message.
   * - `"dropNewest"`: the message is dropped for that peer. `"dropOldest"`: what has waited longest for it is.
   * - `"disconnect"`: what waits for the peer is dropped and its connection ended, and set up again by the side that connected. Not
   *   on PUSH, DEALER, CLIENT and SCATTER.
   *
   * REQ takes only null and `"wait"`.
   */
  whenFull: WhenFull | null;
  /** How long a send waits, in milliseconds: −1 for ever, 0 not at all. Takes effect at once. Default −1. */
  sendTimeout: number;
  /** Octets that the system holds for each connection until they are sent; −1 as the system has it. Default −1. */
  sendBufferSize: number;
  /** Multicast: routers that a packet may pass. Default 1. */
  multicastHops: number;
}

/** Sockets that send. */
export interface Writable {
  /**
   * Sends a message: one part, or an array of parts. Resolves when it is queued; what is too much for the peers waits, in
   * call order. Parts over 128 octets are not copied: leave them alone after the call.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError) when
   * aborted; in both cases nothing was sent. `EHOSTUNREACH`, `EFSM`, `EBADF`. TypeError when there is no message.
   */
  send(message: MessageInput, options?: CallOptions): Promise<void>;
  /**
   * Sends without waiting. False: there is no room, and nothing was sent; see {@link Writable.whenWritable}.
   * @throws ZmqError as `send`, but at once
   */
  trySend(message: MessageInput): boolean;
  /**
   * Sends messages one after another, waiting where it must. When it fails, those before the failure are sent.
   * @throws ZmqError as `send`
   */
  sendBatch(messages: Iterable<MessageInput>, options?: CallOptions): Promise<void>;
  /** Resolves when a send would not have to wait. */
  whenWritable(options?: CallOptions): Promise<void>;
}

/** The methods, to be mixed into classes. */
export const writableMethods: Writable & ThisType<{ readonly works: SocketWorks }> = {
  send(message, options) {
    return this.works.send(message, options);
  },
  trySend(message) {
    return this.works.trySend(message);
  },
  sendBatch(messages, options) {
    return this.works.sendBatch(messages, options);
  },
  whenWritable(options) {
    return this.works.whenWritable(options);
  },
};
