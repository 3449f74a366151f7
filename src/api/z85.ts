// SPDX-License-Identifier: MIT
/** Z85 as programs use it: decoded octets come in the type that the runtime's users expect. See `base/z85.ts`. */
import { decodeZ85, encodeZ85 } from "../base/z85.ts";
import type { Runtime } from "../socket/core-context.ts";

/** Z85 (RFC 32): octets as printable text, as CURVE keys are written. */
export interface Z85<Octets extends Uint8Array = Uint8Array> {
  /**
   * The text of octets: five characters for each four.
   * @throws ZmqError `EINVAL` when their number is not a multiple of 4; TypeError
   */
  encode(octets: Uint8Array): string;
  /**
   * The octets of a text.
   * @throws ZmqError `EINVAL` when its length is not a multiple of 5 or it is not Z85; TypeError
   */
  decode(text: string): Octets;
}

/** For a runtime. */
export function z85Of<Octets extends Uint8Array>(runtime: Runtime): Z85<Octets> {
  return { encode: encodeZ85, decode: (text) => runtime.asPart(decodeZ85(text)) as Octets };
}
