// SPDX-License-Identifier: MIT
/** In the place of `base/curve-key.ts` in browsers: the same without a way back from Z85, which comes with CURVE itself. RFC 26 §Keys. */
import { ZmqError } from "../base/errors.ts";
import { encodeZ85 } from "../base/z85.ts";

/** 40 characters of Z85. */
const KEY = /^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

/** A key as 40 characters. @throws ZmqError `EINVAL`, which does not show what was given; `what`: whose key it is */
export function readCurveKey(key: unknown, what: string): string {
  const text = key instanceof Uint8Array && key.length === 32 ? encodeZ85(key) : key;
  if (typeof text === "string" && KEY.test(text)) return text;
  throw new ZmqError("EINVAL", `${what} must be a key, 32 octets or 40 characters of Z85`);
}
