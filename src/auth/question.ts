// SPDX-License-Identifier: MIT
/** What an application is asked about a peer that wants to come in, and what it may answer. Used by all of `auth/`. */
import { decodeText } from "../base/bytes.ts";
import { splitHostPort } from "../base/ip-address.ts";
import { encodeZ85 } from "../base/z85.ts";
import type { AuthenticationQuestion } from "../security/mechanism.ts";

/** What is known of a peer that wants to come in. */
export interface AuthorizationQuestion {
  /** `"NULL"`, `"PLAIN"`, `"CURVE"` or another. */
  readonly mechanism: string;
  /** The socket's `zapDomain`; empty when it has none. */
  readonly domain: string;
  /** The peer's IP address, without its port; `"localhost"` over ipc. */
  readonly address: string;
  /** The peer's port, where it has one and it is known. */
  readonly port: number | undefined;
  /** The peer's public key as Z85, which the handshake has proven; undefined unless the mechanism is CURVE. */
  readonly publicKey: string | undefined;
  /** The user name of PLAIN; undefined otherwise. */
  readonly username: string | undefined;
  /** The password of PLAIN; undefined otherwise. */
  readonly password: string | undefined;
  /** The principal of GSSAPI; undefined otherwise. */
  readonly principal: string | undefined;
  /** The credentials as octets: user name and password of PLAIN, public key of CURVE, principal of GSSAPI. */
  readonly credentials: readonly Uint8Array[];
  /**
   * What the peer says of itself, as text: `Socket-Type`, `Identity`, and what its option `metadata` has. Encrypted on its way with CURVE.
   * Empty with PLAIN, whose clients say it after they were let in, and where the question came by ZAP.
   */
  readonly metadata: ReadonlyMap<string, string>;
  /** The same as octets. */
  readonly properties: ReadonlyMap<string, Uint8Array>;
  /** Aborted when nobody waits for the answer any more: the connection is gone, or took too long. */
  readonly signal: AbortSignal;
}

/** Let the peer in. */
export interface Admission {
  /** 200, where it is said. */
  readonly status?: 200 | undefined;
  /** Who it is: `User-Id` of its messages. Default: the user name, the public key, or nobody. */
  readonly userId?: string | Uint8Array | undefined;
  /** Further properties of its messages, by name. */
  readonly metadata?:
    | Readonly<Record<string, string | Uint8Array>>
    | ReadonlyMap<string, string | Uint8Array>
    | undefined;
}

/** Do not let the peer in. */
export interface Refusal {
  /** 300: not now, it may try again; 400: no; 500: it cannot be told. */
  readonly status: 300 | 400 | 500;
  /** Why, for this side's events; the peer is told the status alone. */
  readonly reason?: string | undefined;
}

/** The answer. Only `true` and an {@link Admission} let the peer in; everything else refuses it. */
export type Verdict = boolean | null | undefined | Admission | Refusal;

/** Decides whether a peer may come in. */
export type Authorize = (question: AuthorizationQuestion) => Verdict | PromiseLike<Verdict>;

/** Whatever decides as {@link Authorize} does; it looks itself after how often an address may try. */
export interface Authorizer {
  /** Decides whether a peer may come in. */
  authorize(question: AuthorizationQuestion): Verdict | PromiseLike<Verdict>;
}

/** A question. What is secret is no field of it, so that none is shown where it is printed. */
export class Question implements AuthorizationQuestion {
  readonly mechanism: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number | undefined;
  readonly signal: AbortSignal;
  readonly #credentials: readonly Uint8Array[];
  readonly #properties: ReadonlyMap<string, Uint8Array>;

  constructor(asked: AuthenticationQuestion, domain: string, signal: AbortSignal) {
    const { host, port } = splitHostPort(asked.address);
    this.mechanism = asked.mechanism;
    this.domain = domain;
    this.address = host;
    this.port = port;
    this.signal = signal;
    this.#credentials = asked.credentials;
    this.#properties = asked.properties ?? new Map();
  }

  get publicKey(): string | undefined {
    const [key] = this.#credentials;
    return this.mechanism === "CURVE" && key?.length === 32 ? encodeZ85(key) : undefined;
  }

  get username(): string | undefined {
    return this.text("PLAIN", 0);
  }

  get password(): string | undefined {
    return this.text("PLAIN", 1);
  }

  get principal(): string | undefined {
    return this.text("GSSAPI", 0);
  }

  get credentials(): readonly Uint8Array[] {
    return this.#credentials;
  }

  get metadata(): ReadonlyMap<string, string> {
    return new Map([...this.#properties].map(([name, value]) => [name, decodeText(value)]));
  }

  get properties(): ReadonlyMap<string, Uint8Array> {
    return this.#properties;
  }

  private text(mechanism: string, index: number): string | undefined {
    const value = this.mechanism === mechanism ? this.#credentials[index] : undefined;
    return value && decodeText(value);
  }
}
