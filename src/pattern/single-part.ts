// SPDX-License-Identifier: MIT
/** The rule of the thread-safe types, RFC 41 to 52: their messages have one part. Checked before anything is sent. */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";

/**
 * Refuses messages of several parts. `address`: parts that go before the one that is the application's.
 * @throws ZmqError `EINVAL`
 */
export function requireSinglePart(message: Message, typeName: string, address = 0): void {
  if (message.length === address + 1) return;
  const text = `send: messages of a ${typeName} socket have one part, not ${message.length - address}`;
  throw new ZmqError("EINVAL", text);
}
