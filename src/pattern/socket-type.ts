// SPDX-License-Identifier: MIT
/**
 * What a socket must know of its type besides the pattern (libzmq `zmq.h`, RFC 28 to 31). Each pattern's file has the row of
 * its type, so that a program that uses one type loads no other; `index.ts` lists them all.
 */
import type { Clock } from "../base/clock.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";

/** One socket type. */
export interface SocketType {
  /** As in `Socket-Type` of the handshake. */
  readonly name: string;
  /** libzmq's number. */
  readonly id: number;
  /** The types it may talk to. Empty: it does not speak ZMTP. */
  readonly peers: readonly string[];
  create(options: PatternOptions, clock: Clock): Pattern;
  readonly canSend: boolean;
  readonly canReceive: boolean;
  /** Octets instead of ZMTP. ROUTER becomes raw by its option `routerRaw`. */
  readonly isRaw: boolean;
  /** Its handshake says `Identity`. */
  readonly announcesRoutingId: boolean;
  /** A second connect to the same endpoint changes nothing. */
  readonly isSingleConnect: boolean;
  /** The option `conflate` has an effect. */
  readonly conflates: boolean;
  /** It says its subscriptions again to a publisher that was replaced. */
  readonly isSubscriber: boolean;
  /** False: what is unsent when it closes is dropped, unless `linger` is set. */
  readonly lingersByDefault: boolean;
  /** What stands before the part of a message, and applications get beside it: a number of four octets, or a group. */
  readonly details?: "routingId" | "group";
  /** The only transports that it goes with; undefined: all that are not named so by other types alone. */
  readonly schemes?: readonly string[];
}

const USUAL = {
  canSend: true,
  canReceive: true,
  isRaw: false,
  announcesRoutingId: false,
  isSingleConnect: false,
  conflates: false,
  isSubscriber: false,
  lingersByDefault: true,
};

/** A row: what each type has of its own, and what it has otherwise than most. */
export function socketType(
  row: Pick<SocketType, "name" | "id" | "peers" | "create"> & Partial<SocketType>,
): SocketType {
  return { ...USUAL, ...row };
}

/** True when a socket of our type may talk to one of theirs. A peer that does not say its type may be anything. */
export function isLegalPeer(ours: SocketType, theirs: string | undefined): boolean {
  return theirs === undefined || ours.peers.includes(theirs);
}
