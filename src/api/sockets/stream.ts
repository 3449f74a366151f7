// SPDX-License-Identifier: MIT
/** STREAM as a class. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import type { SocketType } from "../../pattern/socket-type.ts";
import { STREAM } from "../../pattern/stream.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";
import { connectWithId, type RouterConnectOptions } from "./routing.ts";

/** Options of {@link Stream}. */
export interface StreamOptions {
  /** Receive an empty message from each peer that comes or goes. Default true. */
  notify: boolean;
}

/** What Stream sockets can do. */
export interface Stream<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part, [id: Part, octets: Part]>,
    ReadableOptions,
    WritableOptions,
    StreamOptions {}

/** Speaks to plain TCP peers: messages are a connection's id and its octets; an empty second part closes the connection. */
export class Stream<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, STREAM, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & StreamOptions>) {
    super(options);
  }

  override connect(address: string, options?: RouterConnectOptions): void {
    connectWithId(this, address, options);
  }
}
