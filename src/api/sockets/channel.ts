// SPDX-License-Identifier: MIT
/** CHANNEL as a class. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { CHANNEL } from "../../pattern/channel.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";

/** What Channel sockets can do. */
export interface Channel<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part, [part: Part]>,
    ReadableOptions,
    WritableOptions {}

/** Exactly one peer, both ways; messages have one part (RFC 52). */
export class Channel<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, CHANNEL, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions>) {
    super(options);
  }
}
