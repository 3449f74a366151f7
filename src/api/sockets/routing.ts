// SPDX-License-Identifier: MIT
/** What the classes have in common that know their peers by routing ids. */
import { ZmqError } from "../../base/errors.ts";
import { toBytes } from "../parts.ts";
import { type ConnectOptions, resolveIntervalOf, type Socket } from "../socket.ts";

/** A routing id: 1 to 255 octets by which a ROUTER knows this socket. */
export interface RoutingIdOptions {
  /** Default null: the peer makes one up. Must not begin with a zero octet. */
  get routingId(): string | null;
  set routingId(value: string | Uint8Array | null);
}

/** How to connect a socket that addresses its peers by routing id. */
export interface RouterConnectOptions extends ConnectOptions {
  /** The routing id by which this connection is to be addressed, whatever the peer announces. */
  routingId?: string | Uint8Array | undefined;
}

/** Connects; an id that is given is the peer's, whatever it announces. */
export function connectWithId(socket: Socket, address: string, options: RouterConnectOptions | undefined): void {
  if (typeof address !== "string") throw new TypeError("Address must be a string");
  const { core, runtime } = socket.works;
  core.requireOpen("connect");
  const { routingId } = options ?? {};
  const interval = resolveIntervalOf(options);
  if (interval !== undefined && routingId !== undefined)
    throw new ZmqError("EINVAL", `connect ${address}: all addresses of a name cannot have the same routingId`);
  core.connect(address, routingId === undefined ? undefined : toBytes(routingId, runtime, "routingId"), interval);
}

/** What is known of one peer of a {@link Router}. */
export interface PeerState {
  /** It has sent something that waits. */
  readonly readable: boolean;
  /** A message to it would find room. */
  readonly writable: boolean;
}

/** The state of a peer. @internal */
export function peerStateOf({ works: { core, runtime } }: Socket, routingId: string | Uint8Array): PeerState {
  core.requireOpen("peerState");
  const id = toBytes(routingId, runtime, "routingId");
  return core.perform((pattern) => pattern.peerState?.(id) as PeerState);
}

/** Ends the connection to a peer. @internal */
export function disconnectFrom({ works: { core, runtime } }: Socket, routingId: string | Uint8Array): void {
  core.requireOpen("disconnectPeer");
  const id = toBytes(routingId, runtime, "routingId");
  core.perform((pattern) => pattern.disconnectPeer?.(id));
}
