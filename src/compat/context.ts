// SPDX-License-Identifier: MIT
/** The context of version 5 of npm `zeromq`: there is one, and its options are set through the class. */
import { context } from "../index.ts";

export { version } from "../index.ts";

/** Options of the one context that all sockets share. */
// oxlint-disable-next-line typescript/no-extraneous-class -- as npm zeromq has it
export class Context {
  /** @throws Error always: there is one context, which nobody makes */
  constructor() {
    throw new Error("Context cannot be instantiated in compatibility mode");
  }

  /** Sets `ioThreads`. */
  static setMaxThreads(value: number): void {
    context.ioThreads = value;
  }

  /** Reads `ioThreads`. */
  static getMaxThreads(): number {
    return context.ioThreads;
  }

  /** Sets `maxSockets`. */
  static setMaxSockets(value: number): void {
    context.maxSockets = value;
  }

  /** Reads `maxSockets`. */
  static getMaxSockets(): number {
    return context.maxSockets;
  }
}
