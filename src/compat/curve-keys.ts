// SPDX-License-Identifier: MIT
/** Keys for CURVE under the names that npm `zeromq` 5 has for them. Exported by `v5-compat.ts`. */
import { curveKeyPair } from "../index.ts";

/** A fresh pair of keys for CURVE, in Z85. */
export function curveKeypair(): { public: string; secret: string } {
  const { publicKey, secretKey } = curveKeyPair();
  return { public: publicKey, secret: secretKey };
}
