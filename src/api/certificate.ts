// SPDX-License-Identifier: MIT
/** CURVE certificates: a pair of keys, or a public key alone, with metadata; in files as CZMQ and pyzmq have them. */
import {
  type CertificateContent,
  certificateOf,
  formatCertificate,
  LONGEST_CERTIFICATE,
  parseCertificate,
  SECRET_SUFFIX,
} from "../auth/certificate.ts";
import { ZmqError } from "../base/errors.ts";
import type { Runtime } from "../socket/core-context.ts";
import { curveKeyPairOf, curvePublicKeyOf } from "./curve-keys.ts";

/** What a certificate is made from. */
export interface CertificateKeys {
  /** In Z85. Default: the one that belongs to `secretKey`. */
  readonly publicKey?: string | undefined;
  /** In Z85. Without it the certificate is a public one. */
  readonly secretKey?: string | undefined;
  /** What else it says: a name, an e-mail address. */
  readonly metadata?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined;
}

/**
 * A CURVE certificate. On disk it is two files: a public one to give away, and `<path>_secret` for its owner alone. The secret key is
 * no enumerable property, so that it is not shown where a certificate is printed.
 * @example
 * ```ts
 * const certificate = Certificate.generate({ name: "server 7" });
 * await certificate.save("server.key"); // and server.key_secret
 * const server = new Reply({ curveServer: true, ...certificate.options });
 * ```
 */
export class Certificate {
  /** Given by the entry of each runtime. @internal */
  static readonly runtime: Runtime | undefined = undefined;

  /** The public key, in Z85. */
  readonly publicKey: string;
  /** What else the certificate says. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly #secretKey: string | undefined;

  /** @throws ZmqError `EINVAL` for what is no key; TypeError */
  constructor({ publicKey, secretKey, metadata = {} }: CertificateKeys) {
    const key = publicKey ?? (secretKey === undefined ? "" : curvePublicKeyOf(runtimeOf(new.target), secretKey));
    const entries = metadata instanceof Map ? metadata : Object.entries(metadata);
    const content = certificateOf(key, secretKey, entries as Iterable<[string, string]>);
    this.publicKey = content.publicKey;
    this.metadata = content.metadata;
    this.#secretKey = content.secretKey;
  }

  /** A certificate with a fresh pair of keys. */
  static generate<T extends typeof Certificate>(this: T, metadata?: CertificateKeys["metadata"]): InstanceType<T> {
    return new this({ ...curveKeyPairOf(runtimeOf(this)), metadata }) as InstanceType<T>;
  }

  /** A certificate from the text of a file. @throws ZmqError `EINVAL` */
  static parse<T extends typeof Certificate>(this: T, text: string | Uint8Array): InstanceType<T> {
    return new this(parseCertificate(text)) as InstanceType<T>;
  }

  /**
   * Loads a certificate: with its secret key where `<path>_secret` is there, otherwise the public one.
   * @throws ZmqError `ENOENT`, `EACCES`, `EINVAL` for what is no certificate, `EMSGSIZE`
   */
  static async load<T extends typeof Certificate>(this: T, path: string): Promise<InstanceType<T>> {
    const files = await runtimeOf(this).openFiles();
    const secret = path + SECRET_SUFFIX;
    const chosen = (await files.look(secret)) === undefined ? path : secret;
    try {
      return new this(parseCertificate(await files.read(chosen, LONGEST_CERTIFICATE))) as InstanceType<T>;
    } catch (error) {
      const { code, message } = error as ZmqError;
      if (code !== "EINVAL" || message.includes(chosen)) throw error;
      throw new ZmqError("EINVAL", `load ${chosen}: ${message}`, { cause: error });
    }
  }

  /** The secret key, in Z85; undefined: this is a public certificate. */
  get secretKey(): string | undefined {
    return this.#secretKey;
  }

  /** Options for a socket that has this certificate. @throws ZmqError `EINVAL` without a secret key */
  get options(): { curvePublicKey: string; curveSecretKey: string } {
    if (this.#secretKey === undefined) throw new ZmqError("EINVAL", "a public certificate has no secret key to use");
    return { curvePublicKey: this.publicKey, curveSecretKey: this.#secretKey };
  }

  /**
   * Writes the public file, and `<path>_secret`, which its owner alone may read, where there is a secret key.
   * @throws ZmqError `EACCES`, `ENOENT` where the folder is missing, `EINVAL` for metadata that cannot be written
   */
  async save(path: string): Promise<void> {
    const texts = [false, ...(this.#secretKey === undefined ? [] : [true])].map((isSecret) => this.format(isSecret));
    const files = await runtimeOf(this.constructor as typeof Certificate).openFiles();
    for (const [index, text] of texts.entries()) {
      await files.write(index === 0 ? path : path + SECRET_SUFFIX, text, index === 1);
    }
  }

  /** Writes the public file alone. @throws ZmqError as `save` */
  async savePublic(path: string): Promise<void> {
    const text = this.format(false);
    const files = await runtimeOf(this.constructor as typeof Certificate).openFiles();
    await files.write(path, text, false);
  }

  /** The text of the public file. */
  toString(): string {
    return this.format(false);
  }

  private format(isSecret: boolean): string {
    const { publicKey, metadata } = this;
    const content: CertificateContent = { publicKey, secretKey: this.#secretKey, metadata };
    return formatCertificate(content, isSecret);
  }
}

function runtimeOf({ runtime }: typeof Certificate): Runtime {
  if (runtime === undefined) throw new TypeError("A runtime is missing: import Certificate from the package's entry");
  return runtime;
}
