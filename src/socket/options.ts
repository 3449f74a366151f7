// SPDX-License-Identifier: MIT
/**
 * The socket options: one row each (name, libzmq's number, kind, range, default, which socket types have it). Accessors,
 * checks and documentation come from the rows. Names are npm `zeromq`'s; where it has none, libzmq's in camelCase.
 */
import { decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import type { EngineOptions } from "../engine/engine.ts";
import type { PatternOptions } from "../pattern/pattern.ts";
import type { SecurityOptions } from "../security/mechanism.ts";
import type { SessionOptions } from "../session/session.ts";

/** The values of all options of one socket. */
export interface SocketOptionValues extends PatternOptions, EngineOptions, SessionOptions, SecurityOptions {
  sendHighWaterMark: number;
  receiveHighWaterMark: number;
  sendTimeout: number;
  receiveTimeout: number;
  linger: number;
}

/** Name of an option. */
export type OptionName = keyof SocketOptionValues;

type Kind =
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "text" }
  | { readonly kind: "bytes"; readonly max: number }
  | { readonly kind: "choice"; readonly of: readonly (string | null)[] };

/** One option. */
export interface OptionRow {
  readonly name: OptionName;
  /** libzmq's `ZMQ_…` number. */
  readonly id: number;
  readonly type: Kind;
  readonly default: unknown;
  /** Socket types that have it; undefined: all. */
  readonly on?: readonly string[];
  /** Takes effect at once, not at the next bind or connect. */
  readonly immediate?: boolean;
}

const MAX_INT = 2147483647;
const READERS = ["PAIR", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "XPUB", "XSUB", "STREAM"];
const WRITERS = ["PAIR", "PUB", "REQ", "REP", "DEALER", "ROUTER", "PUSH", "XPUB", "XSUB", "STREAM"];

const boolean = { kind: "boolean" } as const;
const text = { kind: "text" } as const;
const bytes = { kind: "bytes", max: Number.MAX_SAFE_INTEGER } as const;

function integer(min: number, max: number = MAX_INT): Kind {
  return { kind: "integer", min, max };
}

/** All options. */
export const optionRows: readonly OptionRow[] = [
  {
    name: "routingId",
    id: 5,
    type: { kind: "bytes", max: 255 },
    default: EMPTY,
    on: ["REQ", "REP", "DEALER", "ROUTER"],
  },
  { name: "linger", id: 17, type: integer(-1), default: -1, immediate: true },
  { name: "reconnectInterval", id: 18, type: integer(-1), default: 100 },
  { name: "backlog", id: 19, type: integer(0), default: 100 },
  { name: "reconnectMaxInterval", id: 21, type: integer(0), default: 0 },
  { name: "maxMessageSize", id: 22, type: integer(-1, Number.MAX_SAFE_INTEGER), default: -1 },
  { name: "sendHighWaterMark", id: 23, type: integer(0), default: 1000, on: WRITERS, immediate: true },
  { name: "receiveHighWaterMark", id: 24, type: integer(0), default: 1000, on: READERS, immediate: true },
  { name: "receiveTimeout", id: 27, type: integer(-1), default: -1, on: READERS, immediate: true },
  { name: "sendTimeout", id: 28, type: integer(-1), default: -1, on: WRITERS, immediate: true },
  { name: "mandatory", id: 33, type: boolean, default: false, on: ["ROUTER"], immediate: true },
  { name: "tcpKeepalive", id: 34, type: integer(-1, 1), default: -1 },
  { name: "tcpKeepaliveIdle", id: 36, type: integer(-1), default: -1 },
  { name: "tcpAcceptFilter", id: 38, type: text, default: null },
  { name: "immediate", id: 39, type: boolean, default: false },
  { name: "routerRaw", id: 41, type: boolean, default: false, on: ["ROUTER"] },
  { name: "ipv6", id: 42, type: boolean, default: false },
  { name: "plainServer", id: 44, type: boolean, default: false },
  { name: "plainUsername", id: 45, type: text, default: null },
  { name: "plainPassword", id: 46, type: text, default: null },
  { name: "probeRouter", id: 51, type: boolean, default: false, on: ["REQ", "DEALER", "ROUTER"], immediate: true },
  { name: "correlate", id: 52, type: boolean, default: false, on: ["REQ"], immediate: true },
  { name: "relaxed", id: 53, type: boolean, default: false, on: ["REQ"], immediate: true },
  { name: "conflate", id: 54, type: boolean, default: false, on: ["PULL", "PUSH", "SUB", "PUB", "DEALER"] },
  { name: "zapDomain", id: 55, type: text, default: null },
  { name: "handover", id: 56, type: boolean, default: false, on: ["ROUTER"], immediate: true },
  { name: "handshakeInterval", id: 66, type: integer(0), default: 30000 },
  { name: "noDrop", id: 69, type: boolean, default: false, on: ["PUB", "XPUB"], immediate: true },
  { name: "manual", id: 71, type: boolean, default: false, on: ["XPUB"], immediate: true },
  { name: "welcomeMessage", id: 72, type: bytes, default: null, on: ["XPUB", "PUB"], immediate: true },
  { name: "notify", id: 73, type: boolean, default: true, on: ["STREAM"], immediate: true },
  { name: "invertMatching", id: 74, type: boolean, default: false, on: ["PUB", "XPUB", "SUB"], immediate: true },
  { name: "heartbeatInterval", id: 75, type: integer(0), default: 0 },
  { name: "heartbeatTimeToLive", id: 76, type: integer(0, 6553599), default: 0 },
  { name: "heartbeatTimeout", id: 77, type: integer(-1), default: -1 },
  {
    name: "verbosity",
    id: 78,
    type: { kind: "choice", of: [null, "allSubs", "allSubsUnsubs"] },
    default: null,
    on: ["XPUB"],
    immediate: true,
  },
  { name: "connectTimeout", id: 79, type: integer(0), default: 0 },
  { name: "zapEnforceDomain", id: 93, type: boolean, default: false },
  { name: "routerNotify", id: 97, type: integer(0, 3), default: 0, on: ["ROUTER"], immediate: true },
  { name: "manualLastValue", id: 98, type: boolean, default: false, on: ["XPUB"], immediate: true },
  { name: "onlyFirstSubscribe", id: 108, type: boolean, default: false, on: ["XPUB", "XSUB"] },
  { name: "reconnectStop", id: 109, type: integer(0, 7), default: 0 },
  { name: "helloMessage", id: 110, type: bytes, default: null, on: ["DEALER", "ROUTER", "REP"] },
  { name: "disconnectMessage", id: 111, type: bytes, default: null, on: ["ROUTER"] },
  { name: "hiccupMessage", id: 114, type: bytes, default: null, on: ["DEALER"] },
  { name: "verboseUnsubscribe", id: 115, type: boolean, default: false, on: ["XSUB"], immediate: true },
];

