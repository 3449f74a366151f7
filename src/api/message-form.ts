// SPDX-License-Identifier: MIT
/**
 * What stands before the part of a message inside, for the types whose row says `details`, when the message goes from a socket
 * of one type to one of another, as in a proxy.
 */
import { EMPTY } from "../base/bytes.ts";
import type { SocketType } from "../pattern/socket-type.ts";
import type { Message } from "../pipe/message.ts";

/**
 * A message of one type, as another one sends it. As with libzmq, a group stays, a routing id means nothing elsewhere, and
 * what has neither goes to the empty group, and to nobody.
 */
export function reform(message: Message, from: SocketType, to: SocketType): Message {
  if (from.details === to.details) return message;
  const parts = from.details === undefined ? message : message.slice(1);
  return to.details === undefined ? parts : [EMPTY, ...parts];
}
