// SPDX-License-Identifier: MIT
/** When a session gives an endpoint up: the choices of `reconnectStop`, and the number of attempts. Asked by `session.ts`. */
import { AuthenticationError, ProtocolError, type ZmqError } from "../base/errors.ts";

/** What can make a socket stop reconnecting, by name; the first three are libzmq's bits 1, 2 and 4. */
export type ReconnectStop = "refused" | "handshake" | "disconnect" | "authentication";

/** Why an endpoint was given up: one of the reasons above, a peer that can never do, too many attempts, or options that say never. */
export type ConnectStopReason = ReconnectStop | "protocol" | "attempts" | "interval";

/** The options that decide. */
export interface ReconnectOptions {
  /** Bits as libzmq has them, or names. */
  reconnectStop: number | readonly ReconnectStop[];
  /** Failed attempts in a row after which it stops; 0: no limit. */
  reconnectAttempts: number;
}

/** The names, each at the place of its bit. */
export const reconnectStops: readonly ReconnectStop[] = ["refused", "handshake", "disconnect", "authentication"];

function stopsWhen({ reconnectStop }: ReconnectOptions, reason: ReconnectStop): boolean {
  if (typeof reconnectStop !== "number") return reconnectStop.includes(reason);
  return (reconnectStop & (1 << reconnectStops.indexOf(reason))) !== 0;
}

/** Why to stop after an attempt that failed, the last of so many in a row. Undefined: go on. */
export function whyAfterAttempt(
  error: ZmqError,
  failures: number,
  options: ReconnectOptions,
): ConnectStopReason | undefined {
  if (error.code === "ECONNREFUSED" && stopsWhen(options, "refused")) return "refused";
  return isEnough(failures, options) ? "attempts" : undefined;
}

/** Why to stop after a connection that is over. Undefined: go on. */
export function whyAfterConnection(
  error: ZmqError | undefined,
  duringHandshake: boolean,
  failures: number,
  options: ReconnectOptions,
): ConnectStopReason | undefined {
  if (error instanceof ProtocolError) return "protocol";
  if (error instanceof AuthenticationError) {
    // 300: not now; all else is for good (RFC 27).
    if (error.status !== 300 || stopsWhen(options, "authentication")) return "authentication";
  }
  if (!duringHandshake) return stopsWhen(options, "disconnect") ? "disconnect" : undefined;
  if (stopsWhen(options, "handshake")) return "handshake";
  return isEnough(failures, options) ? "attempts" : undefined;
}

function isEnough(failures: number, { reconnectAttempts }: ReconnectOptions): boolean {
  return reconnectAttempts > 0 && failures >= reconnectAttempts;
}
