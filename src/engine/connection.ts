// SPDX-License-Identifier: MIT
/** The contract of a connection: what an engine needs from any byte-stream transport. Implemented in `transport/`. */
import type { ZmqError } from "../base/errors.ts";

/** What a connection tells, to an engine. */
export interface ConnectionHandler {
  /** Octets have come. */
  received(chunk: Uint8Array): void;
  /** What the transport had to agree on with the peer first is agreed on: a connection that was opening no longer is. */
  opened?(): void;
  /** All of what `write` held has left. */
  drained(): void;
  /** The connection is over, said once; `error` when it did not end in order. */
  connectionEnded(error: ZmqError | undefined): void;
}

/** A live byte stream to one peer. */
export interface Connection {
  /** Set by the engine before it resumes the connection. */
  handler: ConnectionHandler;
  /**
   * Hands octets to the network. True: all of them are gone, and the chunks may be used again at once.
   * False: the connection holds the chunks until the handler hears `drained`; write nothing before that.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Lets nothing more arrive. At most one more chunk may come after it. */
  pause(): void;
  /** Lets octets arrive; a new connection is paused. */
  resume(): void;
  /** Closes after what was written has left. */
  end(): void;
  /** Closes at once. `connectionEnded` comes after either. */
  destroy(): void;
  /** Address of the other side, such as `127.0.0.1:5000`. */
  readonly remote: string;
  /** Address of this side, in the same form, as long as the connection stands; empty where it has none. */
  readonly local?: string;
  /**
   * True while the transport still has something of its own to agree on with the peer, as TLS has: nothing arrives before that, and
   * what is written is held. Engines that have something to say meanwhile need not know.
   */
  readonly isOpening?: boolean;
  /** What the transport knows of the peer, for its metadata, by names that no peer can give; complete when the first octets have come. */
  facts?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Gives what goes out last when this side closes in order, where the protocol says goodbye. Set by who makes the engine. */
  farewell?: (() => Uint8Array) | undefined;
  /** Octets that were written, and octets that arrived, where the transport counts them. */
  readonly octetsSent?: number;
  readonly octetsReceived?: number;
}
