// SPDX-License-Identifier: MIT
/** The options of a context as properties, made from the rows of `socket/context-option-rows.ts`. */
import { ZmqError } from "../base/errors.ts";
import { type ContextOptionRow, contextOptionRows } from "../socket/context-option-rows.ts";

/** What a context can be told; see {@link ContextOptions} for what may be given to its constructor. */
export interface ContextSettings {
  /**
   * Threads for input and output that libzmq would use. Here the event loop does the work whatever the number; 0 makes every
   * bind and connect to another process fail with `EMTHREAD`. Read when the first socket is made. Default 1.
   */
  ioThreads: number;
  /** Sockets that may be open at once; more fail with `EMFILE`. Default 1023. */
  maxSockets: number;
  /** The largest value that `maxSockets` takes. */
  readonly maxSocketsLimit: number;
  /** Kept and shown, as in libzmq, which does not enforce it either: see the sockets' `maxMessageSize`. Default 2147483647. */
  maxMessageSize: number;
  /** Octets of libzmq's message structure. Nothing here has that size; for programs that ask. */
  readonly msgTSize: number;
  /** Default of the sockets' `ipv6`. Default false. */
  ipv6: boolean;
  /** False: sockets linger 0 by default, so that nothing unsent holds the program. Default true. */
  blocky: boolean;
  /** Received frames are views of what was read, not copies. Default true. */
  zeroCopyReceive: boolean;
  /** Priority of libzmq's threads. Default −1. */
  threadPriority: number;
  /** How the system schedules libzmq's threads. Default −1. */
  threadSchedulingPolicy: number;
  /** What the names of libzmq's threads begin with, up to 16 octets. Default empty. */
  threadNamePrefix: string;
}

type Name = keyof ContextSettings;

/** A context's options, checked when they are set. */
export class ContextSettings {
  readonly #values = new Map<string, ContextOptionRow["default"]>();

  static {
    for (const row of contextOptionRows) {
      const get = function (this: ContextSettings): unknown {
        return this.#values.get(row.name) ?? row.default;
      };
      const set = function (this: ContextSettings, value: unknown): void {
        this.#values.set(row.name, checkContextOption(row, value));
      };
      const access = row.isReadOnly === true ? { get } : { get, set };
      Object.defineProperty(ContextSettings.prototype, row.name, { configurable: true, enumerable: true, ...access });
    }
  }

  /**
   * Would let libzmq's threads use one more processor.
   * @throws ZmqError `ENOTSUP`: there are no threads; `EINVAL` when it is no number of a processor
   */
  threadAffinityCpuAdd(cpu: number): void {
    requireProcessor(cpu);
    throw new ZmqError("ENOTSUP", "threadAffinityCpuAdd: a JavaScript runtime does not bind its threads to processors");
  }

  /** Would take a processor back from libzmq's threads. @throws ZmqError `EINVAL`: none was added */
  threadAffinityCpuRemove(cpu: number): void {
    requireProcessor(cpu);
    throw new ZmqError("EINVAL", `threadAffinityCpuRemove: processor ${cpu} was not added`);
  }

  // ── By number, as classes that extend npm zeromq's Context use them ────────────────────────────────────────────

  /** @internal */
  protected getBoolOption(option: number): boolean {
    return Number(this.#get(option)) !== 0;
  }

  /** @internal */
  protected setBoolOption(option: number, value: boolean): void {
    if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean");
    this.#set(option, Number(value));
  }

  /** @internal */
  protected getInt32Option(option: number): number {
    return Number(this.#get(option));
  }

  /** @internal */
  protected setInt32Option(option: number, value: number): void {
    if (typeof value !== "number") throw new TypeError("Option value must be a number");
    this.#set(option, value);
  }

  #get(id: number): unknown {
    // Number 3 is another option for reading than for writing.
    const row = find(id, (each) => id !== 3 || each.isReadOnly === true);
    return this[row.name as Name];
  }

  #set(id: number, value: number): void {
    if (id === 7) this.threadAffinityCpuAdd(value);
    else if (id === 8) this.threadAffinityCpuRemove(value);
    else {
      const row = find(id, (each) => each.isReadOnly !== true);
      this.#values.set(row.name, checkContextOption(row, fromNumber(row, value)));
    }
  }
}

/** What a number says, as libzmq reads it. */
function fromNumber({ name, type }: ContextOptionRow, value: number): number | boolean | string {
  if (type.kind === "integer") return value;
  if (type.kind === "text") return String(value);
  if (value < 0) throw new ZmqError("EINVAL", `${name} is a number from 0 on, not ${value}`);
  return value !== 0;
}

function find(id: number, suits: (row: ContextOptionRow) => boolean): ContextOptionRow {
  if (typeof id !== "number") throw new TypeError("Identifier must be a number");
  const row = contextOptionRows.find((each) => each.id === id && suits(each));
  if (row === undefined) throw new ZmqError("EINVAL", `contexts have no option with the number ${id}`);
  return row;
}

function requireProcessor(cpu: number): void {
  if (typeof cpu !== "number") throw new TypeError("A processor is a number");
  if (!Number.isInteger(cpu) || cpu < 0) throw new ZmqError("EINVAL", `a processor is a whole number ≥ 0, not ${cpu}`);
}

function checkContextOption(row: ContextOptionRow, value: unknown): ContextOptionRow["default"] {
  if (value === row.default) return row.default;
  const checked = checkKind(row, value);
  if (row.never === undefined || checked === row.default) return checked;
  throw new ZmqError("ENOTSUP", `${row.name} cannot be ${JSON.stringify(checked)} here: ${row.never}`);
}

function checkKind({ name, type }: ContextOptionRow, value: unknown): ContextOptionRow["default"] {
  switch (type.kind) {
    case "boolean":
      if (typeof value !== "boolean") throw new TypeError(`Option value must be a boolean (${name})`);
      return value;
    case "integer":
      if (typeof value !== "number") throw new TypeError(`Option value must be a number (${name})`);
      if (Number.isInteger(value) && value >= type.min && value <= type.max) return value;
      throw new ZmqError("EINVAL", `${name} must be a whole number from ${type.min} to ${type.max}, not ${value}`);
    case "text":
      if (typeof value !== "string") throw new TypeError(`Option value must be a string (${name})`);
      if (value.length <= type.max) return value;
      throw new ZmqError("EINVAL", `${name} must have up to ${type.max} characters, not ${value.length}`);
  }
}
