// SPDX-License-Identifier: MIT
/** The security mechanisms as options of a server and of a client that fit, for tests that hold for each of them. */

import { CLIENT, CURVE_SERVER, curveClient, keyOctets } from "./curve-keys.ts";

/** Options of one side. */
export type SecurityOptions = Readonly<Record<string, string | boolean>>;

/** One mechanism. */
export interface MechanismSides {
  readonly name: string;
  /** Options of the side that asks the authenticator; with a domain, so that NULL asks too. */
  readonly server: SecurityOptions;
  readonly client: SecurityOptions;
  /** What the authenticator is shown. */
  readonly credentials: readonly Buffer[];
  /** True where nobody is let in as long as there is no authenticator. */
  readonly needsAuthenticator: boolean;
}

/** The domain that all these servers are in. */
export const DOMAIN = "TEST";

/** All of them. */
export const MECHANISMS: readonly MechanismSides[] = [
  { name: "NULL", server: { zapDomain: DOMAIN }, client: {}, credentials: [], needsAuthenticator: false },
  {
    name: "PLAIN",
    server: { plainServer: true, zapDomain: DOMAIN },
    client: { plainUsername: "admin", plainPassword: "password" },
    credentials: [Buffer.from("admin"), Buffer.from("password")],
    needsAuthenticator: true,
  },
  {
    name: "CURVE",
    server: { ...CURVE_SERVER, zapDomain: DOMAIN },
    client: curveClient(CLIENT),
    credentials: [keyOctets(CLIENT.publicKey)],
    needsAuthenticator: false,
  },
];
