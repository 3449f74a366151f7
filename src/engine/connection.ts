// SPDX-License-Identifier: MIT
/** The contract of a connection: what an engine needs from any byte-stream transport. Implemented in `transport/`. */
import type { ZmqError } from "../base/errors.ts";

/** A live byte stream to one peer. The three `on…` members are set by the engine before it resumes the connection. */
export interface Connection {
  /**
   * Hands octets to the network. True: all of them are gone, and the chunks may be used again at once.
   * False: the connection holds the chunks until `onDrain`; write nothing before that.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Stops `onData`. At most one more chunk may come after it. */
  pause(): void;
  /** Starts `onData`; a new connection is paused. */
  resume(): void;
  /** Closes after what was written has left. */
  end(): void;
  /** Closes at once. `onClose` comes after either, once. */
  destroy(): void;
  onData: (chunk: Uint8Array) => void;
  onDrain: () => void;
  /** The connection is over; `error` when it did not end in order. */
  onClose: (error?: ZmqError) => void;
  /** Address of this side, such as `127.0.0.1:5000`. */
  readonly local: string;
  /** Address of the other side. */
  readonly remote: string;
}
