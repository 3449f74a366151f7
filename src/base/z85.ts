// SPDX-License-Identifier: MIT
/** Z85 (RFC 32): octets as printable text, five characters for each four of them; how CURVE keys are written. */
import { ZmqError } from "./errors.ts";

/** The 85 characters, by the digit that they stand for. */
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** The digit of a character, by its code; −1: not one of them. */
const VALUES: readonly number[] = Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/**
 * The text of octets.
 * @throws ZmqError `EINVAL` when their number is not a multiple of 4; TypeError
 */
export function encodeZ85(octets: Uint8Array): string {
  if (!(octets instanceof Uint8Array)) throw new TypeError("z85.encode: octets must be a Uint8Array");
  if (octets.length % 4 !== 0) {
    throw new ZmqError("EINVAL", `z85.encode: ${octets.length} octets are not a multiple of 4; pad them first`);
  }
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let text = "";
  for (let i = 0; i < octets.length; i += 4) {
    const value = view.getUint32(i);
    for (let divisor = 85 ** 4; divisor >= 1; divisor /= 85) text += DIGITS[Math.floor(value / divisor) % 85];
  }
  return text;
}

/**
 * The octets of a text.
 * @throws ZmqError `EINVAL` when its length is not a multiple of 5, a character is none of Z85's, or five of them stand
 * for more than four octets hold; TypeError
 */
export function decodeZ85(text: string): Uint8Array {
  if (typeof text !== "string") throw new TypeError("z85.decode: text must be a string");
  if (text.length % 5 !== 0) {
    throw new ZmqError("EINVAL", `z85.decode: ${text.length} characters are not a multiple of 5`);
  }
  const octets = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < text.length; i += 5) {
    let value = 0;
    for (let j = i; j < i + 5; j += 1) value = value * 85 + digit(text, j);
    if (value > 0xffffffff) {
      throw new ZmqError("EINVAL", `z85.decode: the five characters from ${i} on stand for more than four octets hold`);
    }
    view.setUint32((i / 5) * 4, value);
  }
  return octets;
}

/** The text itself is not repeated in the error: it may be a secret key. */
function digit(text: string, index: number): number {
  const value = VALUES[text.charCodeAt(index)] ?? -1;
  if (value < 0) throw new ZmqError("EINVAL", `z85.decode: the character at ${index} is none of Z85's`);
  return value;
}
