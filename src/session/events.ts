// SPDX-License-Identifier: MIT
/**
 * What happens to endpoints and connections, as libzmq's monitor tells it (`zmq_socket_monitor`), under the names that npm
 * `zeromq` gives to the events. Made by sessions and endpoints, and only while somebody observes the socket; passed on by
 * `api/observer.ts`.
 */
import type { AuthenticationError, PassedLimit, ProtocolError, ProtocolErrorCode, ZmqError } from "../base/errors.ts";
import type { Peer } from "../pipe/pipe.ts";
import type { ConnectStopReason } from "./reconnect-policy.ts";

export type { ConnectStopReason };

/** What an event about an endpoint carries. */
export interface EventAddress {
  /** The endpoint: the bound one for what concerns a listener, the connected one for what concerns a connecter. */
  address: string;
}

/** What an event about a failure carries. */
export interface EventError<E extends Error = ZmqError> {
  /** Why. */
  error: E;
}

/** Names of events, and what each carries besides `type` and {@link EventFacts}. */
export interface EventDetails {
  /** A connection stands (before its handshake). */
  connect: EventAddress;
  /** A connection is being set up, and that takes a moment (never for ipc, whose attempts are decided at once). */
  "connect:delay": EventAddress;
  /** The next attempt to connect comes after `interval` milliseconds. */
  "connect:retry": EventAddress & { interval: number };
  /**
   * An endpoint that was connected to is given up, and not tried again: `stop` says why, `attempts` how many failed in a row, and
   * `error` what came last.
   */
  "connect:stop": EventAddress & Partial<EventError> & { stop: ConnectStopReason; attempts: number };
  /** An endpoint is bound. */
  bind: EventAddress;
  /** An endpoint could not be bound. As with npm `zeromq`, `address` is without `tcp://` or its like: see `endpoint`. */
  "bind:error": EventAddress & EventError;
  /** A peer has connected to a bound endpoint (before its handshake). */
  accept: EventAddress;
  /** A peer's connection could not be accepted, or was filtered out. */
  "accept:error": EventAddress & EventError;
  /** A listener was closed, or an attempt to connect failed, and then `error` says why. */
  close: EventAddress & Partial<EventError>;
  /** A listener could not be closed in order. */
  "close:error": EventAddress & EventError;
  /** A connection that had been set up is gone, and not because this side closed it; `error` when it did not end in order. */
  disconnect: EventAddress & Partial<EventError>;
  /** A handshake was finished: messages flow. */
  handshake: EventAddress;
  /** A peer, or the authenticator, broke the protocol during the handshake; `error.code` says how. */
  "handshake:error:protocol": EventAddress & EventError<ProtocolError & { readonly code: ProtocolErrorCode }>;
  /** One side refused the other; `error.status` is the authenticator's. */
  "handshake:error:auth": EventAddress & EventError<AuthenticationError>;
  /** A connection was lost, or took too long, during its handshake. */
  "handshake:error:other": EventAddress & EventError;
  /** A peer asked for more than this socket allows, and was turned away: `error.limit` says which limit, `error.message` what to do. */
  limit: EventAddress & EventError<ZmqError & { readonly limit: PassedLimit }>;
  /** Messages for a peer begin to be dropped: the high-water mark is reached. */
  drop: EventAddress;
  /** No more are dropped: there is room again, or the peer has gone. So many were. */
  "drop:end": EventAddress & { count: number };
  /** A multicast source sent packets that never came and that nobody could repair: messages of its are lost. */
  loss: EventAddress & { packets: number; source: string };
  /** udp: a datagram was dropped, on its way out or in; `error` says why. */
  "datagram:drop": EventAddress & EventError;
  /** The application's function could not make the key of a message that was received (`conflate`): it waits for itself alone. */
  "conflate:error": EventAddress & EventError;
  /** How many messages wait for a peer, and from it: asked for by `events.pipesStats()`. */
  "pipes:stats": EventAddress & { outgoing: number; incoming: number };
  /** Nobody read the events for long: so many that should stand here were dropped. */
  "events:lost": { count: number };
  /** The socket was closed: the last event. */
  end: object;
  /** Does not occur; npm `zeromq` has it for events that it does not know. */
  unknown: object;
}

