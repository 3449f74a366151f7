// SPDX-License-Identifier: MIT
/** PUSH and PULL as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { PULL } from "../../pattern/pull.ts";
import { PUSH } from "../../pattern/push.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import type { ConflateByKey } from "../../socket/options.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket, type SocketOptions } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete } from "./complete.ts";

/** Options of {@link Push} and {@link Pull}. */
export interface PipelineOptions {
  /**
   * Keep only the newest message, of one part; with a function, the newest of each key, whole, in the order in which their keys
   * began to wait. The high-water marks bound the number of keys. Default false.
   */
  conflate: boolean | ConflateByKey;
}

/** What Push sockets can do. */
export interface Push extends Writable, WritableOptions, PipelineOptions {}

/** Sends to its peers in turn (RFC 30). */
export class Push extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, PUSH, writableMethods);

  constructor(options?: Init<SocketOptions & WritableOptions & PipelineOptions>) {
    super(options);
  }
}

/** What Pull sockets can do. */
export interface Pull<Part extends Uint8Array = Uint8Array> extends Readable<Part>, ReadableOptions, PipelineOptions {}

/** Receives from all its peers fairly (RFC 30). */
export class Pull<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, PULL, readableMethods);

  constructor(options?: Init<SocketOptions & ReadableOptions & PipelineOptions>) {
    super(options);
  }
}
