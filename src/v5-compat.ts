// SPDX-License-Identifier: MIT
/**
 * The entry `zeromq-ts/v5-compat`: the API of npm `zeromq` 5 and 4 and of `zmq`, as npm `zeromq` 6 keeps it under that
 * name. For programs that were written for it; new ones are better off with the main entry.
 * @packageDocumentation
 */
import { Socket } from "./compat/socket.ts";
import type { SocketType } from "./compat/works.ts";

/** Makes a socket; options are its properties, such as `{ linger: 0 }`. */
export function createSocket(type: SocketType, options: Record<string, unknown> = {}): Socket {
  return Object.assign(new Socket(type), options);
}

export * from "./compat/constants.ts";
export { Context, version } from "./compat/context.ts";
export { curveKeypair } from "./compat/curve-keys.ts";
export { shortOptions as options } from "./compat/options.ts";
export { proxy } from "./compat/proxy.ts";
export { Socket } from "./compat/socket.ts";
export type { SocketType } from "./compat/works.ts";
export { createSocket as socket };
