// SPDX-License-Identifier: MIT
/**
 * Where a message came from: one connection of a pipe. The socket marks each message that it hands out with its origin, in a
 * private field, so that the message stays the plain array that it is: it compares equal to one, and costs nanoseconds.
 */
import { EMPTY } from "../base/bytes.ts";
import type { Message } from "./message.ts";
import type { Peer, Pipe } from "./pipe.ts";

/** The other side of a connection, as applications see it. The same object for all that came through that connection. */
export interface Origin {
  /** Network address, such as `127.0.0.1:5000`; empty for inproc. */
  readonly address: string;
  /** The endpoint it came through, as it was connected to or bound. */
  readonly endpoint: string;
  /** The routing id that it has: announced by itself, or given to it by a ROUTER and its like; empty when there is none. */
  readonly routingId: Uint8Array;
  /** Socket type in capitals, such as `"DEALER"`; undefined where the protocol does not say. */
  readonly socketType: string | undefined;
  /** Further properties of the handshake and of the authenticator, by name. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** Tells which pipe the message came from that a pattern gave last. */
export interface Arrivals {
  /** Undefined when it did not come out of a pipe. */
  readonly lastPipe: Pipe | undefined;
  /** Then, of a notice that the pattern made: the pipe it is about. */
  readonly noticePipe?: Pipe | undefined;
  /** Then, where that pipe has gone meanwhile: what it left, if it had been asked for. */
  readonly gone?: Origin | undefined;
}

const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

/** What is known of a peer, by whom the application knows it. */
export function newOrigin(endpoint: string, peer: Peer | undefined, routingId: Uint8Array | undefined): Origin {
  return Object.freeze({
    address: peer?.address ?? "",
    endpoint,
    routingId: routingId ?? peer?.routingId ?? EMPTY,
    socketType: peer?.socketType,
    metadata: peer?.metadata ?? NO_METADATA,
  });
}

/** Gives back what it is called with: a class that extends it puts its private fields there. */
const Given = function (object: object): object {
  return object;
} as unknown as new (
  object: object,
) => object;

/** The private field. A WeakMap would say the same at fifty times the cost. */
class Mark extends Given {
  #origin: Origin | undefined;

  constructor(message: object, origin: Origin | undefined) {
    super(message);
    this.#origin = origin;
  }

  static set(message: object, origin: Origin | undefined): void {
    if (#origin in message) message.#origin = origin;
    else new Mark(message, origin);
  }

  static get(message: object): Origin | undefined {
    return #origin in message ? message.#origin : undefined;
  }
}

/** Marks a message; undefined: it is of nobody's, wherever it came from before. */
export function mark(message: Message, origin: Origin | undefined): void {
  Mark.set(message, origin);
}

/** The origin of a message that was marked. */
export function originOf(message: object): Origin | undefined {
  return Mark.get(message);
}
