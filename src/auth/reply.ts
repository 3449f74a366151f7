// SPDX-License-Identifier: MIT
/** What an application answered, in the terms of ZAP (RFC 27). Whatever is no clear yes is a no. Used by `authorization.ts` and `handler.ts`. */
import { EMPTY, encodeText } from "../base/bytes.ts";
import type { AuthenticationReply } from "../security/mechanism.ts";
import type { Admission, AuthorizationQuestion, Refusal, Verdict } from "./question.ts";

/** ZMTP's names of properties (RFC 37). */
const PROPERTY_NAME = /^[A-Za-z0-9\-_.+]{1,255}$/;

const NONE: ReadonlyMap<string, Uint8Array> = new Map();

/** The answer to an address that tries too often. */
export const TOO_MANY: Verdict = { status: 300, reason: "too many attempts from this address" };

/** The reply where the application could not decide. */
export function failureReply(error: unknown): AuthenticationReply {
  const text = `authorize failed: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 500, text, userId: EMPTY, metadata: NONE, cause: error };
}

/** The reply. @throws TypeError when a yes has a user id or metadata that cannot be sent */
export function replyTo(question: AuthorizationQuestion, verdict: Verdict): AuthenticationReply {
  if (isAdmission(verdict)) {
    const { userId = nameOf(question), metadata = NONE } = verdict === true ? {} : verdict;
    return { status: 200, text: "OK", userId: octetsOf("userId", userId), metadata: propertiesOf(metadata) };
  }
  const { status, reason } = isRefusal(verdict) ? verdict : { status: 400, reason: undefined };
  return { status, text: reason ?? "No access", userId: EMPTY, metadata: NONE };
}

/** `true`, or an object that says who it is. A row of some table, as a look-up may give it, is no answer. */
export function isAdmission(verdict: Verdict): verdict is true | Admission {
  if (typeof verdict !== "object" || verdict === null) return verdict === true;
  const { status, userId, metadata } = verdict as Admission;
  return status === 200 || (status === undefined && (userId !== undefined || metadata !== undefined));
}

function isRefusal(verdict: Verdict): verdict is Refusal {
  return typeof verdict === "object" && [300, 400, 500].includes((verdict as Partial<Refusal> | null)?.status ?? 0);
}

/** Who a peer is when nobody says otherwise. */
function nameOf({ username, publicKey, principal }: AuthorizationQuestion): string {
  return username ?? publicKey ?? principal ?? "";
}

function propertiesOf(metadata: NonNullable<Admission["metadata"]>): ReadonlyMap<string, Uint8Array> {
  if (typeof metadata !== "object") throw new TypeError("metadata must be an object or a Map");
  const entries = metadata instanceof Map ? [...(metadata as ReadonlyMap<unknown, unknown>)] : Object.entries(metadata);
  const properties = new Map<string, Uint8Array>();
  for (const [name, value] of entries) {
    if (typeof name !== "string" || !PROPERTY_NAME.test(name)) {
      throw new TypeError(`metadata ${JSON.stringify(name)}: a name has up to 255 letters, digits or - _ . +`);
    }
    properties.set(name, octetsOf(`metadata ${name}`, value));
  }
  return properties;
}

function octetsOf(what: string, value: unknown): Uint8Array {
  if (typeof value === "string") return encodeText(value);
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  throw new TypeError(`${what} must be a text or octets`);
}
