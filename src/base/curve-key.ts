// SPDX-License-Identifier: MIT
/** The two ways to write a key of CURVE: 32 octets, and 40 characters of Z85 (RFC 26 §Keys). For options and functions. */
import { decodeText } from "./bytes.ts";
import { ZmqError } from "./errors.ts";
import { decodeZ85, encodeZ85 } from "./z85.ts";

const OCTETS = 32;
const CHARACTERS = 40;

/**
 * A key as 40 characters, however it is given. The key itself is in no error: it may be a secret one.
 * @throws ZmqError `EINVAL` when it is no key; TypeError when it is neither text nor octets. `what`: whose key it is
 */
export function readCurveKey(key: unknown, what: string): string {
  if (key instanceof Uint8Array && key.length === OCTETS) return encodeZ85(key);
  // libzmq takes octets that are the text, with or without C's zero at the end.
  const text = key instanceof Uint8Array ? decodeText(key).replace(/^(.{40})\0$/s, "$1") : key;
  if (typeof text !== "string") throw new TypeError(`${what} must be a string or buffer`);
  if (text.length === CHARACTERS && isZ85(text)) return text;
  const given = key instanceof Uint8Array ? `${key.length} octets` : `${text.length} characters`;
  const fault = text.length === CHARACTERS ? "some of these are not Z85's" : `this has ${given}`;
  throw new ZmqError("EINVAL", `${what} must be a key, ${OCTETS} octets or ${CHARACTERS} characters of Z85; ${fault}`);
}

function isZ85(text: string): boolean {
  try {
    decodeZ85(text);
    return true;
  } catch {
    return false;
  }
}
