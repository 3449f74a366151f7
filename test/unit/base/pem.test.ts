// SPDX-License-Identifier: MIT
/** Certificates and keys as options take them: what is no PEM is told apart, and nothing of a secret is shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type PemContent, readPem, Secret } from "../../../src/base/pem.ts";

const block = (label: string, body = "QUJDREVGRw==", end = label): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${end}-----\n`;

const CERTIFICATE = block("CERTIFICATE");
const OLD_KEY = block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF-11\n\nQUJD\nREVG");

test("PEM is taken as text, as octets and as a list, with whatever stands around and beside it", () => {
  const taken: readonly (readonly [PemContent, unknown, string])[] = [
    ["certificates", CERTIFICATE, CERTIFICATE],
    ["certificates", new TextEncoder().encode(CERTIFICATE), CERTIFICATE],
    ["certificates", [CERTIFICATE, Buffer.from(CERTIFICATE)], `${CERTIFICATE}\n${CERTIFICATE}`],
    [
      "certificates",
      `subject=CN\n${block("PRIVATE KEY")}${CERTIFICATE}`,
      `subject=CN\n${block("PRIVATE KEY")}${CERTIFICATE}`,
    ],
    ["certificates", block("TRUSTED CERTIFICATE"), block("TRUSTED CERTIFICATE")],
    ["private key", OLD_KEY, OLD_KEY],
    ["private key", CERTIFICATE + block("EC PRIVATE KEY"), CERTIFICATE + block("EC PRIVATE KEY")],
    [
      "private key",
      block("ENCRYPTED PRIVATE KEY").replaceAll("\n", "\r\n"),
      block("ENCRYPTED PRIVATE KEY").replaceAll("\n", "\r\n"),
    ],
  ];
  for (const [content, value, text] of taken) assert.equal(readPem("tlsX", content, value).reveal(), text);
});

test("what is none is EINVAL that says why, and shows nothing of it", () => {
  const refused: readonly (readonly [PemContent, unknown, RegExp])[] = [
    ["certificates", "/etc/ssl/server.pem", /it is no PEM; give what is in the file/],
    ["certificates", "", /it is no PEM/],
    ["certificates", [], /the list is empty; null stands for no certificates/],
    ["certificates", [CERTIFICATE, "x"], /it is no PEM/],
    ["certificates", block("PRIVATE KEY"), /it has no certificates; it has PRIVATE KEY/],
    ["private key", CERTIFICATE + CERTIFICATE, /it has no private key; it has CERTIFICATE$/],
    ["private key", block("PUBLIC KEY"), /it has no private key; it has PUBLIC KEY/],
    ["private key", "-----BEGIN PRIVATE KEY-----\nQUJD", /a block has no end/],
    ["private key", block("PRIVATE KEY", "s3cr*t"), /the block PRIVATE KEY is damaged: it is not base64/],
    ["private key", block("PRIVATE KEY", "QUJD", "CERTIFICATE"), /begins as PRIVATE KEY ends as CERTIFICATE/],
    ["certificates", Uint8Array.of(0x30, 0x82, 1, 2), /it is DER; give it as PEM/],
  ];
  for (const [content, value, says] of refused) {
    assert.throws(
      () => readPem("tlsX", content, value),
      (error: Error & { code: string }) => {
        assert.equal(error.code, "EINVAL");
        assert.match(error.message, /^tlsX: /);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /QUJD|s3cr/);
        return true;
      },
    );
  }
});

test("other types are no PEM", () => {
  for (const value of [5, true, {}, undefined, [5], [null]]) {
    assert.throws(() => readPem("tlsX", "certificates", value), TypeError);
  }
});

test("a secret is not printed, not made into JSON, and given to whoever asks for it", () => {
  const secret = new Secret("open sesame");
  for (const shown of [inspect({ secret }, { depth: 9, showHidden: true }), JSON.stringify({ secret }), `${secret}`]) {
    assert.ok(!shown.includes("sesame"), shown);
  }
  assert.equal(secret.reveal(), "open sesame");
});
