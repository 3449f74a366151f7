// SPDX-License-Identifier: MIT
/**
 * The system's Kerberos library, through the npm package `kerberos` where the application has installed it. Looked for when a
 * GSSAPI option is set, and loaded when a handshake first needs it. Used by `node.ts`; the contract is `security/gssapi.ts`'s.
 */
import { Buffer } from "node:buffer";
import { ZmqError } from "../base/errors.ts";
import type { GssapiContext, GssapiLibrary } from "../security/gssapi.ts";
import { packages } from "./packages.ts";

const PACKAGE = "kerberos";

/** What is used of the package. Tokens are base64. */
interface KerberosPackage {
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_C_REPLAY_FLAG: number;
  readonly GSS_MECH_OID_KRB5: number;
  initializeClient(
    service: string,
    options: { principal?: string; flags: number; mechOID: number },
  ): Promise<KerberosSide>;
  initializeServer(service: string): Promise<KerberosSide>;
}

interface KerberosSide {
  readonly contextComplete: boolean;
  /** The client's principal, on both sides. */
  readonly username: string | null;
  step(token: string): Promise<string | null>;
}

/** Why the GSSAPI options cannot be set; undefined: they can. */
export function whyNoKerberos(find: () => unknown = findPackage): string | undefined {
  try {
    find();
    return undefined;
  } catch {
    return `GSSAPI needs the package ${PACKAGE}, which is not installed: npm install ${PACKAGE}`;
  }
}

/** @throws ZmqError `ENOTSUP` when the package is not there, or does not load */
export function loadKerberos(load: () => unknown = loadPackage): GssapiLibrary {
  let kerberos: KerberosPackage;
  try {
    kerberos = load() as KerberosPackage;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ZmqError("ENOTSUP", `GSSAPI needs the package ${PACKAGE}, and it does not load: ${reason}`, { cause });
  }
  // libzmq's flags.
  const flags = kerberos.GSS_C_MUTUAL_FLAG | kerberos.GSS_C_REPLAY_FLAG;
  const mechOID = kerberos.GSS_MECH_OID_KRB5;
  return {
    initiate: async (service, principal) =>
      new Side(
        await kerberos.initializeClient(service, { flags, mechOID, ...(principal === "" ? {} : { principal }) }),
      ),
    accept: async (service) => new Side(await kerberos.initializeServer(service)),
  };
}

class Side implements GssapiContext {
  private readonly side: KerberosSide;

  constructor(side: KerberosSide) {
    this.side = side;
  }

  async step(token: Uint8Array): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = token;
    const answer = await this.side.step(Buffer.from(buffer, byteOffset, byteLength).toString("base64"));
    return Buffer.from(answer ?? "", "base64");
  }

  get isComplete(): boolean {
    return this.side.contextComplete;
  }

  get client(): string {
    return this.side.username ?? "";
  }
}

function findPackage(): unknown {
  return packages().resolve(PACKAGE);
}

function loadPackage(): unknown {
  return packages()(PACKAGE);
}
