// SPDX-License-Identifier: MIT
/**
 * `Authenticator`: lists of addresses, passwords, keys and folders of certificates, for sockets (`authorize`) or as the ZAP handler of a
 * whole context (RFC 27). CZMQ's zauth and pyzmq's authenticator, in one. The rules are in `auth/`.
 */
import { Addresses } from "../auth/addresses.ts";
import { ATTEMPT_LIMITS, type AttemptLimits, Attempts } from "../auth/attempts.ts";
import type { AuthorizationQuestion, Authorizer, Verdict } from "../auth/question.ts";
import { failureReply, replyTo, TOO_MANY } from "../auth/reply.ts";
import { type AuthenticatorRules, Rules, type RuleTools } from "../auth/rules.ts";
import { ZmqError } from "../base/errors.ts";
import type { AuthenticationReply } from "../security/mechanism.ts";
import type { Runtime } from "../socket/core-context.ts";
import { AuthenticatorNotices } from "./authenticator-notices.ts";
import type { Context } from "./context.ts";
import { ZapHandler } from "./zap-handler.ts";

/** What an {@link Authenticator} is made with. The rules are those of all domains that have none of their own. */
export interface AuthenticatorOptions extends AuthenticatorRules {
  /** Addresses and networks (`192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`) that are let through; then all others are denied. */
  readonly allow?: string | Iterable<string> | undefined;
  /** Addresses and networks that are denied. Not looked at where some are allowed. */
  readonly deny?: string | Iterable<string> | undefined;
  /** Rules for single domains (`zapDomain`), in the place of the others. */
  readonly domains?: Readonly<Record<string, AuthenticatorRules>> | undefined;
  /** How often one address may try; false: as often as it likes. What fails counts, and what succeeds does not. */
  readonly rateLimit?: Partial<AttemptLimits> | false | undefined;
  /** Milliseconds for which what was read from files is good enough to let somebody in. A no is never that old. Default 1000. */
  readonly recheckInterval?: number | undefined;
}

/** How many were let in, or not, so far. */
export interface AuthenticatorStatistics {
  /** Let in (200). */
  readonly allowed: number;
  /** Denied (400). */
  readonly denied: number;
  /** Asked to come again: they tried too often (300). */
  readonly limited: number;
  /** Undecided, as a function of the application failed (500). */
  readonly failed: number;
  /** Questions that wait for an answer now. */
  readonly pending: number;
  /** Addresses with failed attempts, or pending ones, that are remembered now. */
  readonly addresses: number;
}

/** The rules for all domains without their own. */
const ANY_DOMAIN = "*";
/** Failed attempts do not count; what waits is bounded all the same. */
const NO_LIMIT: AttemptLimits = { ...ATTEMPT_LIMITS, burst: Number.POSITIVE_INFINITY };

/**
 * Decides who may come in, by addresses, passwords, keys and certificates. Denies everybody until something lets them in.
 * @example
 * ```ts
 * const authenticator = new Authenticator({ passwords: { ann: "open sesame" }, deny: "192.0.2.0/24" });
 * const server = new Reply({ plainServer: true, authorize: authenticator });
 * ```
 */
export class Authenticator extends AuthenticatorNotices implements Authorizer {
  readonly #runtime: Runtime;
  readonly #addresses = new Addresses();
  readonly #domains = new Map<string, Rules>();
  readonly #tools: RuleTools;
  readonly #attempts: Attempts;
  readonly #counts = { allowed: 0, denied: 0, limited: 0, failed: 0 };
  #handlers: ZapHandler[] = [];

