// SPDX-License-Identifier: MIT
/**
 * CURVE for pages and workers (RFC 26), as clients: the browser's second file, `dist/browser-curve.js`, which `browser.ts` loads when an
 * option asks for it. Put together by `scripts/browser-bundle.mjs`; docs/decisions/0015.
 */
import { decodeZ85 } from "../base/z85.ts";
import { CurveClient } from "../security/curve-client.ts";
import type { CurveLibrary } from "../security/curve-crypto.ts";
import type { Mechanism, SecurityOptions } from "../security/mechanism.ts";
import { Nacl } from "./nacl.ts";

const NO_KEY = new Uint8Array(32);

/**
 * Gives what makes the mechanism from options; a page that names no keys of its own has new ones for each connection. `_lent`: what the
 * second file has of the first (`slim/lent.ts`); among modules it has that anyway.
 */
export async function openCurve(_lent: object): Promise<(options: SecurityOptions) => Mechanism> {
  const { default: nacl } = await import("tweetnacl");
  const crypto = new Nacl(nacl);
  const library: CurveLibrary = {
    crypto,
    load: () => Promise.resolve(),
    keyPair: () => crypto.keyPair(),
    publicKey: (secretKey) => nacl.scalarMult.base(secretKey),
  };
  return ({ curvePublicKey, curveSecretKey, curveServerKey }) => {
    const isNamed = curvePublicKey !== null || curveSecretKey !== null;
    return new CurveClient(library, {
      ...(isNamed
        ? { publicKey: keyOf(curvePublicKey), secretKey: keyOf(curveSecretKey?.reveal()) }
        : crypto.keyPair()),
      serverKey: keyOf(curveServerKey),
    });
  };
}

function keyOf(text: string | null | undefined): Uint8Array {
  return typeof text === "string" ? decodeZ85(text) : NO_KEY;
}
