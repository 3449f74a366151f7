// SPDX-License-Identifier: MIT
/**
 * How much a peer, or all peers together, may ask of a socket: a part of the table in `option-rows.ts`. libzmq has no such
 * options but `maxMessageSize`. Where a default is finite, it is because memory would grow without it for a peer who is nobody yet,
 * and no program that works comes near it.
 */
import { type Kind, MAX_INT, type OptionRow, own } from "./option-row.ts";

/** Frames in one message: as many small ones take a hundred megabytes. */
const MOST_PARTS = 1_000_000;
/** Connections in their handshakes, of one listener: as many take fifty megabytes. */
const MOST_HANDSHAKES = 10_000;
/** Of one peer: as many short ones take seventy-five megabytes. */
const MOST_SUBSCRIPTIONS = 1_000_000;
const MOST_SUBSCRIPTION_BYTES = 64 * 1024 * 1024;

function from(min: number, max: number = MAX_INT): Kind {
  return { kind: "integer", min, max };
}

/** Rows of limits. */
export const limitOptionRows: readonly OptionRow[] = [
  own("maxMessageParts", from(1), MOST_PARTS, { unit: "parts" }),
  own("maxMessageBytes", from(-1, Number.MAX_SAFE_INTEGER), -1, { unit: "octets" }),
  own("maxConnections", from(0), 0, { unit: "connections", immediate: true }),
  own("maxConnectionsPerAddress", from(0), 0, { unit: "connections", immediate: true }),
  own("maxHandshakes", from(0), MOST_HANDSHAKES, { unit: "connections", immediate: true }),
  own("maxSubscriptions", from(0), MOST_SUBSCRIPTIONS, { unit: "subscriptions", immediate: true }),
  own("maxSubscriptionBytes", from(0, Number.MAX_SAFE_INTEGER), MOST_SUBSCRIPTION_BYTES, {
    unit: "octets",
    immediate: true,
  }),
];
