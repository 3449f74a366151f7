// SPDX-License-Identifier: MIT
/** The programs of libzmq's test suite, and which tests here show the same behaviour. How to write a line: `../standing.ts`. */
import type { Standings } from "../standing.ts";
import { patterns } from "./patterns.ts";
import { protocol } from "./protocol.ts";
import { sockets } from "./sockets.ts";
import { transports } from "./transports.ts";

/** By what they are about, and by the names of their files. */
export const checklist: Readonly<Record<string, Standings>> = {
  "contexts, sockets and helpers": sockets,
  patterns,
  "transports, addresses and reconnection": transports,
  "protocol, security, events, proxies and internals": protocol,
};
