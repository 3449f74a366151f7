// SPDX-License-Identifier: MIT
/** The types of authorisation that applications see: questions, answers, rules and certificates. Passed on by the entries. */
export type { AttemptLimits } from "../auth/attempts.ts";
export type { AuthorizeOption } from "../auth/authorization.ts";
export type { PasswordCheck, Passwords } from "../auth/passwords.ts";
export type { Admission, AuthorizationQuestion, Authorize, Authorizer, Refusal, Verdict } from "../auth/question.ts";
export type { AuthenticatorRules } from "../auth/rules.ts";
export type { AuthenticatorOptions, AuthenticatorStatistics } from "./authenticator.ts";
export type { AuthenticatedPeer, AuthenticatorNoticeDetails } from "./authenticator-notices.ts";
export type { CertificateKeys } from "./certificate.ts";
