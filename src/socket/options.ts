// SPDX-License-Identifier: MIT
/**
 * The values of socket options: their defaults, and what may be set. The rows, one for each option, are in `option-rows.ts`;
 * the properties of sockets are made from them by `api/option-accessors.ts`.
 */
import { Authorization } from "../auth/authorization.ts";
import { AcceptFilter } from "../base/accept-filter.ts";
import { decodeText, encodeText } from "../base/bytes.ts";
import { readCurveKey } from "../base/curve-key.ts";
import { ZmqError } from "../base/errors.ts";
import { readPem, Secret } from "../base/pem.ts";
import type { EngineOptions } from "../engine/engine.ts";
import type { PatternOptions } from "../pattern/pattern.ts";
import type { ConflateByKey } from "../pipe/keyed.ts";
import type { SecurityOptions } from "../security/mechanism.ts";
import type { SessionOptions } from "../session/session.ts";
import type { Kind, OptionRow } from "./option-row.ts";
import { optionRows } from "./option-rows.ts";

export type { ConflateByKey } from "../pipe/keyed.ts";
export type { Jitter } from "../session/connecter.ts";
export type { ReconnectStop } from "../session/reconnect-policy.ts";
export type { OptionRow } from "./option-row.ts";
export { optionRows } from "./option-rows.ts";

/** Properties that a socket announces in its handshakes. */
export type Properties = readonly (readonly [name: string, value: Uint8Array])[];

/** The values of all options of one socket. */
export interface SocketOptionValues extends PatternOptions, EngineOptions, SessionOptions, SecurityOptions {
  affinity: number;
  sendHighWaterMark: number;
  receiveHighWaterMark: number;
  sendHighWaterMarkBytes: number;
  receiveHighWaterMarkBytes: number;
  sendTimeout: number;
  receiveTimeout: number;
  messageDetails: boolean;
  linger: number;
  /** Connections that were accepted; 0 is no limit. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Connections of one listener that have not finished their handshakes; 0 is no limit. */
  maxHandshakes: number;
  metadata: Properties;
  authorize: Authorization | null;
  rate: number;
  recoveryInterval: number;
  multicastHops: number;
  multicastMaxTransportDataUnit: number;
  multicastLoop: boolean;
  socksProxy: string | null;
  socksUsername: string | null;
  socksPassword: string | null;
  handshakeInterval: number;
  loopbackFastPath: boolean;
}

/** Name of an option whose value is kept. */
export type OptionName = keyof SocketOptionValues;

const rowsByName: ReadonlyMap<string, OptionRow> = new Map(optionRows.map((row) => [row.name, row]));
const rowsById: ReadonlyMap<number, OptionRow> = new Map(
  optionRows.filter((row) => row.id !== 0).map((row) => [row.id, row]),
);
/** Copied for each socket: that takes a hundredth of the time that it takes to put them together. */
const DEFAULTS: Readonly<SocketOptionValues> = Object.freeze({
  ...Object.fromEntries(optionRows.filter((row) => isKept(row)).map((row) => [row.name, row.default])),
  mechanism: null,
  isSecurityServer: false,
}) as unknown as SocketOptionValues;

/** True when a socket keeps a value for this option. */
export function isKept(row: OptionRow): row is OptionRow & { readonly name: OptionName } {
  return row.never === undefined && row.isReadOnly !== true;
}

/** The row of an option; undefined when there is no such option, or this socket type does not have it. */
export function findOption(name: string, socketType: string): OptionRow | undefined {
  const row = rowsByName.get(name);
  return row !== undefined && (row.on === undefined || row.on.includes(socketType)) ? row : undefined;
}

/** Types that libzmq makes from others, whose options they take as well. */
const MADE_FROM: Readonly<Record<string, string>> = { PUB: "XPUB", REP: "ROUTER", REQ: "DEALER" };

