// SPDX-License-Identifier: MIT
/** What an authenticator tells of itself: whom it let in, whom not and why, and files that it could not read. Never a password. */
import type { AuthorizationQuestion } from "../auth/question.ts";
import { decodeText } from "../base/bytes.ts";
import type { AuthenticationReply } from "../security/mechanism.ts";
import type { Runtime } from "../socket/core-context.ts";

/** A peer that an authenticator decided about. */
export interface AuthenticatedPeer {
  /** `"NULL"`, `"PLAIN"`, `"CURVE"` or another. */
  readonly mechanism: string;
  /** The socket's `zapDomain`; empty when it has none. */
  readonly domain: string;
  /** The peer's address, without its port. */
  readonly address: string;
  /** The user name that it showed, with PLAIN. */
  readonly username: string | undefined;
  /** The key that it showed, with CURVE (Z85). */
  readonly publicKey: string | undefined;
}

/** What an authenticator tells, by name. */
export interface AuthenticatorNoticeDetails {
  /** A peer was let in; `userId` as its messages have it. */
  allowed: AuthenticatedPeer & { readonly userId: string };
  /** A peer was not let in. `status`: 300 as it tried too often, 400 denied, 500 as a function of the application failed with `error`. */
  denied: AuthenticatedPeer & {
    readonly status: 300 | 400 | 500;
    readonly reason: string;
    readonly error: unknown;
  };
  /** A file of passwords or certificates, or a folder of them, could not be read. Without a listener it is a warning of the process. */
  problem: { readonly path: string; readonly error: Error };
}

type Listener = (details: never) => void;

/** The listeners of an authenticator. */
export abstract class AuthenticatorNotices {
  readonly #runtime: Runtime;
  readonly #listeners = new Map<string, Set<Listener>>();

  /** @internal */
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * Calls back whenever a peer was let in (`allowed`) or not (`denied`), and when a file could not be read (`problem`).
   * @example
   * ```ts
   * authenticator.on("denied", ({ address, reason }) => console.warn(`${address}: ${reason}`));
   * ```
   */
  on<T extends keyof AuthenticatorNoticeDetails>(
    type: T,
    listener: (details: AuthenticatorNoticeDetails[T]) => void,
  ): this {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return this;
  }

  /** Takes a listener away. */
  off<T extends keyof AuthenticatorNoticeDetails>(
    type: T,
    listener: (details: AuthenticatorNoticeDetails[T]) => void,
  ): this {
    this.#listeners.get(type)?.delete(listener);
    return this;
  }

  /** @internal */
  protected tellDecision(question: AuthorizationQuestion, reply: AuthenticationReply): void {
    const { mechanism, domain, address, username, publicKey } = question;
    const peer = { mechanism, domain, address, username, publicKey };
    if (reply.status === 200) {
      this.#tell("allowed", () => ({ ...peer, userId: decodeText(reply.userId) }));
      return;
    }
    const status = reply.status as 300 | 400 | 500;
    this.#tell("denied", () => ({ ...peer, status, reason: reply.text, error: reply.cause }));
  }

  /** @internal */
  protected tellProblem(path: string, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (!this.#tell("problem", () => ({ path, error }))) this.#runtime.warn(`Authenticator: ${path}: ${error.message}`);
  }

  #tell<T extends keyof AuthenticatorNoticeDetails>(type: T, details: () => AuthenticatorNoticeDetails[T]): boolean {
    const listeners = this.#listeners.get(type);
    if (listeners === undefined || listeners.size === 0) return false;
    const told = details();
    for (const listener of [...listeners] as ((details: AuthenticatorNoticeDetails[T]) => void)[]) {
      try {
        listener(told);
      } catch (error) {
        // A listener that throws is its application's affair: the peer shall have its answer.
        this.#runtime.clock.defer(() => {
          throw error;
        });
      }
    }
    return true;
  }
}
