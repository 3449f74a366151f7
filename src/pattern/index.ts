// SPDX-License-Identifier: MIT
/** The table of socket types: what a socket must know of each besides its pattern (libzmq `zmq.h`, RFC 28 to 31). */
import type { Clock } from "../base/clock.ts";
import { Dealer } from "./dealer.ts";
import { Pair } from "./pair.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { Pub } from "./pub.ts";
import { Pull } from "./pull.ts";
import { Push } from "./push.ts";
import { Rep } from "./rep.ts";
import { Req } from "./req.ts";
import { Router } from "./router.ts";
import { Stream } from "./stream.ts";
import { Sub } from "./sub.ts";
import { Xpub } from "./xpub.ts";
import { Xsub } from "./xsub.ts";

/** One socket type. */
export interface SocketType {
  /** As in `Socket-Type` of the handshake. */
  readonly name: string;
  /** libzmq's number. */
  readonly id: number;
  /** The types it may talk to. Empty: it does not speak ZMTP. */
  readonly peers: readonly string[];
  readonly canSend: boolean;
  readonly canReceive: boolean;
  create(options: PatternOptions, clock: Clock): Pattern;
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

const ROWS: readonly SocketType[] = [
  { ...USUAL, name: "PAIR", id: 0, peers: ["PAIR"], create: () => new Pair() },
  {
    ...USUAL,
    name: "PUB",
    id: 1,
    peers: ["SUB", "XSUB"],
    create: (options, clock) => new Pub(options, clock),
    canReceive: false,
    isSingleConnect: true,
    conflates: true,
  },
  {
    ...USUAL,
    name: "SUB",
    id: 2,
    peers: ["PUB", "XPUB"],
    create: (options) => new Sub(options),
    canSend: false,
    isSingleConnect: true,
    conflates: true,
    isSubscriber: true,
    lingersByDefault: false,
  },
  {
    ...USUAL,
    name: "REQ",
    id: 3,
    peers: ["REP", "ROUTER"],
    create: (options) => new Req(options),
    announcesRoutingId: true,
    isSingleConnect: true,
  },
  { ...USUAL, name: "REP", id: 4, peers: ["REQ", "DEALER"], create: (options) => new Rep(options) },
  {
    ...USUAL,
    name: "DEALER",
    id: 5,
    peers: ["REP", "DEALER", "ROUTER"],
    create: (options) => new Dealer(options),
    announcesRoutingId: true,
    isSingleConnect: true,
    conflates: true,
  },
  {
    ...USUAL,
    name: "ROUTER",
    id: 6,
    peers: ["REQ", "DEALER", "ROUTER"],
    create: (options) => new Router(options),
    announcesRoutingId: true,
  },
  { ...USUAL, name: "PULL", id: 7, peers: ["PUSH"], create: () => new Pull(), canSend: false, conflates: true },
  { ...USUAL, name: "PUSH", id: 8, peers: ["PULL"], create: () => new Push(), canReceive: false, conflates: true },
  { ...USUAL, name: "XPUB", id: 9, peers: ["SUB", "XSUB"], create: (options, clock) => new Xpub(options, clock) },
  {
    ...USUAL,
    name: "XSUB",
    id: 10,
    peers: ["PUB", "XPUB"],
    create: (options) => new Xsub(options),
    isSubscriber: true,
    lingersByDefault: false,
  },
  { ...USUAL, name: "STREAM", id: 11, peers: [], create: (options) => new Stream(options), isRaw: true },
];

/** All socket types by name, in the order of their numbers. */
export const socketTypes: ReadonlyMap<string, SocketType> = new Map(ROWS.map((row) => [row.name, row]));

/** True when a socket of our type may talk to one of theirs. A peer that does not say its type may be anything. */
export function isLegalPeer(ours: string, theirs: string | undefined): boolean {
  return theirs === undefined || (socketTypes.get(ours)?.peers.includes(theirs) ?? false);
}
