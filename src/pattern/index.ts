// SPDX-License-Identifier: MIT
/**
 * The table of all socket types, for whoever needs to know them all: tests, tools, documentation. Sockets take the row of
 * their own type from its file, and load no other.
 */
import { CHANNEL } from "./channel.ts";
import { CLIENT } from "./client.ts";
import { DEALER } from "./dealer.ts";
import { DGRAM } from "./dgram.ts";
import { DISH } from "./dish.ts";
import { GATHER } from "./gather.ts";
import { PAIR } from "./pair.ts";
import { PEER } from "./peer.ts";
import { PUB } from "./pub.ts";
import { PULL } from "./pull.ts";
import { PUSH } from "./push.ts";
import { RADIO } from "./radio.ts";
import { REP } from "./rep.ts";
import { REQ } from "./req.ts";
import { ROUTER } from "./router.ts";
import { SCATTER } from "./scatter.ts";
import { SERVER } from "./server.ts";
import type { SocketType } from "./socket-type.ts";
import { STREAM } from "./stream.ts";
import { SUB } from "./sub.ts";
import { XPUB } from "./xpub.ts";
import { XSUB } from "./xsub.ts";

const ROWS: readonly SocketType[] = [
  ...[PAIR, PUB, SUB, REQ, REP, DEALER, ROUTER, PULL, PUSH, XPUB, XSUB, STREAM],
  ...[SERVER, CLIENT, RADIO, DISH, GATHER, SCATTER, DGRAM, PEER, CHANNEL],
];

/** All socket types by name, in the order of their numbers. */
export const socketTypes: ReadonlyMap<string, SocketType> = new Map(ROWS.map((row) => [row.name, row]));
