// SPDX-License-Identifier: MIT
/**
 * From options to what `node:tls` works with: certificates and keys are parsed, held against each other, and kept for as long as the
 * options stay as they are. What is wrong is said, and nothing of a key is shown. For `tls.ts`, and whatever else needs certificates.
 */
import type * as crypto from "node:crypto";
import type * as tls from "node:tls";
import { ZmqError } from "../base/errors.ts";
import type { Secret } from "../base/pem.ts";
import { builtin } from "./builtin.ts";
import type { TlsOptions, TransportOptions } from "./transport.ts";

/** `node:tls`, loaded. */
export type TlsModule = typeof tls;

/** Which side of a handshake. */
export type Role = "server" | "client";

/** What a context is made from. */
type Ingredients = Required<
  Pick<TlsOptions, "tlsKey" | "tlsCertificate" | "tlsPassphrase" | "tlsTrust" | "tlsMinVersion" | "wssTrustSystem">
>;

interface Built extends Ingredients {
  readonly context: tls.SecureContext;
}

/** `SSL_OP_NO_TICKET`: who comes again shows its certificate again. */
const NO_TICKET = 0x4000;

const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]+-----/g;

/** The contexts of one transport: one for each role of each socket's options. */
export class TlsContexts {
  /** Hidden: on Deno, a context that is printed shows key and passphrase. */
  readonly #built = new WeakMap<object, Partial<Record<Role, Built>>>();
  private readonly read: (options: TlsOptions) => TlsOptions;
  private tls: TlsModule | undefined = undefined;

  /** `read`: where the options have other names. */
  constructor(read: (options: TlsOptions) => TlsOptions = (options) => options) {
    this.read = read;
  }

  /** @throws ZmqError `EINVAL` that says which option will not do; `ENOTSUP` where the runtime has no TLS */
  get(options: TransportOptions, role: Role): { readonly tls: TlsModule; readonly context: tls.SecureContext } {
    this.tls ??= builtin<TlsModule>("node:tls");
    const ingredients = ingredientsOf(this.read(options.live ?? options), options);
    const all = this.#built.get(options) ?? {};
    let built = all[role];
    if (built === undefined || !isSame(built, ingredients)) {
      requireEnough(ingredients, role, options.tlsRequireClient === true);
      built = { ...ingredients, context: build(this.tls, ingredients, role) };
      this.#built.set(options, { ...all, [role]: built });
    }
    return { tls: this.tls, context: built.context };
  }
}

function ingredientsOf(values: TlsOptions, { tlsMinVersion }: TransportOptions): Ingredients {
  const { tlsKey = null, tlsCertificate = null, tlsPassphrase = null, tlsTrust = null } = values;
  const { wssTrustSystem = false } = values;
  return { tlsKey, tlsCertificate, tlsPassphrase, tlsTrust, tlsMinVersion: tlsMinVersion ?? "1.2", wssTrustSystem };
}

function isSame(a: Ingredients, b: Ingredients): boolean {
  return (Object.keys(b) as (keyof Ingredients)[]).every((name) => a[name] === b[name]);
}

function requireEnough({ tlsKey, tlsCertificate, tlsTrust }: Ingredients, role: Role, requiresClient: boolean): void {
  if (tlsCertificate === null && tlsKey !== null) throw invalid("tlsKey is set, and tlsCertificate is not");
  if (tlsCertificate !== null && tlsKey === null) throw invalid("tlsCertificate is set, and tlsKey is not");
  if (role === "client") return;
  if (tlsCertificate === null) throw invalid("a server needs a certificate; set tlsKey and tlsCertificate");
  if (requiresClient && tlsTrust === null) {
    throw invalid("tlsRequireClient needs to know whose certificates are good; set tlsTrust");
  }
}

function build(module: TlsModule, ingredients: Ingredients, role: Role): tls.SecureContext {
  const { tlsKey, tlsCertificate, tlsPassphrase, tlsTrust, tlsMinVersion, wssTrustSystem } = ingredients;
  const system = wssTrustSystem ? module.rootCertificates : [];
  requireReadable("tlsCertificate", tlsCertificate);
  requireReadable("tlsTrust", tlsTrust);
  try {
    return module.createSecureContext({
      minVersion: tlsMinVersion === "1.3" ? "TLSv1.3" : "TLSv1.2",
      ...(tlsKey === null ? {} : { key: tlsKey.reveal() }),
      ...(tlsCertificate === null ? {} : { cert: tlsCertificate.reveal() }),
      ...(tlsPassphrase === null ? {} : { passphrase: tlsPassphrase.reveal() }),
      ...(tlsTrust === null ? {} : { ca: [...system, ...certificatesIn(tlsTrust)] }),
      ...(role === "server" ? { secureOptions: NO_TICKET } : {}),
    });
  } catch (error) {
    throw invalid(whyNot(ingredients, error as { code?: string; message: string }), error);
  }
}

/** What is wrong with a key, or with the two together. */
function whyNot(
  { tlsKey, tlsPassphrase }: Ingredients,
  { code = "", message }: { code?: string; message: string },
): string {
  if (code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH" || code === "ERR_OSSL_X509_KEY_TYPE_MISMATCH") {
    return "tlsKey does not belong to tlsCertificate";
  }
  if (tlsKey !== null) {
    const { createPrivateKey } = builtin<typeof crypto>("node:crypto");
    try {
      createPrivateKey({
        key: tlsKey.reveal(),
        ...(tlsPassphrase === null ? {} : { passphrase: tlsPassphrase.reveal() }),
      });
    } catch {
      if (!/ENCRYPTED/.test(tlsKey.reveal())) return "tlsKey is damaged";
      return tlsPassphrase === null ? "tlsKey is encrypted; set tlsPassphrase" : "tlsPassphrase does not open tlsKey";
    }
  }
  return `tlsKey and tlsCertificate cannot be used: ${message}`;
}

function certificatesIn(pem: Secret): string[] {
  return pem.reveal().match(BLOCK) ?? [];
}

/** Each certificate by itself: what the TLS library cannot read of a list, it leaves out without a word. */
function requireReadable(option: string, pem: Secret | null): void {
  if (pem === null) return;
  const { X509Certificate } = builtin<typeof crypto>("node:crypto");
  for (const [i, block] of certificatesIn(pem).entries()) {
    try {
      new X509Certificate(block);
    } catch (error) {
      throw invalid(`certificate ${i + 1} of ${option} is damaged`, error);
    }
  }
}

function invalid(text: string, cause?: unknown): ZmqError {
  return new ZmqError("EINVAL", text, { cause });
}
