// SPDX-License-Identifier: MIT
/**
 * What an authenticator knows of one domain: passwords, keys, certificates, and a function of the application. The policy is that of
 * CZMQ's zauth, with one difference: where the socket itself asks, NULL and GSSAPI need somebody who says yes.
 */
import { keySet } from "./authorization.ts";
import { metadataForPeers } from "./certificate.ts";
import { CertificateFolder } from "./certificate-folder.ts";
import type { Files } from "./files.ts";
import { isPassword, PasswordFile, type Passwords, passwordOf } from "./passwords.ts";
import type { Admission, AuthorizationQuestion, Authorize, Refusal, Verdict } from "./question.ts";
import { isAdmission } from "./reply.ts";

/** Who may come in, in one domain. */
export interface AuthenticatorRules {
  /** Passwords of PLAIN by user name, in an object or a Map, which may change; or a function that checks them. */
  readonly passwords?: Passwords | undefined;
  /** A file of lines `user=password`, as CZMQ reads it; read again when it changes. */
  readonly passwordFile?: string | undefined;
  /** Public keys of CURVE clients (Z85). What is added to a `Set` or taken away counts at once. */
  readonly keys?: Iterable<string> | undefined;
  /** A folder of public certificates, of CZMQ or pyzmq, with its sub-folders; read again when it changes. */
  readonly certificates?: string | undefined;
  /** Every CURVE client may come in, whatever its key (`CURVE_ALLOW_ANY`). Default false. */
  readonly anyCurve?: boolean | undefined;
  /** Principals of GSSAPI clients, such as `ann@EXAMPLE.ORG`. What is added to a `Set` or taken away counts at once. */
  readonly principals?: Iterable<string> | undefined;
  /** Has the last word about whom the other rules let in; where there are none for its mechanism, it decides alone. */
  readonly authorize?: Authorize | undefined;
}

/** What rules need of their surroundings. */
export interface RuleTools {
  readonly openFiles: () => Promise<Files>;
  readonly now: () => number;
  /** Milliseconds for which what was read from files is good enough. */
  readonly recheckInterval: number;
  /** A file or a folder could not be read. */
  readonly problem: (path: string, error: unknown) => void;
}

/** What the lists of addresses say before: on the list of those allowed or not on that of those denied, or that there are no lists. */
export type Listed = "passed" | "no lists";

/** The rules of one domain. */
export class Rules {
  private readonly passwords: Passwords | undefined;
  private readonly passwordFile: PasswordFile | undefined;
  private readonly keys: ReadonlySet<string> | undefined;
  private readonly certificates: CertificateFolder | undefined;
  private readonly anyCurve: boolean;
  private readonly principals: ReadonlySet<string> | undefined = undefined;
  private readonly authorize: Authorize | undefined;

  /** @throws TypeError */
  constructor(rules: AuthenticatorRules, { openFiles, recheckInterval, now, problem }: RuleTools) {
    const { passwords, passwordFile, keys, certificates, anyCurve = false, principals, authorize } = checked(rules);
    this.passwords = passwords;
    this.passwordFile =
      passwordFile === undefined ? undefined : new PasswordFile(passwordFile, openFiles, recheckInterval, now, problem);
    this.keys = keys === undefined ? undefined : keySet(keys);
    this.certificates =
      certificates === undefined
        ? undefined
        : new CertificateFolder(certificates, openFiles, recheckInterval, now, problem);
    this.anyCurve = anyCurve;
    if (principals !== undefined) {
      this.principals = principals instanceof Set ? (principals as ReadonlySet<string>) : new Set(principals);
    }
    this.authorize = authorize;
  }

  /** Decides. `isStrict`: the socket itself asks, and everybody is denied who is not clearly allowed. */
  async decide(question: AuthorizationQuestion, listed: Listed, isStrict: boolean): Promise<Verdict> {
    const known = await this.lookUp(question, listed, isStrict);
    if (this.authorize === undefined) return known ?? refused(`nothing lets ${question.mechanism} clients in`);
    if (known !== undefined && !isAdmission(known)) return known;
    const said = await this.authorize(question);
    return isAdmission(said) ? merged(known, said) : said;
  }

