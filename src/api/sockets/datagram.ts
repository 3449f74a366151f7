// SPDX-License-Identifier: MIT
/** DGRAM as a class. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { DGRAM } from "../../pattern/dgram.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";

/** What Datagram sockets can do. */
export interface Datagram<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part, [address: Part, body: Part]>,
    ReadableOptions,
    WritableOptions {}

/** Sends and receives plain datagrams: messages are an address, `ip:port`, and a body. It is bound to `udp://`. */
export class Datagram<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, DGRAM, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions>) {
    super(options);
  }
}