const rowsByName: ReadonlyMap<string, OptionRow> = new Map(optionRows.map((row) => [row.name, row]));

/** The row of an option; undefined when there is no such option, or this socket type does not have it. */
export function findOption(name: string, socketType: string): OptionRow | undefined {
  const row = rowsByName.get(name);
  return row !== undefined && (row.on === undefined || row.on.includes(socketType)) ? row : undefined;
}

/** Fresh values, all at their defaults. */
export function defaultOptions(): SocketOptionValues {
  return Object.fromEntries(optionRows.map((row) => [row.name, row.default])) as unknown as SocketOptionValues;
}

/**
 * Checks a value that an application gives, and puts it into the form in which it is kept.
 * @throws TypeError for a wrong type; ZmqError `EINVAL` for a value out of range
 */
export function checkOption(row: OptionRow, value: unknown): unknown {
  const { name, type } = row;
  switch (type.kind) {
    case "boolean":
      if (typeof value !== "boolean") throw new TypeError(`Option value must be a boolean (${name})`);
      return value;
    case "integer":
      if (typeof value !== "number") throw new TypeError(`Option value must be a number (${name})`);
      if (!Number.isInteger(value) || value < type.min || value > type.max) {
        throw new ZmqError("EINVAL", `${name} must be a whole number from ${type.min} to ${type.max}, not ${value}`);
      }
      return value;
    case "choice":
      if (type.of.includes(value as string | null)) return value;
      throw new ZmqError("EINVAL", `${name} must be one of ${type.of.map((each) => JSON.stringify(each)).join(", ")}`);
    case "text":
      return checkText(name, value);
    case "bytes":
      return checkBytes(row, type.max, value);
  }
}

function checkText(name: string, value: unknown): string | null {
  if (value === null) return null;
  const checked = value instanceof Uint8Array ? decodeText(value) : value;
  if (typeof checked !== "string") throw new TypeError(`Option value must be a string or buffer (${name})`);
  const length = encodeText(checked).length;
  if (length >= 1 && length <= 255) return checked;
  throw new ZmqError("EINVAL", `${name} must have 1 to 255 octets, not ${length}; null unsets it`);
}

function checkBytes(row: OptionRow, max: number, value: unknown): Uint8Array | null {
  if (value === null) return row.default as Uint8Array | null;
  const checked = typeof value === "string" ? encodeText(value) : value;
  if (!(checked instanceof Uint8Array)) throw new TypeError(`Option value must be a string or buffer (${row.name})`);
  if (row.default === null) return checked.length === 0 ? null : Uint8Array.prototype.slice.call(checked);
  if (checked.length >= 1 && checked.length <= max) return Uint8Array.prototype.slice.call(checked);
  throw new ZmqError("EINVAL", `${row.name} must have 1 to ${max} octets, not ${checked.length}`);
}
