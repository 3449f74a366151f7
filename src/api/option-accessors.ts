// SPDX-License-Identifier: MIT
/** Makes the rows of `socket/options.ts` into properties of the socket classes. */
import { decodeText, encodeText, equalBytes } from "../base/bytes.ts";
import { checkOption, findOption, type OptionRow, optionRows } from "../socket/options.ts";
import type { SocketWorks } from "./socket-works.ts";

interface HasWorks {
  readonly works: SocketWorks;
}

/** Defines the properties that all socket types have (no name given), or those that only this type has besides. */
export function defineOptions(prototype: object, typeName?: string): void {
  for (const row of optionRows) {
    const belongs = typeName === undefined ? row.on === undefined : row.on?.includes(typeName) === true;
    if (belongs) Object.defineProperty(prototype, row.name, accessors(row));
  }
}

function accessors(row: OptionRow): PropertyDescriptor & ThisType<HasWorks> {
  return {
    configurable: true,
    enumerable: true,
    get() {
      return shown(this.works.core.options[row.name]);
    },
    set(value: unknown) {
      setOption(this.works, row, value);
    },
  };
}

/** Sets options as given to a constructor. @throws TypeError for a name that the socket type does not have */
export function setInitialOptions(socketWorks: SocketWorks, options: object): void {
  const { name } = socketWorks.core.type;
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const row = findOption(key, name);
    if (row === undefined) throw new TypeError(`${name} sockets have no option ${JSON.stringify(key)}`);
    setOption(socketWorks, row, value);
  }
}

function setOption(socketWorks: SocketWorks, row: OptionRow, value: unknown): void {
  const { core, runtime } = socketWorks;
  Object.assign(core.options, { [row.name]: checkOption(row, value) });
  if (row.name === "sendHighWaterMark" || row.name === "receiveHighWaterMark") core.applyHighWaterMarks();
  if (row.immediate === true) socketWorks.optionChanged();
  if (row.immediate !== true && core.endpoints.size > 0) {
    runtime.warn("Socket option will not take effect until next connect/bind.");
  }
}

/** Octets that are text are shown as text, as npm `zeromq` does; empty ones as null. */
function shown(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  if (value.length === 0) return null;
  const text = decodeText(value);
  return equalBytes(encodeText(text), value) ? text : value;
}
