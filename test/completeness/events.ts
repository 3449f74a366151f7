// SPDX-License-Identifier: MIT
/** All events of libzmq's monitor, and where they stand. How to write a line: `standing.ts`. */
import { as, type Standings } from "./standing.ts";

const EVENTS = "conformance/libzmq-events.test.ts";
const HANDSHAKES = "conformance/libzmq-handshake-events.test.ts";

/** By libzmq's name; ours are the types of `EventDetails` in `src/session/events.ts`. */
export const events: Standings = {
  CONNECTED: as("connect", `${EVENTS}: connecting over tcp`),
  CONNECT_DELAYED: as("connect:delay", `${EVENTS}: connecting over ipc: there is no delay`),
  CONNECT_RETRIED: as("connect:retry", `${EVENTS}: refused: each attempt, and the delay to the next`),
  LISTENING: as("bind", `${EVENTS}: connecting over tcp`),
  BIND_FAILED: as("bind:error", `${EVENTS}: a bind that fails`),
  ACCEPTED: as("accept", `${EVENTS}: connecting over tcp`),
  ACCEPT_FAILED: as("accept:error", `${EVENTS}: a peer that tcpAcceptFilter keeps out`),
  CLOSED: as("close", `${EVENTS}: several listeners are closed one after another`),
  CLOSE_FAILED: as("close:error", "unit/socket/endpoints.test.ts: a listener that cannot be closed in order"),
  DISCONNECTED: as("disconnect", `${EVENTS}: the server goes and comes back`),
  MONITOR_STOPPED: as("end", `${EVENTS}: closing tells of listeners and of the end`),
  HANDSHAKE_FAILED_NO_DETAIL: as("handshake:error:other", `${HANDSHAKES}: a handshake that takes too long`),
  HANDSHAKE_SUCCEEDED: as("handshake", `${EVENTS}: connecting over tcp`),
  HANDSHAKE_FAILED_PROTOCOL: as("handshake:error:protocol", `${HANDSHAKES}: then disconnect`),
  HANDSHAKE_FAILED_AUTH: as("handshake:error:auth", "conformance/libzmq-zap.test.ts: what both sides hear"),
  PIPES_STATS: as("pipes:stats", "unit/api/peers.test.ts: pipesStats: an event for each peer"),
};

/** Events that libzmq does not have. */
export const ownEvents: Standings = {
  "connect:stop": as("connect:stop", "unit/api/reconnect.test.ts: after so many failed attempts"),
  "conflate:error": as("conflate:error", "unit/api/conflate-by-key.test.ts: at a receiver it is an event"),
  drop: as("drop", "unit/api/peers.test.ts: what a full subscriber misses"),
  "drop:end": as("drop:end", "unit/api/peers.test.ts: what a full subscriber misses"),
  "datagram:drop": as("datagram:drop", "unit/transport/udp.test.ts: what is dropped is told"),
  loss: as("loss", "interop/epgm.test.ts: a loss that nobody can repair is told"),
  limit: as("limit", "unit/api/limits.test.ts: one more is refused when it comes"),
  "events:lost": as("events:lost", "unit/api/observer.test.ts: who reads at last is told how many are missing"),
  unknown: as("unknown, which does not occur", "unit/session/events.test.ts: numbers and values are libzmq's"),
};
