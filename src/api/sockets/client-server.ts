// SPDX-License-Identifier: MIT
/** CLIENT, SERVER and PEER as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { ZmqError } from "../../base/errors.ts";
import { CLIENT } from "../../pattern/client.ts";
import { PEER } from "../../pattern/peer.ts";
import { numberIn, SERVER, type Server as ServerPattern } from "../../pattern/server.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import type { Message } from "../../pipe/message.ts";
import type { Runtime } from "../../socket/core-context.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket } from "../socket.ts";
import type { SocketWorks } from "../socket-works.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { type AddressedWritable, addressedMethods } from "./addressed.ts";
import { complete, type DuplexOptions } from "./complete.ts";

/** Whom a message is for, or from: the number by which a {@link Server} or {@link Peer} knows its peer. */
export interface ServerRouting {
  /** A whole number from 1 to 4294967295. */
  routingId: number;
}

/** What {@link Server} and {@link Peer} receive: the one part, and who sent it. */
export type ServerMessage<Part extends Uint8Array = Uint8Array> = [part: Part, from: ServerRouting];

const numberedMethods: object = /* @__PURE__ */ addressedMethods({
  key: "routingId",
  read: (details) => (details as { routingId?: unknown }).routingId,
  toAddress: toNumber,
});

function toNumber(routingId: unknown, { core, runtime }: SocketWorks): Uint8Array {
  if (typeof routingId !== "number") throw new TypeError("A number was expected as routingId");
  if (Number.isInteger(routingId) && routingId >= 1 && routingId <= 0xffffffff) {
    return core.perform((pattern) => (pattern as ServerPattern).addressOf(routingId, runtime));
  }
  throw new ZmqError("EINVAL", `routingId is a whole number from 1 to 4294967295, not ${routingId}`);
}

function showNumber(message: Message, runtime: Runtime): void {
  const [id, part] = message as [Uint8Array, Uint8Array];
  const shown = message as unknown[];
  shown[0] = part instanceof runtime.partClass ? part : runtime.asPart(part);
  shown[1] = { routingId: numberIn(id) };
}

/** Options of {@link Client}. */
export interface ClientOptions {
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives when a connection that it made is lost; null: none. Default null. */
  get hiccupMessage(): Uint8Array | string | null;
  set hiccupMessage(value: string | Uint8Array | null);
}

/** What Client sockets can do. */
export interface Client<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part, [part: Part]>,
    ReadableOptions,
    WritableOptions,
    ClientOptions {}

/** Sends to its servers in turn, receives from all of them fairly; messages have one part (RFC 41). */
export class Client<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, CLIENT, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & ClientOptions>) {
    super(options);
  }
}

/** Options of {@link Server}. */
export interface ServerOptions {
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives, as if from the peer, when a peer has gone; null: none. Default null. */
  get disconnectMessage(): Uint8Array | string | null;
  set disconnectMessage(value: string | Uint8Array | null);
}

/** What Server sockets can do. */
export interface Server<Part extends Uint8Array = Uint8Array>
  extends AddressedWritable<ServerRouting>,
    Readable<Part, ServerMessage<Part>>,
    ReadableOptions,
    WritableOptions,
    ServerOptions {}

/** Receives from all its clients, with the sender's number; sends to the client that a number names (RFC 41). */
export class Server<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, SERVER, numberedMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & ServerOptions>) {
    super(options);
    this.works.form = showNumber;
  }

  /**
   * Ends the connection to a peer. What was sent to it and has not left gets the time that `linger` allows.
   * @throws ZmqError `EHOSTUNREACH` when no peer has this number, `EBADF`
   */
  disconnectPeer(routingId: number): void {
    disconnectPeer(this, routingId);
  }
}

/** Options of {@link Peer}. */
export interface PeerOptions extends ServerOptions {
  /** A message that this socket receives, as if from the peer, when a connection that it made is lost; null: none. Default null. */
  get hiccupMessage(): Uint8Array | string | null;
  set hiccupMessage(value: string | Uint8Array | null);
}

/** What Peer sockets can do. */
export interface Peer<Part extends Uint8Array = Uint8Array>
  extends AddressedWritable<ServerRouting>,
    Readable<Part, ServerMessage<Part>>,
    ReadableOptions,
    WritableOptions,
    PeerOptions {}

/** One among equals: connects and is connected to, and knows each peer by a number (RFC 51). */
export class Peer<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, PEER, numberedMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & PeerOptions>) {
    super(options);
    this.works.form = showNumber;
  }

  /**
   * Connects, and gives the number of the new peer. It can be sent to at once: what is sent waits for the connection.
   * @throws ZmqError as `connect`, and `EFAULT` when the option `immediate` is set, as there is no peer before the connection then
   */
  connectPeer(address: string): number {
    const core = this.openCore("connect", address);
    if (core.options.immediate)
      throw new ZmqError("EFAULT", `connectPeer ${address}: with immediate, there is no peer before the connection`);
    core.connect(address, undefined);
    return core.perform((pattern) => (pattern as ServerPattern).lastConnected);
  }

  /**
   * Ends the connection to a peer. What was sent to it and has not left gets the time that `linger` allows.
   * @throws ZmqError `EHOSTUNREACH` when no peer has this number, `EBADF`
   */
  disconnectPeer(routingId: number): void {
    disconnectPeer(this, routingId);
  }
}

function disconnectPeer({ works }: Socket, routingId: number): void {
  works.core.requireOpen("disconnectPeer");
  if (typeof routingId !== "number") throw new TypeError("A number was expected as routingId");
  works.core.perform((pattern) => (pattern as ServerPattern).disconnectPeer(routingId));
}
