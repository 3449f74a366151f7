// SPDX-License-Identifier: MIT
/**
 * What happens to endpoints and connections, as libzmq's monitor tells it (`zmq_socket_monitor`), under the names that npm
 * `zeromq` gives to the events. Emitted by sessions and endpoints, published by `socket/monitor.ts`.
 */

/** Names of events, and what each carries besides `type` and `address`. */
export interface EventDetails {
  /** A connection stands (before its handshake). */
  connect: object;
  /** A connection is being set up. */
  "connect:delay": object;
  /** The next attempt to connect comes after `interval` milliseconds. */
  "connect:retry": { interval: number };
  /** An endpoint is bound. */
  bind: object;
  /** An endpoint could not be bound. */
  "bind:error": { error: Error };
  /** A peer has connected to a bound endpoint (before its handshake). */
  accept: object;
  /** A peer's connection could not be accepted, or was filtered out. */
  "accept:error": { error: Error };
  /** A listener was closed, or an attempt to connect failed, and then `error` says why. */
  close: { error?: Error };
  /** A listener could not be closed in order. */
  "close:error": { error: Error };
  /** A connection that had been set up is gone; `error` says why when it did not end in order. */
  disconnect: { error?: Error };
  /** A handshake was finished: messages flow. */
  handshake: object;
  /** A peer broke the protocol during the handshake; `error.protocolError` says how. */
  "handshake:error:protocol": { error: Error };
  /** One side refused the other; `error.status` is the authenticator's. */
  "handshake:error:auth": { error: Error };
  /** A connection was lost, or took too long, during its handshake. */
  "handshake:error:other": { error: Error };
  /** The socket was closed: the last event. */
  end: object;
}

/** Name of an event. */
export type EventType = keyof EventDetails;

/** An event of a given type. */
export type EventOfType<T extends EventType> = {
  /** What happened. */
  type: T;
  /** The endpoint: the bound one for what concerns a listener, the connected one for what concerns a connecter. */
  address: string;
} & EventDetails[T];

/** Any event. */
export type Event = { [T in EventType]: EventOfType<T> }[EventType];
