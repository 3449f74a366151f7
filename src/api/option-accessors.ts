// SPDX-License-Identifier: MIT
/** Makes the rows of `socket/option-rows.ts` into properties of the socket classes. */
import type { Authorization } from "../auth/authorization.ts";
import type { AcceptFilter } from "../base/accept-filter.ts";
import { decodeText, encodeText, equalBytes } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { Secret } from "../base/pem.ts";
import { chooseMechanism } from "../socket/chosen-mechanism.ts";
import type { OptionRow } from "../socket/option-row.ts";
import { optionRows } from "../socket/option-rows.ts";
import { checkOption, findOption, isKept, type Properties } from "../socket/options.ts";
import type { SocketWorks } from "./socket-works.ts";

interface HasWorks {
  readonly works: SocketWorks;
}

/** Types whose sockets libzmq lets several threads use. */
const THREAD_SAFE = ["SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "PEER", "CHANNEL"];

/** Defines the properties that all socket types have (no name given), or those that only this type has besides. */
export function defineOptions(prototype: object, typeName?: string): void {
  for (const row of optionRows) {
    const belongs = typeName === undefined ? row.on === undefined : row.on?.includes(typeName) === true;
    if (belongs) Object.defineProperty(prototype, row.name, accessors(row));
  }
}

function accessors(row: OptionRow): PropertyDescriptor & ThisType<HasWorks> {
  const get = function (this: HasWorks): unknown {
    return getOption(this.works, row);
  };
  if (row.isReadOnly === true) return { configurable: true, enumerable: true, get };
  const set = function (this: HasWorks, value: unknown): void {
    setOption(this.works, row, value);
  };
  return { configurable: true, enumerable: true, get, set };
}

/** Sets options as given to a constructor. @throws TypeError for a name that the socket type does not have, or that is only read */
export function setInitialOptions(socketWorks: SocketWorks, options: object): void {
  const { name } = socketWorks.core.type;
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const row = findOption(key, name);
    if (row === undefined) throw new TypeError(`${name} sockets have no option ${JSON.stringify(key)}`);
    if (row.isReadOnly === true) throw new TypeError(`Cannot set property ${key}, which has only a getter`);
    setOption(socketWorks, row, value);
  }
}

/** The value of an option, as applications see it. */
export function getOption(socketWorks: SocketWorks, row: OptionRow): unknown {
  const { core } = socketWorks;
  if (isKept(row)) return shown(row, core.options[row.name]);
  if (row.name === "topicsCount") return core.topicsCount();
  return row.name === "threadSafe" ? THREAD_SAFE.includes(core.type.name) : row.default;
}

/** Sets an option, checked. @throws TypeError, ZmqError `EINVAL`, `ENOTSUP` */
export function setOption(socketWorks: SocketWorks, row: OptionRow, value: unknown): void {
  const { core, runtime } = socketWorks;
  if (row.isReadOnly === true) throw new ZmqError("EINVAL", `${row.name} can only be read`);
  const before = isKept(row) ? core.options[row.name] : row.default;
  const checked = checkOption(row, value, runtime.whyUnsupported, before);
  if (!isKept(row)) return;
  requireTaken(row, checked, core.type.name);
  const security = chooseMechanism(row.name, checked, core.options);
  Object.assign(core.options, { [row.name]: checked }, security);
  if (security !== undefined) runtime.mechanisms.find((each) => each.isChosen(core.options))?.prepare?.();
  if (row.type.kind === "integer" && row.type.isLong === true && !Number.isSafeInteger(checked)) {
    runtime.warn("Value is larger than Number.MAX_SAFE_INTEGER and may have been rounded inaccurately.");
  }
  if (row.name === "sendHighWaterMark" || row.name === "receiveHighWaterMark") core.applyHighWaterMarks();
  if (row.immediate === true) socketWorks.optionChanged();
  if (row.immediate !== true && core.endpoints.size > 0) {
    runtime.warn("Socket option will not take effect until next connect/bind.");
  }
}

/** @throws ZmqError `EINVAL` where a socket type does not take what others do */
function requireTaken({ name, type }: OptionRow, value: unknown, socketType: string): void {
  if (type.kind !== "choice" || type.notOn?.[socketType]?.includes(value as string) !== true) return;
  throw new ZmqError("EINVAL", `${name} cannot be ${JSON.stringify(value)} on ${socketType} sockets`);
}

function shown(row: OptionRow, value: unknown): unknown {
  const { kind } = row.type;
  if (kind === "networks") return (value as readonly AcceptFilter[]).map(({ text }) => text).join(", ") || null;
  if (kind === "authorization") return (value as Authorization | null)?.given ?? null;
  if (kind === "properties") {
    return Object.freeze(Object.fromEntries((value as Properties).map(([name, octets]) => [name, asText(octets)])));
  }
  if (value instanceof Secret) return value.reveal();
  return value instanceof Uint8Array ? asText(value) : value;
}

/** Octets that are text are shown as text, as npm `zeromq` does; empty ones as null. */
function asText(value: Uint8Array): unknown {
  if (value.length === 0) return null;
  const text = decodeText(value);
  return equalBytes(encodeText(text), value) ? text : value;
}