/** Name of an event. */
export type EventType = keyof EventDetails;

/** Who is at the other side of a connection: its address at first, the rest once the handshake is done. */
export interface EventPeer {
  /** Network address, such as `127.0.0.1:5000`. */
  readonly address: string;
  /** The routing id that it has: announced by itself, or given to it by a ROUTER and its like; empty when there is none. */
  readonly routingId: Uint8Array | undefined;
  /** Socket type in capitals, such as `"DEALER"`; undefined where the protocol does not say. */
  readonly socketType: string | undefined;
  /** Further properties of the handshake and of the authenticator, by name. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/**
 * What every event has besides: libzmq's own words for it, and whom it concerns. These properties are not enumerable, so that
 * an event compares equal to the one that npm `zeromq` gives.
 */
export interface EventFacts {
  /** libzmq's number of the event, a power of two (`ZMQ_EVENT_CONNECTED` is 1); 0 for those that are ours alone. */
  readonly number: number;
  /** libzmq's value: an error's number, a delay, a status; −1 in place of a file descriptor, which runtimes do not tell. Of our own events: the count. */
  readonly value: number;
  /** The endpoint, with its transport; empty for `end`. */
  readonly endpoint: string;
  /** This side's address as an endpoint (`ZMQ_EVENT` version 2); empty where there is none yet. */
  readonly local: string;
  /** The other side's address as an endpoint; empty where there is none yet. */
  readonly remote: string;
  /** Whom it concerns, where it concerns one peer. */
  readonly peer: EventPeer | undefined;
  /** Why, in words, where something failed or ended. */
  readonly reason: string | undefined;
  /** Milliseconds until the next attempt, where there will be one. */
  readonly delay: number | undefined;
}

/** An event of a given type. */
export type EventOfType<T extends EventType = EventType> = { [K in T]: { type: K } & EventDetails[K] & EventFacts }[T];

/** Any event. */
export type Event = EventOfType;

/** The events that libzmq has, each at the place of its bit (`zmq.h`). */
const BITS =
  "connect connect:delay connect:retry bind bind:error accept accept:error close close:error disconnect end handshake:error:other handshake handshake:error:protocol handshake:error:auth - pipes:stats".split(
    " ",
  );

/** Events whose value is a file descriptor. */
const WITHOUT_VALUE: ReadonlySet<EventType> = new Set(["connect", "bind", "accept", "close", "disconnect"]);

/** `EINPROGRESS`: what libzmq gives with an attempt that is under way. */
const IN_PROGRESS = 115;

/** Makes an event from what can be seen of it and what is known besides. */
export function newEvent<T extends EventType>(
  type: T,
  details: EventDetails[T],
  facts: Partial<Omit<EventFacts, "number" | "value">> = {},
): Event {
  const { interval, error, count, outgoing } = details as Record<
    "interval" | "count" | "outgoing",
    number | undefined
  > & {
    error?: ZmqError;
  };
  const all: EventFacts = {
    // One of our own is at no place, and 2 to the power of -1 has no whole part.
    number: Math.floor(2 ** BITS.indexOf(type)),
    value: count ?? outgoing ?? valueOf(type, interval, error),
    endpoint: facts.endpoint ?? (details as Partial<EventAddress>).address ?? "",
    local: facts.local ?? "",
    remote: facts.remote ?? "",
    peer: facts.peer,
    reason: facts.reason ?? error?.message,
    delay: interval,
  };
  const event = { type, ...details };
  for (const [name, value] of Object.entries(all)) Object.defineProperty(event, name, { value });
  return event as unknown as Event;
}

function valueOf(type: EventType, interval: number | undefined, error: ZmqError | undefined): number {
  if (WITHOUT_VALUE.has(type)) return -1;
  if (type === "connect:delay") return IN_PROGRESS;
  const { protocolCode, status } = (error ?? {}) as Partial<ProtocolError & AuthenticationError>;
  return interval ?? protocolCode ?? status ?? error?.errno ?? 0;
}

/** A peer as events show it. */
export function eventPeer(address: string, peer?: Peer, routingId?: Uint8Array): EventPeer {
  return {
    address,
    routingId: routingId ?? peer?.routingId,
    socketType: peer?.socketType,
    metadata: peer?.metadata ?? new Map(),
  };
}
