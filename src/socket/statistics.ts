// SPDX-License-Identifier: MIT
/**
 * What a socket counts, as applications see it. The numbers themselves are plain fields of pipes, connections and sessions,
 * which are touched anyway; `peers.ts` gathers them when somebody asks.
 */
import type { LimitName } from "../base/errors.ts";
import type { Origin } from "../pipe/origin.ts";
import type { Backlog } from "../pipe/pipe.ts";

export type { Backlog } from "../pipe/pipe.ts";

/** Messages that were dropped, by the reason. */
export interface DroppedMessages {
  /** There was no room: the high-water mark was reached. */
  readonly full: number;
  /** There was nobody for them: no subscriber wanted them, no peer had the routing id, the requester was gone. */
  readonly unroutable: number;
  /** A newer message took their place (`conflate`). */
  readonly conflated: number;
  /** They waited for a peer that went away, or longer than `linger`. */
  readonly lost: number;
}

/** What went to and fro. Of messages, except where octets are named. */
export interface Traffic {
  /** Given to peers: they have left, or wait in a queue. */
  readonly sent: number;
  /** Taken from peers: the application has them, or the socket type has no use for them. What waits is not counted yet. */
  readonly received: number;
  /** Octets handed to the network, with all that the protocol adds; 0 for inproc. */
  readonly octetsSent: number;
  /** Octets that came from the network, with all that the protocol adds; 0 for inproc. */
  readonly octetsReceived: number;
  /** What waits to leave. What the connection or the system holds has left. */
  readonly outgoing: Backlog;
  /** What waits to be received. */
  readonly incoming: Backlog;
  /** Messages that were to be sent and were dropped. */
  readonly dropped: DroppedMessages;
}

/** One peer, as it was when `peers()` was called. */
export interface PeerStatistics extends Traffic, Origin {
  /** False while the connection is being set up, and after it was lost. The rest is then what was known last. */
  readonly isConnected: boolean;
  /** How often the connection was lost and set up again. */
  readonly reconnections: number;
  /** Milliseconds between the last PING and its PONG; undefined: none yet, or `heartbeatInterval` is 0. */
  readonly roundTripTime: number | undefined;
}

/** What a socket counts, all its peers together: those that are there, and those that have gone. */
export interface SocketStatistics extends Traffic {
  /** Connections whose handshake was finished. */
  readonly connections: number;
  /** Those of them that took the place of one that was lost. */
  readonly reconnections: number;
  /** Connections that were accepted and have not finished their handshakes yet. */
  readonly handshakes: number;
  /** Connections that ended before their handshake was finished. */
  readonly handshakeFailures: number;
  /** How often a peer was turned away because it passed a limit, by the limit's option; those that nobody passed are not there. */
  readonly limitsPassed: { readonly [option in LimitName]?: number };
  /** Datagrams that were dropped on their way out or in, by the code that `datagram:drop` tells; codes of which there was none are not there. */
  readonly datagramsDropped: { readonly [code: string]: number };
  /** Those that are there. */
  readonly peers: readonly PeerStatistics[];
}

/** The sum of several: of what the first one has. */
export function addTraffic(all: readonly Traffic[]): Traffic {
  return sumOf(all) as Traffic;
}

function sumOf(all: readonly object[]): object {
  const entries = Object.entries(all[0] as object).map(([name, value]) => {
    const each = all.map((one) => (one as Record<string, unknown>)[name]);
    if (typeof value === "number") return [name, (each as number[]).reduce((total, one) => total + one)];
    return [name, sumOf(each as object[])];
  });
  return Object.fromEntries(entries);
}
