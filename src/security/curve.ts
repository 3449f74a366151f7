// SPDX-License-Identifier: MIT
/** CURVE as a row of the table of mechanisms: which side the options ask for, and with which keys. Used by `index.ts`. */
import { Secret } from "../base/pem.ts";
import { decodeZ85 } from "../base/z85.ts";
import { CurveClient } from "./curve-client.ts";
import type { CurveLibrary } from "./curve-crypto.ts";
import { CurveServer, type ServerKeys } from "./curve-server.ts";
import type { Mechanism, MechanismChoice, SecurityOptions } from "./mechanism.ts";

/** The key of those who have set none: refused wherever it comes. */
const NO_KEY = "0".repeat(40);
const NO_SECRET = new Secret(NO_KEY);

/** CURVE with a library of cryptography. `now`: a clock in milliseconds. */
export function curve(library: CurveLibrary, now: () => number): MechanismChoice {
  /** One array for all connections of a socket: the library of cryptography knows a secret key again by its array. */
  const secretKeys = new WeakMap<Secret, Uint8Array>();
  /** Of servers, which need not be told their public key. */
  const publicKeys = new WeakMap<Secret, Uint8Array>();

  function secretKeyOf(secret: Secret): Uint8Array {
    const secretKey = secretKeys.get(secret) ?? decodeZ85(secret.reveal());
    secretKeys.set(secret, secretKey);
    return secretKey;
  }

  function serverKeys(secret: Secret): ServerKeys {
    const secretKey = secretKeyOf(secret);
    const publicKey = publicKeys.get(secret) ?? library.publicKey(secretKey);
    publicKeys.set(secret, publicKey);
    return { publicKey, secretKey };
  }

  return {
    name: "CURVE",
    isChosen: ({ mechanism }) => mechanism === "curve",
    prepare: () => void library.load().catch(() => {}),
    create: (options: SecurityOptions): Mechanism => {
      const { isSecurityServer, curvePublicKey, curveSecretKey, curveServerKey } = options;
      const secret = curveSecretKey ?? NO_SECRET;
      if (isSecurityServer) return new CurveServer(library, serverKeys(secret), now);
      return new CurveClient(library, {
        publicKey: decodeZ85(curvePublicKey ?? NO_KEY),
        secretKey: secretKeyOf(secret),
        serverKey: decodeZ85(curveServerKey ?? NO_KEY),
      });
    },
  };
}
