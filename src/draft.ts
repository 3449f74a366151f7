// SPDX-License-Identifier: MIT
/**
 * The entry `zeromq-ts/draft`: the socket types that npm `zeromq` has in its entry of that name. Here they are stable, and
 * part of the main entry as well.
 * @packageDocumentation
 */
export { Client, Datagram, Dish, Gather, Radio, Scatter, Server } from "./index.ts";
