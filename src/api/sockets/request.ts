// SPDX-License-Identifier: MIT
/** REQ, REP, DEALER and ROUTER as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { DEALER } from "../../pattern/dealer.ts";
import { REP } from "../../pattern/rep.ts";
import { REQ } from "../../pattern/req.ts";
import { ROUTER } from "../../pattern/router.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import type { ConflateByKey } from "../../socket/options.ts";
import type { MessageInput } from "../parts.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type RequestCallOptions, Requests } from "../requests.ts";
import { type Init, Socket } from "../socket.ts";
import { type Writable, type WritableOptions, writableMethods } from "../writable.ts";
import { complete, type DuplexOptions } from "./complete.ts";
import {
  connectWithId,
  disconnectFrom,
  type PeerState,
  peerStateOf,
  type RouterConnectOptions,
  type RoutingIdOptions,
} from "./routing.ts";

/** Options of {@link Request}. */
export interface RequestOptions extends RoutingIdOptions {
  /** Number the requests, and take only the reply that carries the number. Default false. */
  correlate: boolean;
  /** Allow a new request while a reply is awaited. Default false. */
  relaxed: boolean;
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
}

/** What Request sockets can do. */
export interface Request<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    RequestOptions {}

/** Sends a request, then receives its reply, in turns (RFC 28). */
export class Request<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, REQ, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & RequestOptions>) {
    super(options);
  }

  /**
   * Sends a request and resolves with its answer. Many may be under way at once, beside a `send` and `receive` in turn: each
   * has a number on the wire (as with `correlate`), so that an answer that comes late is never taken for another's, and they
   * go to the servers in turn. Where there is no answer in time, or the connection is lost, the request is sent again as
   * often as `retries` says; what had not left yet is taken back first.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECONNRESET` when the connection was lost
   * with the request, `ECANCELED` (named AbortError), `ETERM`, `EBADF`; `EINVAL` and TypeError for wrong arguments
   * @example
   * ```ts
   * const [answer] = await request.request("2 + 2", { timeout: 1000, retries: 2 });
   * ```
   */
  request(message: MessageInput, options?: RequestCallOptions): Promise<Part[]> {
    const { works } = this;
    works.beside ??= new Requests(works);
    return (works.beside as Requests).request(message, options) as Promise<Part[]>;
  }
}

/** Options of {@link Reply}. */
export interface ReplyOptions extends RoutingIdOptions {
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
}

/** What Reply sockets can do. */
export interface Reply<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    ReplyOptions {}

/** Receives a request, then sends its reply, in turns (RFC 28). */
export class Reply<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, REP, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & ReplyOptions>) {
    super(options);
  }
}

/** Options of {@link Dealer}. */
export interface DealerOptions extends RoutingIdOptions {
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
  /**
   * Keep only the newest message for, and from, each peer, of one part; with a function, the newest of each key, whole, in the order in which their keys
   * began to wait. The high-water marks bound the number of keys. Default false.
   */
  conflate: boolean | ConflateByKey;
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives when a connection that it made is lost; null: none. Default null. */
  get hiccupMessage(): Uint8Array | string | null;
  set hiccupMessage(value: string | Uint8Array | null);
}

/** What Dealer sockets can do. */
export interface Dealer<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    DealerOptions {}

/** Sends to its peers in turn, receives from all of them fairly (RFC 28). */
export class Dealer<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, DEALER, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & DealerOptions>) {
    super(options);
  }
}

/** Options of {@link Router}. */
export interface RouterOptions extends RoutingIdOptions {
  /** Fail with `EHOSTUNREACH` when a message cannot be routed, and wait when its peer is full, instead of dropping it. Default false. */
  mandatory: boolean;
  /** A new peer takes over the routing id of an older one. Default false: the new one is ignored until the older one has gone. */
  handover: boolean;
  /** Tell each new peer of this socket with an empty message. Default false. */
  probeRouter: boolean;
  /** Receive an empty message from each peer that comes (1), goes (2), or both (3). Default 0. */
  routerNotify: number;
  /** Speak to plain TCP peers, as {@link Stream} does. Default false. */
  routerRaw: boolean;
  /** A message that each new peer gets first; null: none. Default null. */
  get helloMessage(): Uint8Array | string | null;
  set helloMessage(value: string | Uint8Array | null);
  /** A message that this socket receives, as if from the peer, when a peer has gone; null: none. Default null. */
  get disconnectMessage(): Uint8Array | string | null;
  set disconnectMessage(value: string | Uint8Array | null);
}

/** What Router sockets can do. */
export interface Router<Part extends Uint8Array = Uint8Array>
  extends Writable,
    Readable<Part>,
    ReadableOptions,
    WritableOptions,
    RouterOptions {}

/** Receives from all peers, with the sender's routing id as first part; sends to the peer that the first part names (RFC 28). */
export class Router<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, ROUTER, writableMethods, readableMethods);

  constructor(options?: Init<DuplexOptions & RouterOptions>) {
    super(options);
  }

  override connect(address: string, options?: RouterConnectOptions): void {
    connectWithId(this, address, options);
  }

  /**
   * Whether a peer has sent something that waits, and whether a message to it would find room (`zmq_socket_get_peer_state`).
   * @throws ZmqError `EHOSTUNREACH` when no peer has this routing id, `EBADF`
   */
  peerState(routingId: string | Uint8Array): PeerState {
    return peerStateOf(this, routingId);
  }

  /**
   * Ends the connection to a peer. What was sent to it and has not left gets the time that `linger` allows; what it sent and
   * was not received is dropped. A peer that connects again is welcome, and one that this socket connected to is not tried again.
   * @throws ZmqError `EHOSTUNREACH` when no peer has this routing id, `EBADF`
   */
  disconnectPeer(routingId: string | Uint8Array): void {
    disconnectFrom(this, routingId);
  }
}
