// SPDX-License-Identifier: MIT
/**
 * Certificates for tests, made by the `openssl` command when a test asks for them: an authority, and what it issues. Nothing is kept,
 * so that nothing can expire in the tree.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate with its key, both as PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

/** What a certificate says. */
export interface Subject {
  /** As in `openssl req -subj`: `/O=Acme/CN=alice`. */
  readonly subject?: string;
  /** As in a configuration of OpenSSL: `DNS:localhost,IP:127.0.0.1`. */
  readonly names?: string;
  /** From now on; negative: it has expired. */
  readonly days?: number;
  /** The key is encrypted with it. */
  readonly passphrase?: string;
  /** Issued by an authority between, which is in the certificate too. */
  readonly isIndirect?: boolean;
}

/** Why there are no certificates here; undefined: there are. */
export const noCertificates: string | undefined = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "the command openssl is not installed";
  }
})();

/** Issues certificates. */
export class Authority {
  /** Its own certificate, as PEM. */
  readonly certificate: string;
  private readonly key: string;

  constructor(own: Identity = selfSigned("Test authority")) {
    this.certificate = own.certificate;
    this.key = own.key;
  }

  /** A certificate, for a server on this machine unless it says otherwise. */
  issue({
    subject = "/O=Acme/CN=server",
    names = "DNS:localhost,IP:127.0.0.1,IP:::1",
    days = 30,
    passphrase,
    isIndirect = false,
  }: Subject = {}): Identity {
    const request = { subject, extensions: `subjectAltName=${names}`, days, passphrase };
    if (!isIndirect) return sign(this, this.key, request);
    const between = sign(this, this.key, { subject: "/CN=Between", extensions: "basicConstraints=CA:TRUE", days });
    const { key, certificate } = sign(between, between.key, request);
    return { key, certificate: certificate + between.certificate };
  }
}

/** Of nobody's but its own making. */
export function selfSigned(name: string): Identity {
  return inFolder((folder) => {
    openssl(folder, ["req", "-x509", ...NEW_KEY, "-days", "3650", "-subj", `/O=Acme/CN=${name}`, "-out", "crt"]);
    return identityIn(folder);
  });
}

interface Request {
  readonly subject: string;
  readonly extensions: string;
  readonly days: number;
  readonly passphrase?: string | undefined;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key"];

function sign(
  { certificate }: { readonly certificate: string },
  key: string,
  { subject, extensions, days, passphrase }: Request,
): Identity {
  return inFolder((folder) => {
    writeFileSync(join(folder, "issuer.key"), key);
    writeFileSync(join(folder, "issuer.crt"), certificate);
    writeFileSync(join(folder, "extensions"), extensions);
    openssl(folder, ["req", ...NEW_KEY, "-subj", subject, "-out", "request"]);
    const by = ["-CA", "issuer.crt", "-CAkey", "issuer.key", "-set_serial", `0x${serial()}`];
    openssl(folder, [
      "x509",
      "-req",
      "-in",
      "request",
      ...by,
      "-days",
      `${days}`,
      "-extfile",
      "extensions",
      "-out",
      "crt",
    ]);
    if (passphrase !== undefined) {
      openssl(folder, ["pkcs8", "-topk8", "-in", "key", "-passout", `pass:${passphrase}`, "-out", "encrypted"]);
    }
    return identityIn(folder, passphrase === undefined ? "key" : "encrypted");
  });
}

function serial(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 30);
}

function identityIn(folder: string, key = "key"): Identity {
  return { key: readFileSync(join(folder, key), "utf8"), certificate: readFileSync(join(folder, "crt"), "utf8") };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "zt-pki-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openssl(folder: string, options: readonly string[]): void {
  execFileSync("openssl", options, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}
