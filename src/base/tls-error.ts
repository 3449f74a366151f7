// SPDX-License-Identifier: MIT
/**
 * Why a TLS handshake failed: one table, in words that do for both sides. Made by `transport/tls-errors.ts` from what the runtime's
 * TLS library says, and told by the event `handshake:error:other`. As with every error, programs compare `code`.
 */
import { ZmqError } from "./errors.ts";

/** Name of a failure: the code that stands for it in libzmq's list, and a sentence about the peer. */
const FAILURES = {
  CERTIFICATE_EXPIRED: ["EACCES", "its certificate has expired"],
  CERTIFICATE_NOT_YET_VALID: ["EACCES", "its certificate is not valid yet"],
  CERTIFICATE_REVOKED: ["EACCES", "its certificate was revoked"],
  UNKNOWN_AUTHORITY: ["EACCES", "its certificate does not come from an authority that this side trusts (tlsTrust)"],
  WRONG_NAME: ["EACCES", "its certificate is for another name (tlsServerName)"],
  NO_CERTIFICATE: ["EACCES", "it gave no certificate, and this side requires one (tlsRequireClient)"],
  CERTIFICATE_INVALID: ["EACCES", "its certificate cannot be accepted"],
  REFUSED: ["EACCES", "it refused this side's certificate"],
  CERTIFICATE_REQUIRED: ["EACCES", "it requires a certificate, and this side has none (tlsKey, tlsCertificate)"],
  NOT_SPOKEN: ["EPROTO", "it does not speak TLS"],
  NOTHING_IN_COMMON: ["EPROTO", "it has no version of TLS, or no cipher, in common with this side (tlsMinVersion)"],
  CUT_OFF: ["ECONNRESET", "it closed the connection during the TLS handshake"],
  UNSPECIFIED: ["EPROTO", "the TLS handshake failed"],
} as const;

/** Why a TLS handshake failed, such as `"CERTIFICATE_EXPIRED"`. */
export type TlsFailure = keyof typeof FAILURES;

/** Code of such an error, such as `"ERR_TLS_CERTIFICATE_EXPIRED"`. */
export type TlsErrorCode = `ERR_TLS_${TlsFailure}`;

/** A TLS handshake failed, or one side refused the other's certificate. Its connection is closed; nobody else is disturbed. */
export class TlsError extends ZmqError {
  /** Why. */
  readonly tlsError: TlsFailure;

  /** `more`: what the TLS library adds to it. */
  constructor(failure: TlsFailure, remote: string, more?: string, cause?: unknown) {
    const [code, sentence] = FAILURES[failure];
    super(code, `TLS with ${remote}: ${sentence}${more === undefined ? "" : ` (${more})`}`, { cause });
    this.name = "TlsError";
    (this as { code: TlsErrorCode }).code = `ERR_TLS_${failure}`;
    this.tlsError = failure;
  }
}

/** All names. */
export const TLS_FAILURES: readonly TlsFailure[] = Object.keys(FAILURES) as TlsFailure[];
