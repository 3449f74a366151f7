// SPDX-License-Identifier: MIT
/**
 * Certificates and private keys as options hold them: PEM (RFC 7468), checked as far as text can be, and out of the sight of whoever
 * prints a socket. What is inside is parsed by `transport/tls-contexts.ts`. Used by `socket/options.ts`.
 */
import { decodeText } from "./bytes.ts";
import { ZmqError } from "./errors.ts";
import { Secret } from "./secret.ts";

export { Secret } from "./secret.ts";

/** What a PEM is for. */
export type PemContent = "certificates" | "private key";

/** How the label of a block is written (RFC 7468 §4, OpenSSL's older ones too). */
const LABELS: Readonly<Record<PemContent, RegExp>> = {
  certificates: /^((X509|TRUSTED) )?CERTIFICATE$/,
  "private key": /^([A-Z0-9]+ )?PRIVATE KEY$/,
};

const FIRST_LINE: Readonly<Record<PemContent, string>> = {
  certificates: "-----BEGIN CERTIFICATE-----",
  "private key": "-----BEGIN PRIVATE KEY-----",
};

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----([\s\S]*?)-----END ([A-Z0-9 ]{1,60})-----/g;

/** What stands before the octets of an encrypted key in OpenSSL's older form. */
const HEADERS = /^\s*Proc-Type: ?4,ENCRYPTED\s+DEK-Info: ?[A-Za-z0-9,-]+\s+/;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Takes a PEM that an application gives: text, octets, or a list of them.
 * @throws TypeError for another type; ZmqError `EINVAL` that says what is wrong, and shows nothing of it
 */
export function readPem(option: string, content: PemContent, value: unknown): Secret {
  const text = Array.isArray(value)
    ? value.map((each) => oneText(option, content, each)).join("\n")
    : oneText(option, content, value);
  if (text === "") throw invalid(option, `the list is empty; null stands for no ${content}`);
  return new Secret(text);
}

function oneText(option: string, content: PemContent, value: unknown): string {
  if (value instanceof Uint8Array && value[0] === 0x30) {
    throw invalid(option, "it is DER; give it as PEM (openssl x509 or openssl pkey makes one of the other)");
  }
  const text = value instanceof Uint8Array ? decodeText(value) : value;
  if (typeof text !== "string") throw new TypeError(`Option value must be a string or buffer, as PEM (${option})`);
  const found: string[] = [];
  for (const [, label = "", body = "", end] of text.matchAll(BLOCK)) {
    if (label !== end) throw invalid(option, `a block that begins as ${label} ends as ${end}`);
    const octets = body.replace(HEADERS, "");
    if (!BASE64.test(octets)) throw invalid(option, `the block ${label} is damaged: it is not base64`);
    found.push(label);
  }
  if (found.some((label) => LABELS[content].test(label))) return text;
  if (found.length > 0) throw invalid(option, `it has no ${content}; it has ${[...new Set(found)].join(", ")}`);
  const isCut = text.includes("-----BEGIN ") ? "a block has no end" : "it is no PEM";
  throw invalid(option, `${isCut}; give what is in the file, which has a line ${FIRST_LINE[content]}`);
}

function invalid(option: string, reason: string): ZmqError {
  return new ZmqError("EINVAL", `${option}: ${reason}`);
}
