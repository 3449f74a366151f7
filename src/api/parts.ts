// SPDX-License-Identifier: MIT
/** What applications may give as a message, and how it becomes one: the conversions of npm `zeromq`. */
import { EMPTY } from "../base/bytes.ts";
import type { Message } from "../pipe/message.ts";
import type { Runtime } from "../socket/core-context.ts";

/** One part of a message: text (sent as UTF-8), octets in any shape, or null for an empty part. */
export type MessageLike = string | ArrayBufferView | ArrayBufferLike | number | boolean | bigint | null;

/** A whole message: one part, or all its parts in order. */
export type MessageInput = MessageLike | readonly MessageLike[];

/**
 * The parts of a message.
 * @throws TypeError when there is none
 */
export function toMessage(input: MessageInput, runtime: Runtime): Message {
  if (input instanceof runtime.partClass) return [input];
  if (!Array.isArray(input)) return [toPart(input as MessageLike, runtime)];
  const message: Message = [];
  for (const part of input as readonly MessageLike[]) message.push(toPart(part, runtime));
  return message;
}

/** One part. Octets are used where they are, not copied. */
export function toPart(value: MessageLike, runtime: Runtime): Uint8Array {
  if (typeof value === "string") return runtime.encodeText(value);
  if (value === null) return EMPTY;
  if (value === undefined) throw new TypeError("Message must be present");
  if (ArrayBuffer.isView(value) || isBuffer(value)) return runtime.asPart(value);
  return runtime.encodeText(String(value));
}

/** Octets of a topic, a routing id or the like. */
export function toBytes(value: string | Uint8Array, runtime: Runtime, what: string): Uint8Array {
  if (typeof value === "string") return runtime.encodeText(value);
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  throw new TypeError(`${what} must be a string or buffer`);
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}
