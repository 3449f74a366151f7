// SPDX-License-Identifier: MIT
/**
 * How the classes of socket types get what they are not written with. Each calls `complete` in a static member, and the
 * call is marked as pure: so a bundler leaves out classes that a program does not use, and their patterns with them.
 */
import type { SocketType } from "../../pattern/socket-type.ts";
import { defineOptions } from "../option-accessors.ts";
import type { ReadableOptions } from "../readable.ts";
import type { SocketOptions } from "../socket.ts";
import type { WritableOptions } from "../writable.ts";

/** Options of types that send and receive. */
export type DuplexOptions = SocketOptions & ReadableOptions & WritableOptions;

/** Gives a class the options of its type, and its methods of sending and receiving. Gives back the row. */
export function complete(type: { readonly prototype: object }, row: SocketType, ...methods: object[]): SocketType {
  defineOptions(type.prototype, row.name);
  for (const each of methods) {
    Object.defineProperties(type.prototype, Object.getOwnPropertyDescriptors(each));
  }
  return row;
}
