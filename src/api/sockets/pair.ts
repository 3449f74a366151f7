// SPDX-License-Identifier: MIT
/** PAIR as a class. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { PAIR } from "../../pattern/pair.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";

/** What Pair sockets can do. */
export interface Pair<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions {}

/** Exactly one peer, both ways (RFC 31). */
export class Pair<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, PAIR, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions>) {
    super(options);
  }
}
