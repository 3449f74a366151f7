// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCurveKey } from "../../../src/base/curve-key.ts";
import { decodeZ85 } from "../../../src/base/z85.ts";

const TEXT = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

test("a key is 32 octets, 40 characters, or the octets of those", () => {
  for (const given of [
    TEXT,
    decodeZ85(TEXT),
    Buffer.from(decodeZ85(TEXT)),
    Buffer.from(TEXT),
    Buffer.from(`${TEXT}\0`),
  ]) {
    assert.equal(readCurveKey(given, "key"), TEXT);
  }
});

test("what is no key is EINVAL, says why, and is not repeated: it may have been a secret one", () => {
  const secret = TEXT.slice(0, 39);
  const wrong = [
    "",
    secret,
    `${TEXT}x`,
    `${TEXT}\0`,
    `${secret}~`,
    "#".repeat(40),
    new Uint8Array(31),
    new Uint8Array(41),
  ];
  for (const given of wrong) {
    assert.throws(
      () => readCurveKey(given, "curveSecretKey"),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "EINVAL");
        assert.match(error.message, /^curveSecretKey must be a key, 32 octets or 40 characters of Z85; /);
        assert.ok(!error.message.includes(secret.slice(0, 8)));
        return true;
      },
    );
  }
  for (const given of [undefined, null, 1, {}, [1]]) assert.throws(() => readCurveKey(given, "key"), TypeError);
});
