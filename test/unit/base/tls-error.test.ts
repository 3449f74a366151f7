// SPDX-License-Identifier: MIT
/** Failures of TLS handshakes as errors: a code to compare, a number of libzmq's, and a sentence that says what to look at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { TLS_FAILURES, TlsError } from "../../../src/base/tls-error.ts";

test("every failure has a code of its own, a number of the system for what it is, and a sentence", () => {
  for (const failure of TLS_FAILURES) {
    const error = new TlsError(failure, "192.0.2.1:5555");
    assert.ok(error instanceof ZmqError);
    assert.deepEqual([error.name, error.code, error.tlsError], ["TlsError", `ERR_TLS_${failure}`, failure]);
    assert.ok([13, 71, 104].includes(error.errno), failure);
    assert.match(error.message, /^TLS with 192\.0\.2\.1:5555: \w.+[A-Za-z)]$/);
  }
});

test("what the TLS library says is added, and kept as the cause", () => {
  const cause = new Error("below");
  const error = new TlsError("WRONG_NAME", "host:1", "Host: a. is not b", cause);
  assert.match(error.message, /\(tlsServerName\) \(Host: a\. is not b\)$/);
  assert.equal(error.cause, cause);
});