/** The row of an option by libzmq's number; undefined when there is none, or libzmq does not take it for this socket type. */
export function optionById(id: number, socketType: string): OptionRow | undefined {
  const row = rowsById.get(id);
  if (row === undefined || row.on === undefined || row.isGeneral === true) return row;
  return row.on.includes(socketType) || row.on.includes(MADE_FROM[socketType] ?? "") ? row : undefined;
}

/** Fresh values, all at their defaults. */
export function defaultOptions(): SocketOptionValues {
  return { ...DEFAULTS };
}

/** True when all values are the same. */
export function isAlike(a: SocketOptionValues, b: SocketOptionValues): boolean {
  return (Object.keys(b) as (keyof SocketOptionValues)[]).every((name) => a[name] === b[name]);
}

/**
 * Checks a value that an application gives, and puts it into the form in which it is kept. `before` is the value so far,
 * which some options add to; `whyUnsupported` says why a runtime cannot honour an option, if so.
 * @throws TypeError for a wrong type; ZmqError `EINVAL` for a value out of range, `ENOTSUP` for one that cannot be honoured
 */
export function checkOption(
  row: OptionRow,
  value: unknown,
  whyUnsupported: (option: string) => string | undefined = () => undefined,
  before: unknown = row.default,
): unknown {
  if (value === row.default && row.never !== undefined) return value;
  const checked = checkKind(row, value, before);
  if (checked === row.default) return checked;
  const reason = row.never ?? whyUnsupported(row.name);
  if (reason === undefined) return checked;
  const shown = typeof checked === "object" ? "" : ` ${JSON.stringify(checked)}`;
  throw new ZmqError("ENOTSUP", `${row.name} cannot be${shown} here: ${reason}`);
}

function checkKind(row: OptionRow, value: unknown, before: unknown): unknown {
  const { name, type } = row;
  switch (type.kind) {
    case "boolean":
      if (type.orByKey === true && isByKey(value)) return value;
      if (typeof value !== "boolean") throw new TypeError(`Option value must be a boolean (${name})`);
      return value;
    case "integer":
      if (typeof value !== "number") throw new TypeError(`Option value must be a number (${name})`);
      if (!Number.isInteger(value) || value < type.min || value > type.max) {
        throw new ZmqError("EINVAL", `${name} must be a whole number from ${type.min} to ${type.max}, not ${value}`);
      }
      return type.step === undefined ? value : value - (value % type.step);
    case "choice":
      if (type.of.includes(value as string | null)) return value;
      throw new ZmqError("EINVAL", `${name} must be one of ${type.of.map((each) => JSON.stringify(each)).join(", ")}`);
    case "bits":
      return checkBits(name, type, value);
    case "text":
      return checkText(name, type, value);
    case "bytes":
      return checkBytes(row, type.max, value);
    case "networks":
      return checkNetworks(value, before as readonly AcceptFilter[]);
    case "properties":
      return checkProperties(value, before as Properties);
    case "pem":
      if (value === null) return null;
      if (Array.isArray(value) && type.isList !== true) throw new TypeError(`Option value must be one PEM (${name})`);
      return readPem(name, type.holds, value);
    case "secret":
      return checkSecret(name, value);
    case "key":
      return checkKey(name, type, value);
    case "authorization":
      return value === null ? null : new Authorization(value);
  }
}

function isByKey(value: unknown): value is ConflateByKey {
  return typeof value === "object" && value !== null && typeof (value as Partial<ConflateByKey>).key === "function";
}

function checkBits(name: string, { max, of }: Kind & { kind: "bits" }, value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.every((each) => of.includes(each as string))) return Object.freeze([...value]);
    throw new ZmqError("EINVAL", `${name} is a list of ${of.map((each) => JSON.stringify(each)).join(", ")}`);
  }
  if (typeof value !== "number") throw new TypeError(`Option value must be a number or a list of names (${name})`);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new ZmqError("EINVAL", `${name} must be a whole number from 0 to ${max}, or a list of names, not ${value}`);
}

