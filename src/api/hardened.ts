// SPDX-License-Identifier: MIT
/** Options for sockets that strangers reach: docs/security/hardened.md has the reason of each. */
import type { SocketOptions } from "./socket.ts";

/** Names of the options that {@link hardened} sets: such as every socket type has. */
type Hardened =
  | "linger"
  | "backlog"
  | "handshakeInterval"
  | "heartbeatInterval"
  | "heartbeatTimeout"
  | "heartbeatTimeToLive"
  | "tcpKeepalive"
  | "connectTimeout"
  | "reconnectInterval"
  | "reconnectMaxInterval"
  | "reconnectJitter"
  | "maxMessageSize"
  | "maxMessageParts"
  | "maxMessageBytes"
  | "receiveHighWaterMarkBytes"
  | "maxConnections"
  | "maxConnectionsPerAddress"
  | "maxHandshakes"
  | "maxSubscriptions"
  | "maxSubscriptionBytes";

const MEBIBYTE = 1024 * 1024;

/**
 * A preset for public endpoints, for any socket type: what follows it in the literal takes precedence.
 * @example
 * ```ts
 * const router = new Router({ ...hardened, maxMessageSize: 65536 });
 * ```
 * @see docs/security/hardened.md
 */
export const hardened: Readonly<Pick<SocketOptions, Hardened>> = /* @__PURE__ */ Object.freeze({
  linger: 1000,
  backlog: 1024,
  handshakeInterval: 10_000,
  heartbeatInterval: 15_000,
  heartbeatTimeout: 15_000,
  heartbeatTimeToLive: 60_000,
  tcpKeepalive: 1,
  connectTimeout: 10_000,
  reconnectInterval: 200,
  reconnectMaxInterval: 30_000,
  reconnectJitter: "half",
  maxMessageSize: MEBIBYTE,
  maxMessageParts: 128,
  maxMessageBytes: MEBIBYTE,
  receiveHighWaterMarkBytes: 4 * MEBIBYTE,
  maxConnections: 1000,
  maxConnectionsPerAddress: 100,
  maxHandshakes: 256,
  maxSubscriptions: 10_000,
  maxSubscriptionBytes: MEBIBYTE,
});
