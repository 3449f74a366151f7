// SPDX-License-Identifier: MIT
/** Keys for CURVE as programs use them: in Z85. A runtime's library makes them; `base/curve-key.ts` reads them. */
import { readCurveKey } from "../base/curve-key.ts";
import { decodeZ85, encodeZ85 } from "../base/z85.ts";
import type { Runtime } from "../socket/core-context.ts";

/** A public key and the secret one that belongs to it, in Z85 (RFC 32): 40 characters each. */
export interface CurveKeyPair {
  /** For everybody to know. */
  publicKey: string;
  /** For nobody else to know. */
  secretKey: string;
}

/** A fresh pair of keys. */
export function curveKeyPairOf({ curve }: Runtime): CurveKeyPair {
  const { publicKey, secretKey } = curve.keyPair();
  return { publicKey: encodeZ85(publicKey), secretKey: encodeZ85(secretKey) };
}

/** The public key that belongs to a secret one. @throws ZmqError `EINVAL`; TypeError */
export function curvePublicKeyOf({ curve }: Runtime, secretKey: string | Uint8Array): string {
  return encodeZ85(curve.publicKey(decodeZ85(readCurveKey(secretKey, "the secret key"))));
}
