// SPDX-License-Identifier: MIT
/** Certificates from text and to text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { certificateOf, formatCertificate, metadataForPeers, parseCertificate } from "../../../src/auth/certificate.ts";

const PUBLIC = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
const SECRET = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

test("what CZMQ writes, and what pyzmq writes", () => {
  const czmq = `#   ****  Generated on 2026-01-02 03:04:05 by CZMQ  ****
#   ZeroMQ CURVE **Secret** Certificate

metadata
    name = "Ann"
    email = "ann@example.com"
curve
    public-key = "${PUBLIC}"
    secret-key = "${SECRET}"
`;
  const pyzmq = `#   ****  Generated on 2026-01-02 03:04:05.678 by pyzmq  ****
#   ZeroMQ CURVE Public Certificate

metadata
    name = Ann
    email = ann@example.com
curve
    public-key = "${PUBLIC}"
`;
  const metadata = new Map([
    ["name", "Ann"],
    ["email", "ann@example.com"],
  ]);
  assert.deepEqual(parseCertificate(czmq), { publicKey: PUBLIC, secretKey: SECRET, metadata });
  assert.deepEqual(parseCertificate(Buffer.from(pyzmq)), { publicKey: PUBLIC, secretKey: undefined, metadata });
  const withoutKey = czmq.replace(SECRET, "0".repeat(40));
  assert.equal(parseCertificate(withoutKey).secretKey, undefined, "zeros are CZMQ's way to say that there is none");
});

test("law: what is written is read back, with the secret key only where it belongs", () => {
  const name = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.+".split("")), minLength: 1, maxLength: 20 });
  const value = fc.string({ unit: fc.constantFrom(..."abc #='éß→ ".split("")) });
  fc.assert(
    fc.property(fc.dictionary(name, value), (metadata) => {
      const content = certificateOf(PUBLIC, SECRET, Object.entries(metadata));
      assert.deepEqual(parseCertificate(formatCertificate(content, true)), content);
      const open = formatCertificate(content, false);
      assert.deepEqual(parseCertificate(open), { ...content, secretKey: undefined });
      assert.ok(!open.includes(SECRET));
    }),
  );
});

test("what is no certificate is EINVAL, and no part of a key is in the message", () => {
  for (const text of [
    "",
    "curve",
    'public-key = "x"',
    'curve\n    public-key = "short"',
    `curve\n    public-key = "${PUBLIC.replace("Y", '"')}"`,
    `curve\n    public-key = "${PUBLIC.replace("Y", "~")}"`,
    `curve\n    public-key = "${"#".repeat(40)}"`,
    `curve\n    public-key = "${"0".repeat(40)}"`,
    `curve\n    public-key = "${PUBLIC}"\n    secret-key = "${SECRET}~"`,
    `curve\n    public-key = "${PUBLIC}"\n    secret-key "${SECRET}"`,
    Uint8Array.of(0xff, 0xfe, 0),
  ]) {
    assert.throws(
      () => parseCertificate(text),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "EINVAL", String(text));
        assert.ok(!error.message.includes(SECRET.slice(0, 8)) && !error.message.includes(PUBLIC.slice(0, 8)));
        return true;
      },
    );
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      assert.throws(() => parseCertificate(octets), { code: "EINVAL" });
    }),
  );
});

test("what cannot be written is EINVAL", () => {
  for (const metadata of [{ "a b": "x" }, { a: "line\nfeed" }, { "": "x" }, { a: "'\"" }]) {
    const content = certificateOf(PUBLIC, undefined, Object.entries(metadata));
    assert.throws(() => formatCertificate(content, false), { code: "EINVAL" });
  }
  assert.throws(() => formatCertificate(certificateOf(PUBLIC, undefined), true), { code: "EINVAL" });
  assert.throws(() => certificateOf(1 as unknown as string, undefined), TypeError);
});

test("an authenticator passes on as much metadata as 512 octets hold", () => {
  const metadata = { a: "x".repeat(400), b: "y".repeat(200), c: "z".repeat(90), "not a name": "x" };
  const passed = metadataForPeers(certificateOf(PUBLIC, undefined, Object.entries(metadata)));
  assert.deepEqual([...passed.keys()], ["a", "c"]);
  assert.equal(metadataForPeers(certificateOf(PUBLIC, undefined, [["a", "é".repeat(254)]])).size, 0);
  assert.equal(metadataForPeers(certificateOf(PUBLIC, undefined, [["a", "é".repeat(253)]])).size, 1);
});
