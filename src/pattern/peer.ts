// SPDX-License-Identifier: MIT
/** PEER: a SERVER among its like, which connects and is connected to, and knows each peer by a number (RFC 51). */
import { Server } from "./server.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The row of PEER. */
export const PEER: SocketType = /* @__PURE__ */ socketType({
  name: "PEER",
  id: 19,
  peers: ["PEER"],
  create: (options) => new Server(options, "PEER"),
  details: "routingId",
});
