// SPDX-License-Identifier: MIT
/** What both sides of a CURVE handshake do alike. Used by `curve-client.ts` and `curve-server.ts`. */
import { ProtocolError } from "../base/errors.ts";
import type { CurveCrypto, CurveLibrary } from "./curve-crypto.ts";
import type { HandshakeInput, HandshakeStep } from "./mechanism.ts";

/** The library of cryptography, for which the handshake waits where it is not loaded yet. */
export function* loaded(library: CurveLibrary): Generator<HandshakeStep, CurveCrypto, HandshakeInput> {
  if (library.crypto === undefined) yield { do: "wait", for: library.load() };
  return library.crypto as CurveCrypto;
}

/** The key that two sides share. @throws ProtocolError `ZMTP_CRYPTOGRAPHIC` where the public key is none that a peer has */
export function sharedKey(
  crypto: CurveCrypto,
  publicKey: Uint8Array,
  secretKey: Uint8Array,
  reason: string,
): Uint8Array {
  const key = crypto.sharedKey(publicKey, secretKey);
  if (key === undefined) throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", reason);
  return key;
}