  /** What is known by itself; undefined: nothing is set for this mechanism. */
  private lookUp(question: AuthorizationQuestion, listed: Listed, isStrict: boolean): Verdict | PromiseLike<Verdict> {
    switch (question.mechanism) {
      case "PLAIN":
        return this.checkPassword(question);
      case "CURVE":
        return this.checkKey(question);
      case "NULL":
        return listed === "passed" || !isStrict ? true : undefined;
      case "GSSAPI":
        return this.checkPrincipal(question, isStrict);
      default:
        return undefined;
    }
  }

  /** Kerberos has proven who the client is; zauth lets all of them in. */
  private checkPrincipal({ principal }: AuthorizationQuestion, isStrict: boolean): Verdict {
    if (this.principals === undefined) return isStrict ? undefined : true;
    return (principal !== undefined && this.principals.has(principal)) || refused("unknown principal");
  }

  private async checkPassword(question: AuthorizationQuestion): Promise<Verdict> {
    const { username, password, credentials } = question;
    if (this.passwords === undefined && this.passwordFile === undefined) return undefined;
    const shown = credentials[1];
    if (username === undefined || password === undefined || shown === undefined) return refused("no credentials");
    if (typeof this.passwords === "function") {
      const said = await this.passwords(username, password, question);
      if (isAdmission(said) || this.passwordFile === undefined) return said;
    } else if (this.passwords !== undefined && isPassword(shown, passwordOf(this.passwords, username))) {
      return true;
    }
    return (await this.passwordFile?.admits(username, shown)) === true || refused("unknown user, or wrong password");
  }

  private async checkKey({ publicKey }: AuthorizationQuestion): Promise<Verdict> {
    const { keys, certificates } = this;
    if (keys === undefined && certificates === undefined && !this.anyCurve) return undefined;
    if (publicKey === undefined) return refused("no key");
    const certificate = await certificates?.find(publicKey);
    if (certificate !== undefined) return { userId: publicKey, metadata: metadataForPeers(certificate) };
    return this.anyCurve || keys?.has(publicKey) === true || refused("unknown public key");
  }
}

function refused(reason: string): Refusal {
  return { status: 400, reason };
}

/** What the rules know of a peer, and above that what the application says. */
function merged(known: Verdict, said: true | Admission): Verdict {
  if (said === true || !isAdmission(known) || known === true) return said === true ? (known ?? true) : said;
  const metadata = new Map([...entriesOf(known.metadata), ...entriesOf(said.metadata)]);
  return { userId: said.userId ?? known.userId, metadata };
}

function entriesOf(metadata: Admission["metadata"]): Iterable<[string, string | Uint8Array]> {
  if (metadata instanceof Map) return metadata as ReadonlyMap<string, string | Uint8Array>;
  return Object.entries((metadata ?? {}) as Readonly<Record<string, string | Uint8Array>>);
}

const NAMES = ["passwords", "passwordFile", "keys", "certificates", "anyCurve", "principals", "authorize"];

/** @throws TypeError: a rule that is misspelt would let nobody in, or everybody */
function checked(rules: AuthenticatorRules): AuthenticatorRules {
  if (typeof rules !== "object" || rules === null) throw new TypeError("Rules must be an object");
  const { passwords, passwordFile, certificates, anyCurve, principals, authorize } = rules;
  for (const name of Object.keys(rules)) {
    if (!NAMES.includes(name)) throw new TypeError(`an authenticator has no rule ${JSON.stringify(name)}`);
  }
  for (const [name, value] of Object.entries({ passwordFile, certificates })) {
    if (value !== undefined && (typeof value !== "string" || value === "")) throw new TypeError(`${name} is a path`);
  }
  if (passwords !== undefined && (passwords === null || !["object", "function"].includes(typeof passwords))) {
    throw new TypeError("passwords must be an object, a Map or a function");
  }
  if (typeof principals === "string") throw new TypeError("principals must be a Set or an array");
  if (authorize !== undefined && typeof authorize !== "function") throw new TypeError("authorize must be a function");
  if (anyCurve !== undefined && typeof anyCurve !== "boolean") throw new TypeError("anyCurve is true or false");
  return rules;
}
