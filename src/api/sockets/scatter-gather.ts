// SPDX-License-Identifier: MIT
/** SCATTER and GATHER as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { GATHER } from "../../pattern/gather.ts";
import { SCATTER } from "../../pattern/scatter.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket, type SocketOptions } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete } from "./complete.ts";
import type { PipelineOptions } from "./pipeline.ts";

/** What Scatter sockets can do. */
export interface Scatter extends Writable, WritableOptions, PipelineOptions {}

/** Sends to its peers in turn; messages have one part (RFC 49). */
export class Scatter extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, SCATTER, writableMethods);

  constructor(options?: Init<SocketOptions & WritableOptions & PipelineOptions>) {
    super(options);
  }
}

/** What Gather sockets can do. */
export interface Gather<Part extends Uint8Array = Uint8Array>
  extends Readable<Part, [part: Part]>,
    ReadableOptions,
    PipelineOptions {}

/** Receives from all its peers fairly; messages have one part (RFC 49). */
export class Gather<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, GATHER, readableMethods);

  constructor(options?: Init<SocketOptions & ReadableOptions & PipelineOptions>) {
    super(options);
  }
}
