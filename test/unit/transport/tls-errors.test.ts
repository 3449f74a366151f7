// SPDX-License-Identifier: MIT
/** What the runtime's TLS library says, put into the library's own terms. Those that real peers bring about are in `tls.test.ts` too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { explainTls, explainVerification } from "../../../src/transport/tls-errors.ts";

const error = (code: string, reason?: string, message = code): Error =>
  Object.assign(new Error(message), { code }, reason === undefined ? {} : { reason });

test("verdicts on certificates", () => {
  const verdicts = {
    CERT_HAS_EXPIRED: "CERTIFICATE_EXPIRED",
    CERT_NOT_YET_VALID: "CERTIFICATE_NOT_YET_VALID",
    CERT_REVOKED: "CERTIFICATE_REVOKED",
    SELF_SIGNED_CERT_IN_CHAIN: "UNKNOWN_AUTHORITY",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "UNKNOWN_AUTHORITY",
    ERR_TLS_CERT_ALTNAME_INVALID: "WRONG_NAME",
    INVALID_PURPOSE: "CERTIFICATE_INVALID",
    CERT_SIGNATURE_FAILURE: "CERTIFICATE_INVALID",
  };
  for (const [code, failure] of Object.entries(verdicts)) {
    assert.equal(explainVerification(error(code), "peer").tlsError, failure);
    assert.equal(explainTls(error(code), "peer", true)?.code, `ERR_TLS_${failure}`);
  }
});

test("reasons of OpenSSL, wherever they stand", () => {
  const reasons = {
    "peer did not return a certificate": "NO_CERTIFICATE",
    "tlsv13 alert certificate required": "CERTIFICATE_REQUIRED",
    "tlsv1 alert unknown ca": "REFUSED",
    "sslv3 alert certificate expired": "REFUSED",
    "sslv3 alert bad certificate": "REFUSED",
    "tlsv1 alert protocol version": "NOTHING_IN_COMMON",
    "unsupported protocol": "NOTHING_IN_COMMON",
    "no shared cipher": "NOTHING_IN_COMMON",
    "wrong version number": "NOT_SPOKEN",
    "http request": "NOT_SPOKEN",
    "decryption failed or bad record mac": "UNSPECIFIED",
  };
  for (const [reason, failure] of Object.entries(reasons)) {
    const code = `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
    const text = `write EPROTO 80:error:0A:SSL routines:ssl3_read_bytes:${reason}:../deps/x.c:1:`;
    for (const each of [error(code, reason), error(code), error("EPROTO", undefined, text)]) {
      assert.equal(explainTls(each, "peer", true)?.code, `ERR_TLS_${failure}`, reason);
    }
  }
});

test("a connection that is lost is another matter once it is open", () => {
  assert.equal(explainTls(error("ECONNRESET"), "peer", true)?.code, "ERR_TLS_CUT_OFF");
  for (const code of ["ECONNRESET", "EPIPE", "ETIMEDOUT"])
    assert.equal(explainTls(error(code), "peer", false), undefined);
});
