// SPDX-License-Identifier: MIT
/**
 * The value of the option `authorize`: a function, a set of keys or an authenticator, asked in one way, and its answers in the
 * terms of ZAP (RFC 27), whatever they are. Used by `socket/authentication.ts`.
 */
import type { Clock } from "../base/clock.ts";
import type { AuthenticationQuestion, AuthenticationReply } from "../security/mechanism.ts";
import { ATTEMPT_LIMITS, Attempts } from "./attempts.ts";
import { type Authorize, type Authorizer, Question } from "./question.ts";
import { failureReply, replyTo, TOO_MANY } from "./reply.ts";

/** What the option takes. */
export type AuthorizeOption = Authorize | Authorizer | Iterable<string>;

/** Decides for one socket who may come in. */
export class Authorization {
  /** What the application gave. */
  readonly given: AuthorizeOption;
  private readonly decide: Authorize;
  private readonly attempts: Attempts | undefined;

  /** @throws TypeError for anything else than a function, an object that has `authorize`, or a collection of keys */
  constructor(given: unknown) {
    this.given = given as AuthorizeOption;
    this.decide = decider(given);
    // Who decides by itself how often an address may try is asked each time.
    this.attempts = isAuthorizer(given) ? undefined : new Attempts(ATTEMPT_LIMITS);
  }

  /** Asks; the reply comes once, and later, unless the question is taken back with what this gives. */
  ask(
    asked: AuthenticationQuestion,
    domain: string,
    clock: Clock,
    reply: (reply: AuthenticationReply) => void,
  ): () => void {
    const aborter = new AbortController();
    const question = new Question(asked, domain, aborter.signal);
    const attempt = this.attempts?.begin(question.address, clock.now());
    if (this.attempts !== undefined && attempt === undefined) {
      reply(replyTo(question, TOO_MANY));
      return () => {};
    }
    let isOver = false;
    const end = (answer: AuthenticationReply): void => {
      attempt?.end(answer.status === 200, clock.now());
      if (isOver) return;
      isOver = true;
      reply(answer);
    };
    // Later in any case: the application's function shall not run from inside the handshake that asks.
    Promise.resolve()
      .then(() => (isOver ? false : this.decide(question)))
      .then((verdict) => replyTo(question, verdict))
      .then(end, (error: unknown) => end(failureReply(error)));
    return () => {
      if (isOver) return;
      isOver = true;
      attempt?.end(false, clock.now());
      aborter.abort();
    };
  }
}

function decider(given: unknown): Authorize {
  if (typeof given === "function") return given as Authorize;
  if (isAuthorizer(given)) return (question) => given.authorize(question);
  if (typeof given === "object" && given !== null && Symbol.iterator in given) {
    return keyDecider(given as Iterable<string>);
  }
  throw new TypeError("authorize must be a function, an Authenticator, or a Set of public keys");
}

function keyDecider(keys: Iterable<string>): Authorize {
  const known = keySet(keys);
  return ({ publicKey }) => {
    if (publicKey === undefined) return { status: 400, reason: "only CURVE clients are admitted here" };
    return known.has(publicKey) || { status: 400, reason: "unknown public key" };
  };
}

/** The keys of a collection. A Set stays what it is, so that what is added to it later counts. @throws TypeError for what is no key */
export function keySet(keys: Iterable<string>): ReadonlySet<string> {
  const known = keys instanceof Set ? (keys as ReadonlySet<string>) : new Set(keys);
  for (const key of known) requireKey(key);
  return known;
}

/** A key that could never match is a mistake, and better told at once. @throws TypeError */
function requireKey(key: unknown): void {
  if (typeof key === "string" && key.length === 40) return;
  throw new TypeError("a public key is a text of 40 characters (Z85)");
}

function isAuthorizer(given: unknown): given is Authorizer {
  if (typeof given !== "object" || given === null || !("authorize" in given)) return false;
  return typeof given.authorize === "function";
}