function checkText(name: string, type: Kind & { kind: "text" }, value: unknown): string | null {
  if (value === null) return null;
  const checked = value instanceof Uint8Array ? decodeText(value) : value;
  if (typeof checked !== "string") throw new TypeError(`Option value must be a string or buffer (${name})`);
  const { length } = encodeText(checked);
  if (length === 0 && type.mayBeEmpty === true) return null;
  if (length >= 1 && length <= type.max) return checked;
  throw new ZmqError("EINVAL", `${name} must have 1 to ${type.max} octets, not ${length}; null unsets it`);
}

/** Null is no key: a socket that was to have one, and has none by mistake, must not talk in the clear. */
function checkKey(name: string, { isSecret }: Kind & { kind: "key" }, value: unknown): string | Secret {
  if (value === null) throw new ZmqError("EINVAL", `${name} cannot be null: a key that was set stays`);
  const key = readCurveKey(value, `Option value (${name})`);
  return isSecret === true ? new Secret(key) : key;
}

function checkSecret(name: string, value: unknown): Secret | null {
  if (value === null) return null;
  const text = value instanceof Uint8Array ? decodeText(value) : value;
  if (typeof text !== "string") throw new TypeError(`Option value must be a string or buffer (${name})`);
  return new Secret(text);
}

function checkBytes(row: OptionRow, max: number, value: unknown): Uint8Array | null {
  if (value === null) return row.default as Uint8Array | null;
  const checked = toOctets(row.name, value);
  if (row.default === null) return checked.length === 0 ? null : checked;
  if (checked.length >= 1 && checked.length <= max) return checked;
  throw new ZmqError("EINVAL", `${row.name} must have 1 to ${max} octets, not ${checked.length}`);
}

function toOctets(name: string, value: unknown): Uint8Array {
  if (typeof value === "string") return encodeText(value);
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  throw new TypeError(`Option value must be a string or buffer (${name})`);
}

/** One more network, or a list of them in the place of those that were there; null: none. */
function checkNetworks(value: unknown, before: readonly AcceptFilter[]): readonly AcceptFilter[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map(toNetwork);
  return [...before, toNetwork(value)];
}

function toNetwork(value: unknown): AcceptFilter {
  const text = value instanceof Uint8Array ? decodeText(value) : value;
  if (typeof text !== "string") throw new TypeError("Option value must be a string or buffer (tcpAcceptFilter)");
  return new AcceptFilter(text);
}

/** What RFC 37 allows in the name of a property; those of applications begin with `X-`. */
const PROPERTY_NAME = /^X-[A-Za-z0-9\-_.+]{0,253}$/;

/** All properties as an object, or `name:value` to add one; null: none. */
function checkProperties(value: unknown, before: Properties): Properties {
  if (value === null) return [];
  if (typeof value === "string" || value instanceof Uint8Array) {
    const octets = toOctets("metadata", value);
    const colon = octets.indexOf(0x3a);
    if (colon < 0) throw noProperty(decodeText(octets), "write name:value");
    const added = toProperty(decodeText(octets.subarray(0, colon)), octets.subarray(colon + 1));
    return [...before.filter(([name]) => name !== added[0]), added];
  }
  if (typeof value !== "object" || value === undefined) {
    throw new TypeError("Option value must be an object, a string or a buffer (metadata)");
  }
  return Object.entries(value).map(([name, each]) => toProperty(name, toOctets("metadata", each)));
}

function toProperty(name: string, value: Uint8Array): readonly [string, Uint8Array] {
  if (!PROPERTY_NAME.test(name)) {
    throw noProperty(name, "a name begins with X- and has up to 255 letters, digits or - _ . +");
  }
  if (value.length === 0) throw noProperty(name, "a property needs a value");
  return [name, value];
}

function noProperty(name: string, advice: string): ZmqError {
  return new ZmqError("EINVAL", `metadata ${JSON.stringify(name)}: ${advice}`);
}
