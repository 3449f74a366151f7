// SPDX-License-Identifier: MIT
/** What the runtime's TLS library says, in the terms of `base/tls-error.ts`. For `tls-shield.ts`. */
import type { ZmqError } from "../base/errors.ts";
import { TlsError, type TlsFailure } from "../base/tls-error.ts";

/** An error of the runtime; OpenSSL's name its reason. */
type RuntimeError = Error & { readonly code?: string; readonly reason?: string };

/** Verdicts on a certificate (OpenSSL's X509_V_ERR_…, by the names that Node gives them). */
const VERDICTS: Readonly<Record<string, TlsFailure>> = {
  CERT_HAS_EXPIRED: "CERTIFICATE_EXPIRED",
  CERT_NOT_YET_VALID: "CERTIFICATE_NOT_YET_VALID",
  CERT_REVOKED: "CERTIFICATE_REVOKED",
  DEPTH_ZERO_SELF_SIGNED_CERT: "UNKNOWN_AUTHORITY",
  SELF_SIGNED_CERT_IN_CHAIN: "UNKNOWN_AUTHORITY",
  UNABLE_TO_GET_ISSUER_CERT: "UNKNOWN_AUTHORITY",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "UNKNOWN_AUTHORITY",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "UNKNOWN_AUTHORITY",
  CERT_UNTRUSTED: "UNKNOWN_AUTHORITY",
  ERR_TLS_CERT_ALTNAME_INVALID: "WRONG_NAME",
  HOSTNAME_MISMATCH: "WRONG_NAME",
};

/** Words in OpenSSL's reasons. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, TlsFailure])[] = [
  [/did not return a certificate/, "NO_CERTIFICATE"],
  [/alert certificate required/, "CERTIFICATE_REQUIRED"],
  [/alert (bad certificate|certificate|unknown ca|unsupported certificate|access denied)/, "REFUSED"],
  [/alert (protocol version|insufficient security)/, "NOTHING_IN_COMMON"],
  [/unsupported protocol|no shared cipher|version too low|no protocols available|no suitable/, "NOTHING_IN_COMMON"],
  [
    /wrong version number|http request|https proxy request|packet length too long|record layer|unknown protocol/,
    "NOT_SPOKEN",
  ],
];

/** Why a peer's certificate was found wanting. */
export function explainVerification(error: RuntimeError, remote: string): TlsError {
  const failure = VERDICTS[error.code ?? ""] ?? "CERTIFICATE_INVALID";
  return new TlsError(failure, remote, failure === "CERTIFICATE_EXPIRED" ? undefined : error.message, error);
}

/** What an error of a TLS connection means; undefined: nothing that concerns TLS. */
export function explainTls(error: RuntimeError, remote: string, isOpening: boolean): ZmqError | undefined {
  const { code = "" } = error;
  if (VERDICTS[code] !== undefined || (isOpening && /^(CERT|CRL|INVALID|PATH|HOSTNAME)_/.test(code))) {
    return explainVerification(error, remote);
  }
  const reason = reasonOf(error);
  if (reason !== undefined) {
    const failure = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? "UNSPECIFIED";
    return new TlsError(failure, remote, reason, error);
  }
  if (isOpening && (code === "ECONNRESET" || code === "EPIPE"))
    return new TlsError("CUT_OFF", remote, undefined, error);
  return undefined;
}

/** OpenSSL's reason, which stands in the message alone where an error came up while something was written. Bun's is in capitals. */
function reasonOf({ code = "", reason, message }: RuntimeError): string | undefined {
  if (!code.startsWith("ERR_SSL_") && code !== "EPROTO") return undefined;
  const found = reason ?? /SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
  if (found !== undefined && found !== found.toUpperCase()) return found;
  return (found ?? code.slice("ERR_SSL_".length)).toLowerCase().replaceAll("_", " ");
}