  /** Made by the entry of each runtime. @throws TypeError, ZmqError `EINVAL` @internal */
  constructor(runtime: Runtime, options: AuthenticatorOptions = {}) {
    super(runtime);
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object");
    const { allow = [], deny = [], domains = {}, rateLimit = {}, recheckInterval = 1000, ...rules } = options;
    if (!(recheckInterval >= 0)) throw new ZmqError("EINVAL", "recheckInterval is a time in milliseconds");
    this.#runtime = runtime;
    this.#attempts = new Attempts(limitsOf(rateLimit));
    let files: ReturnType<Runtime["openFiles"]> | undefined;
    this.#tools = {
      openFiles: () => (files ??= runtime.openFiles()),
      now: () => runtime.clock.now(),
      recheckInterval,
      problem: (path, error) => this.tellProblem(path, error),
    };
    this.allow(...listOf(allow));
    this.deny(...listOf(deny));
    this.configure(ANY_DOMAIN, rules);
    for (const [domain, each] of Object.entries(domains)) this.configure(domain, each);
  }

  /**
   * Lets addresses and networks through, to show what they have; from then on all others are denied. With NULL that is all there is to it.
   * @throws ZmqError `EINVAL` for what is no address; TypeError
   */
  allow(...addresses: readonly string[]): this {
    this.#addresses.allow(addresses);
    return this;
  }

  /**
   * Denies addresses and networks. Not looked at where some are allowed.
   * @throws ZmqError `EINVAL` for what is no address; TypeError
   */
  deny(...addresses: readonly string[]): this {
    this.#addresses.deny(addresses);
    return this;
  }

  /** Takes addresses and networks off both lists, as they were written. */
  forget(...addresses: readonly string[]): this {
    this.#addresses.forget(addresses);
    return this;
  }

  /**
   * Sets the rules of a domain, in the place of those that it had; `"*"`: of all that have none.
   * @throws TypeError
   */
  configure(domain: string, rules: AuthenticatorRules): this {
    if (typeof domain !== "string") throw new TypeError("Domain must be a string");
    this.#domains.set(domain, new Rules(rules, this.#tools));
    return this;
  }

  /** Decides about one peer. What the option `authorize` calls; also good to be called by a function of the application. */
  async authorize(question: AuthorizationQuestion): Promise<Verdict> {
    const { status, text, userId, metadata } = await this.#decide(question, true);
    return status === 200 ? { userId, metadata } : { status: status as 300 | 400 | 500, reason: text };
  }

  /**
   * Becomes the ZAP handler of a context: binds `inproc://zeromq.zap.01`, so that it is asked about the peers of all sockets with PLAIN, with
   * CURVE, or with a `zapDomain`. Keeps no program alive.
   * @throws ZmqError `EADDRINUSE` where the context has a handler
   */
  async serve(context: Context): Promise<void> {
    const handler = new ZapHandler(context, this.#runtime.clock, (question) => this.#decide(question, false));
    await handler.open();
    this.#handlers.push(handler);
  }

  /** Is no ZAP handler any more. Sockets that have it as their `authorize` go on. */
  async close(): Promise<void> {
    const handlers = this.#handlers;
    this.#handlers = [];
    await Promise.all(handlers.map((handler) => handler.close()));
  }

  /** Closes at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** How many were let in, or not, so far. */
  statistics(): AuthenticatorStatistics {
    const { pending, addresses } = this.#attempts;
    return { ...this.#counts, pending, addresses };
  }

  async #decide(question: AuthorizationQuestion, isStrict: boolean): Promise<AuthenticationReply> {
    const reply = await this.#answer(question, isStrict);
    const { status } = reply;
    if (status === 200) this.#counts.allowed += 1;
    else if (status === 300) this.#counts.limited += 1;
    else if (status === 400) this.#counts.denied += 1;
    else this.#counts.failed += 1;
    this.tellDecision(question, reply);
    return reply;
  }

  async #answer(question: AuthorizationQuestion, isStrict: boolean): Promise<AuthenticationReply> {
    const listed = this.#addresses.check(question.address);
    if (typeof listed === "object") return replyTo(question, { status: 400, reason: listed.reason });
    const { clock } = this.#runtime;
    const attempt = this.#attempts.begin(question.address, clock.now());
    if (attempt === undefined) return replyTo(question, TOO_MANY);
    // Whoever goes away before the answer has tried, and somebody else may ask meanwhile.
    const give = (): void => attempt.end(false, clock.now());
    question.signal.addEventListener("abort", give, { once: true });
    try {
      const rules = this.#domains.get(question.domain) ?? this.#domains.get(ANY_DOMAIN);
      const reply = replyTo(question, await rules?.decide(question, listed, isStrict));
      attempt.end(reply.status === 200, clock.now());
      return reply;
    } catch (error) {
      attempt.end(false, clock.now());
      return failureReply(error);
    } finally {
      question.signal.removeEventListener("abort", give);
    }
  }
}

function limitsOf(rateLimit: Partial<AttemptLimits> | false): AttemptLimits {
  if (rateLimit === false) return NO_LIMIT;
  const limits = { ...ATTEMPT_LIMITS, ...rateLimit };
  for (const [name, value] of Object.entries(limits)) {
    if (!(typeof value === "number" && value >= 0)) throw new ZmqError("EINVAL", `rateLimit: ${name} is a number ≥ 0`);
    if (!Object.hasOwn(ATTEMPT_LIMITS, name)) throw new TypeError(`rateLimit has no ${name}`);
  }
  return limits;
}

function listOf(addresses: string | Iterable<string>): readonly string[] {
  return typeof addresses === "string" ? [addresses] : [...addresses];
}
