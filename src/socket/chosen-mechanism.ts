// SPDX-License-Identifier: MIT
/**
 * Which security mechanism a socket has: the one that an option asked for last, as in libzmq, where each such option switches
 * to its own. Follows the options that are set; `security/index.ts` reads the outcome. Facts: libzmq's `options.cpp`.
 */
import type { MechanismName, SecurityOptions } from "../security/mechanism.ts";

/** What options that are true make this side: the server of a mechanism. */
const SERVERS: Readonly<Record<string, MechanismName>> = {
  plainServer: "plain",
  curveServer: "curve",
  gssapiServer: "gssapi",
};

/** Options that ask for a mechanism, and may say that this side is its client. */
const CREDENTIALS: Readonly<Record<string, { readonly of: MechanismName; readonly isClient: boolean }>> = {
  plainUsername: { of: "plain", isClient: true },
  plainPassword: { of: "plain", isClient: true },
  curvePublicKey: { of: "curve", isClient: false },
  curveSecretKey: { of: "curve", isClient: false },
  curveServerKey: { of: "curve", isClient: true },
  gssapiPrincipal: { of: "gssapi", isClient: false },
  gssapiServicePrincipal: { of: "gssapi", isClient: true },
};

/** The mechanism, and which side of it this is; also as the options of that name show it. */
type Choice = Pick<SecurityOptions, "mechanism" | "isSecurityServer"> & Readonly<Record<string, unknown>>;

/** What changes when an option gets a value; undefined where it has nothing to do with security. */
export function chooseMechanism(
  name: string,
  value: unknown,
  before: Pick<SecurityOptions, "isSecurityServer">,
): Choice | undefined {
  const server = SERVERS[name];
  const credential = CREDENTIALS[name];
  if (server !== undefined) {
    return choice(value === true ? server : null, value === true);
  }
  if (credential === undefined) return undefined;
  if (value === null) return choice(null, before.isSecurityServer);
  return choice(credential.of, before.isSecurityServer && !credential.isClient);
}

/** A socket reads as the server of the mechanism that it has, and of no other. */
function choice(mechanism: MechanismName | null, isSecurityServer: boolean): Choice {
  return {
    mechanism,
    isSecurityServer,
    plainServer: isSecurityServer && mechanism === "plain",
    curveServer: isSecurityServer && mechanism === "curve",
    gssapiServer: isSecurityServer && mechanism === "gssapi",
  };
}
