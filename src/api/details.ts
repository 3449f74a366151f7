// SPDX-License-Identifier: MIT
/** What is known of a received message besides its parts: who sent it, and libzmq's properties of a message (`zmq_msg_gets`). */
import { decodeText } from "../base/bytes.ts";
import { type Origin, originOf } from "../pipe/origin.ts";

export type { Origin } from "../pipe/origin.ts";

/** What messages have besides, when the option `messageDetails` is set. The properties are not enumerable. */
export interface MessageDetails {
  /** Who sent it; undefined where nobody did, such as a notice of the socket's own whose peer is not known any more. */
  readonly peer: Origin | undefined;
  /** The properties that libzmq knows messages by: see {@link metadataOf}. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Who sent a message, by a socket with the option `messageDetails`; undefined: not known. It is the same object for all
 * messages of one connection, so that it may serve as a key.
 * @example
 * ```ts
 * const router = new Router({ messageDetails: true });
 * const message = await router.receive();
 * console.log(peerOf(message)?.address, metadataOf(message).get("User-Id"));
 * ```
 */
export function peerOf(message: object): Origin | undefined {
  return originOf(message);
}

/**
 * The properties of a message under libzmq's names, as text: `Routing-Id` (and `Identity`), `Socket-Type`, `Peer-Address`, without
 * its port, `User-Id`, those that the peer set in `metadata`, and those of the authenticator. Their octets are in
 * `peerOf(message).metadata`. Empty where nothing is known.
 */
export function metadataOf(message: object): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  const origin = originOf(message);
  if (origin === undefined) return properties;
  const { routingId, socketType, address, metadata } = origin;
  for (const [name, value] of metadata) properties.set(name, decodeText(value));
  if (socketType !== undefined) properties.set("Socket-Type", socketType);
  if (address !== "") properties.set("Peer-Address", hostOf(address));
  if (routingId.length > 0) properties.set("Routing-Id", decodeText(routingId)).set("Identity", decodeText(routingId));
  return properties;
}

/** As libzmq has it: `127.0.0.1` of `127.0.0.1:5000`, `::1` of `[::1]:5000`. */
function hostOf(address: string): string {
  const host = address.replace(/:\d+$/, "");
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

const PROPERTIES: PropertyDescriptorMap = {
  peer: {
    configurable: true,
    get(): Origin | undefined {
      return originOf(this);
    },
  },
  metadata: {
    configurable: true,
    get(): ReadonlyMap<string, string> {
      return metadataOf(this);
    },
  },
};

/** Gives a message its properties. */
export function showDetails(message: object): void {
  Object.defineProperties(message, PROPERTIES);
}
