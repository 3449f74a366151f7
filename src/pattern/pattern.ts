// SPDX-License-Identifier: MIT
/**
 * The contract of a messaging pattern: which pipe gets a message, and which pipe gives one. One class for each socket
 * type, with its row (`socket-type.ts`) beside it. A pattern is synchronous, knows pipes and nothing below, and is told by its socket
 * what happens to them.
 */
import type { ConflateByKey } from "../pipe/keyed.ts";
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Inquiry } from "./inquiries.ts";
import type { WhenFull } from "./overflow.ts";
import type { SubscriptionCount } from "./subscriptions.ts";

/** The options that patterns look at. Read at the moment of use: most of them take effect at once. */
export interface PatternOptions {
  routingId: Uint8Array;
  probeRouter: boolean;
  mandatory: boolean;
  handover: boolean;
  routerRaw: boolean;
  /** Bits: 1 tells of connects, 2 of disconnects. */
  routerNotify: number;
  correlate: boolean;
  relaxed: boolean;
  verbosity: null | "allSubs" | "allSubsUnsubs";
  noDrop: boolean;
  manual: boolean;
  manualLastValue: boolean;
  welcomeMessage: Uint8Array | null;
  invertMatching: boolean;
  onlyFirstSubscribe: boolean;
  verboseUnsubscribe: boolean;
  helloMessage: Uint8Array | null;
  disconnectMessage: Uint8Array | null;
  hiccupMessage: Uint8Array | null;
  /** STREAM: an empty message tells of each connect and disconnect. */
  notify: boolean;
  conflate: boolean | ConflateByKey;
  /** What happens to a message for a peer that is full; null: what libzmq does for the type. */
  whenFull: WhenFull | null;
  /** Subscriptions, or groups, of one peer, and the octets of their topics; 0 is no limit. */
  maxSubscriptions: number;
  maxSubscriptionBytes: number;
  /** Messages; bounds what a pattern itself holds back for its application. */
  receiveHighWaterMark: number;
}

/** Which pipe gets a message, which pipe gives one. */
export interface Pattern {
  /** A new pipe. `isLocal`: this side connected. A pipe that was accepted has its `peer` set already. */
  attach(pipe: Pipe, isLocal: boolean): void;
  /** A connection stands; `pipe.peer` is known. Again after each reconnection. */
  connected(pipe: Pipe): void;
  /** The connection was lost, the pipe stays. */
  disconnected(pipe: Pipe): void;
  /** The other side has closed: write nothing more, but read what is left. */
  closing(pipe: Pipe): void;
  /** The pipe is gone: forget it. */
  detach(pipe: Pipe): void;
  /** A pipe that was empty has something to read. */
  readActivated(pipe: Pipe): void;
  /** A pipe that was full has room. */
  writeActivated(pipe: Pipe): void;
  /** The peer was replaced: send the state (subscriptions) again. */
  hiccuped(pipe: Pipe): void;

  /**
   * Sends a message. False: it would block (`EAGAIN`), nothing was taken.
   * @throws ZmqError `EFSM`, `EHOSTUNREACH`, `EINVAL`, `ENOTSUP`, as libzmq's `zmq_send`
   */
  send(message: Message): boolean;
  /**
   * Takes the next message. Undefined: it would block.
   * @throws ZmqError `EFSM`, `ENOTSUP`
   */
  receive(): Message | undefined;
  /** Tells where the message came from that `receive` gave last; undefined: the type does not receive. */
  readonly arrivals?: Arrivals;
  /** `ZMQ_POLLOUT`: whether the socket counts as writable. */
  canSend(): boolean;
  /** `ZMQ_POLLIN`: whether there is a message to receive. */
  canReceive(): boolean;

  /** SUB, and XPUB in manual mode: adds a subscription. */
  subscribe?(topic: Uint8Array): void;
  /** SUB, and XPUB in manual mode: takes a subscription away. */
  unsubscribe?(topic: Uint8Array): void;
  /** REQ: sends a request beside its turns, once more when it was sent before. False: it would block. */
  ask?(inquiry: Inquiry): boolean;
  /** REQ: awaits no answer to it any more, and takes it back where it has not left yet. */
  abandon?(inquiry: Inquiry): void;
  /** REQ: the next request that was answered, or whose attempt came to nothing. Reads what has come. */
  nextSettled?(): Inquiry | undefined;
  /** PUB, SUB, XPUB, XSUB: number of distinct prefixes. */
  topicsCount?(): number;
  /** PUB, XPUB, RADIO: all that is subscribed to, and by how many. */
  subscriptionList?(): SubscriptionCount[];
  /** PUB, XPUB, RADIO: how many peers would get a message with this topic; without one, how many have subscribed at all. */
  subscribersOf?(topic: Uint8Array | undefined): number;
  /** Messages that were dropped because there was nobody for them. */
  readonly unroutable?: number;
  /** Has the pipes count what was dropped and is not counted yet. */
  settle?(): void;
  /** ROUTER, STREAM: the id under which the application knows a peer, once there is one. */
  routingIdOf?(pipe: Pipe): Uint8Array | undefined;
  /** ROUTER: what is known of a peer, by routing id: may it be written to, has it something to read. */
  peerState?(routingId: Uint8Array): { readable: boolean; writable: boolean };
  /**
   * ROUTER, SERVER, PEER: ends the connection to a peer, by routing id or number.
   * @throws ZmqError `EHOSTUNREACH` when no peer has it
   */
  disconnectPeer?(routingId: Uint8Array | number): void;
}
