// SPDX-License-Identifier: MIT
/** The form of a row in the table of options, and the kinds of values. The rows are in `option-rows.ts`. */
import type { PemContent } from "../base/pem.ts";
import type { SocketOptionValues } from "./options.ts";

/** libzmq's integers are C's `int`, unless a row says otherwise. */
export const MAX_INT: number = 2147483647;

/** What an option takes. */
export type Kind =
  | {
      readonly kind: "integer";
      readonly min: number;
      readonly max: number;
      /** Values are rounded down to a multiple of it. */
      readonly step?: number;
      /** 64 bits: numbers too large to be exact are taken, with a warning. */
      readonly isLong?: boolean;
    }
  /** `truths`: by libzmq's number it takes other integers than 0 and 1 as true as well, those above 0 or any. */
  | {
      readonly kind: "boolean";
      readonly truths?: "positive" | "any";
      /** It takes `{ key }` as well, with a function. */
      readonly orByKey?: boolean;
    }
  /** Null when it is unset. `mayBeEmpty`: empty text unsets it too. */
  | { readonly kind: "text"; readonly max: number; readonly mayBeEmpty?: boolean }
  | { readonly kind: "bytes"; readonly max: number }
  /** `notOn`: what some socket types do not take, by their names. */
  | {
      readonly kind: "choice";
      readonly of: readonly (string | null)[];
      readonly notOn?: Readonly<Record<string, readonly string[]>>;
    }
  /** Bits, or their names in a list: each at the place of its bit. By libzmq's number up to `max`. */
  | { readonly kind: "bits"; readonly max: number; readonly of: readonly string[] }
  /** Networks whose peers are accepted; each that is set adds to them. */
  | { readonly kind: "networks" }
  /** Properties of the handshake, by name. */
  | { readonly kind: "properties" }
  /** Certificates or a key, as PEM: text, octets, or where there may be several a list of them. */
  | { readonly kind: "pem"; readonly holds: PemContent; readonly isList?: boolean }
  /** Text that is not shown to whoever prints a socket. */
  | { readonly kind: "secret" }
  /** A key of CURVE: 32 octets, or 40 characters of Z85. */
  | { readonly kind: "key"; readonly isSecret?: boolean }
  /** Who decides which peers come in. */
  | { readonly kind: "authorization" };

/** One option. */
export interface OptionRow {
  readonly name: string;
  /** libzmq's number; 0: libzmq does not have it. */
  readonly id: number;
  /** libzmq's name, without `ZMQ_`. */
  readonly libzmq: string;
  /** The version of libzmq that brought it; drafts have `draft` before it. */
  readonly since: string;
  readonly type: Kind;
  readonly default: unknown;
  /** What the number counts. */
  readonly unit?: string;
  /** Socket types that have the property; undefined: all. */
  readonly on?: readonly string[];
  /** By its number, libzmq takes it for every socket type, although only those of `on` have a use for it. */
  readonly isGeneral?: boolean;
  /** Takes effect at once, not at the next bind or connect. */
  readonly immediate?: boolean;
  /** There is nothing to set. */
  readonly isReadOnly?: boolean;
  /** libzmq has no getter for it. Here it can be read all the same. */
  readonly isWriteOnly?: boolean;
  /** Why nothing but the default can be set. Such options have no place in {@link SocketOptionValues}. */
  readonly never?: string;
}

/** What a row may say besides what all say. */
type More = Partial<Pick<OptionRow, "unit" | "on" | "isGeneral" | "immediate" | "isReadOnly" | "isWriteOnly">>;

/** An option whose value is kept. */
export function row(
  name: keyof SocketOptionValues,
  id: number,
  libzmq: string,
  since: string,
  type: Kind,
  otherwise: unknown,
  more: More = {},
): OptionRow {
  return { name, id, libzmq, since, type, default: otherwise, ...more };
}

/** An option that libzmq does not have, and that therefore has no number. */
export function own(name: keyof SocketOptionValues, type: Kind, otherwise: unknown, more: More = {}): OptionRow {
  return { name, id: 0, libzmq: "", since: "", type, default: otherwise, ...more };
}

/** An option that can be read, and never set. */
export function readOnly(
  name: string,
  id: number,
  libzmq: string,
  since: string,
  type: Kind,
  on?: readonly string[],
): OptionRow {
  return { name, id, libzmq, since, type, default: undefined, isReadOnly: true, ...(on === undefined ? {} : { on }) };
}

/** Options that nothing here can honour: they have their defaults, and take no other value. */
export function never(
  reason: string,
  ...rows: readonly (readonly [
    name: string,
    id: number,
    libzmq: string,
    since: string,
    type: Kind,
    otherwise: unknown,
    more?: More,
  ])[]
): OptionRow[] {
  return rows.map(([name, id, libzmq, since, type, otherwise, more]) => ({
    name,
    id,
    libzmq,
    since,
    type,
    default: otherwise,
    ...more,
    never: reason,
  }));
}
