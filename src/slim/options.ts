// SPDX-License-Identifier: MIT
/**
 * In the place of `socket/options.ts` in browsers: defaults and checks of the options that a page's sockets have, and of no other kinds.
 */
import { decodeText, encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { Secret } from "../base/secret.ts";
import type { OptionRow } from "../socket/option-row.ts";
import type { OptionName, Properties, SocketOptionValues } from "../socket/options.ts";
import { readCurveKey } from "./curve-key.ts";
import { optionRows } from "./option-rows.ts";

export { optionRows } from "./option-rows.ts";

const DEFAULTS = Object.freeze({
  ...Object.fromEntries(optionRows.map((row) => [row.name, row.default])),
  mechanism: null,
  isSecurityServer: false,
}) as unknown as SocketOptionValues;

export function isKept(row: OptionRow): row is OptionRow & { readonly name: OptionName } {
  return row.isReadOnly !== true;
}

export function findOption(name: string, socketType: string): OptionRow | undefined {
  return optionRows.find((row) => row.name === name && row.on?.includes(socketType) !== false);
}

export function defaultOptions(): SocketOptionValues {
  return { ...DEFAULTS };
}

export function isAlike(a: SocketOptionValues, b: SocketOptionValues): boolean {
  return (Object.keys(b) as OptionName[]).every((name) => a[name] === b[name]);
}

/** @throws TypeError for a wrong type; ZmqError `EINVAL` for a value out of range, `ENOTSUP` for one that cannot be honoured */
export function checkOption(
  row: OptionRow,
  value: unknown,
  whyUnsupported: (option: string) => string | undefined = () => undefined,
  before: unknown = row.default,
): unknown {
  const checked = check(row, value, before);
  const reason = checked === row.default ? undefined : whyUnsupported(row.name);
  if (reason === undefined) return checked;
  throw new ZmqError("ENOTSUP", `${row.name} cannot be ${JSON.stringify(checked)} here: ${reason}`);
}

function check({ name, type, default: otherwise }: OptionRow, value: unknown, before: unknown): unknown {
  const must = (condition: boolean, what: string): void => {
    if (!condition) throw new TypeError(`Option value must be ${what} (${name})`);
  };
  const has = (condition: boolean, what: string): void => {
    if (!condition) throw new ZmqError("EINVAL", `${name} must ${what}`);
  };
  const octets = (given: unknown): Uint8Array => {
    must(typeof given === "string" || given instanceof Uint8Array, "a string or buffer");
    return typeof given === "string" ? encodeText(given) : Uint8Array.prototype.slice.call(given);
  };
  const whole = (min: number, max: number): void =>
    has(
      Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      `be a whole number from ${min} to ${max}, not ${value}`,
    );
  const property = (key: string, given: unknown): readonly [string, Uint8Array] => {
    const each = octets(given);
    has(
      PROPERTY_NAME.test(key),
      `have names of X- and up to 253 letters, digits or - _ . +, not ${JSON.stringify(key)}`,
    );
    has(each.length > 0, `have a value for ${key}`);
    return [key, each];
  };
  switch (type.kind) {
    case "boolean":
      if (type.orByKey === true && typeof (value as { key?: unknown } | null)?.key === "function") break;
      must(typeof value === "boolean", "a boolean");
      break;
    case "integer":
      must(typeof value === "number", "a number");
      whole(type.min, type.max);
      if (type.step !== undefined) return (value as number) - ((value as number) % type.step);
      break;
    case "choice":
      has(type.of.includes(value as string), `be one of ${JSON.stringify(type.of)}`);
      break;
    case "bits":
      if (Array.isArray(value)) {
        has(
          value.every((each) => type.of.includes(each)),
          `be a list of ${JSON.stringify(type.of)}`,
        );
        return Object.freeze([...value]);
      }
      must(typeof value === "number", "a number or a list of names");
      whole(0, type.max);
      break;
    case "text":
    case "bytes": {
      if (value === null) return otherwise;
      const given = octets(value);
      const { length } = given;
      if (type.kind === "bytes" && otherwise === null) return length === 0 ? null : given;
      has(length >= 1 && length <= type.max, `have 1 to ${type.max} octets, not ${length}`);
      return type.kind === "text" ? decodeText(given) : given;
    }
    case "properties": {
      if (value === null) return [];
      if (typeof value === "string" || value instanceof Uint8Array) {
        const given = octets(value);
        const colon = given.indexOf(0x3a);
        has(colon >= 0, "be name:value");
        const added = property(decodeText(given.subarray(0, colon)), given.subarray(colon + 1));
        return [...(before as Properties).filter(([key]) => key !== added[0]), added];
      }
      must(typeof value === "object", "an object, a string or a buffer");
      return Object.entries(value as object).map(([key, each]) => property(key, each));
    }
    case "key": {
      has(value !== null, "be a key: one that was set stays");
      const key = readCurveKey(value, `Option value (${name})`);
      return type.isSecret === true ? new Secret(key) : key;
    }
    case "authorization":
    case "networks":
    case "pem":
    case "secret":
      if (value !== null) throw new ZmqError("ENOTSUP", `${name}: nobody connects to a page`);
  }
  return value;
}

/** What RFC 37 allows in the name of a property; those of applications begin with `X-`. */
const PROPERTY_NAME = /^X-[A-Za-z0-9\-_.+]{0,253}$/;
