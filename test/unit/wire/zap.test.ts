// SPDX-License-Identifier: MIT
/** RFC 27: the parts of a request to an authenticator, and of its reply. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../../../src/base/errors.ts";
import { encodeZapReply, encodeZapRequest, parseZapReply, parseZapRequest } from "../../../src/wire/zap.ts";

function octets(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("latin1");
}

const reply = ["", "1.0", "1", "200", "OK", "user", "\u0004Rank\u0000\u0000\u0000\u00017"];

test("a request is a delimiter, version, id, domain, address, routing id, mechanism, credentials", () => {
  const parts = encodeZapRequest({
    domain: "global",
    address: "::1",
    routingId: octets("\u0000id"),
    mechanism: "PLAIN",
    credentials: [octets("u"), octets("p")],
  });
  assert.deepEqual(parts.map(text), ["", "1.0", "1", "global", "::1", "\u0000id", "PLAIN", "u", "p"]);
});

test("a reply gives status, text, user and metadata", () => {
  for (const status of [200, 300, 400, 500]) {
    const parsed = parseZapReply([...reply.slice(0, 3), String(status), ...reply.slice(4)].map(octets));
    assert.deepEqual([parsed.status, parsed.text, text(parsed.userId)], [status, "OK", "user"]);
    assert.equal(text(parsed.metadata.get("Rank")), "7");
  }
  assert.equal(parseZapReply([...reply.slice(0, 6), ""].map(octets)).metadata.size, 0);
});

test("a reply that is anything else names its fault", () => {
  const change = (index: number, part: string): string[] => reply.map((each, i) => (i === index ? part : each));
  for (const [parts, fault] of [
    [reply.slice(0, 6), "ZAP_MALFORMED_REPLY"],
    [[...reply, ""], "ZAP_MALFORMED_REPLY"],
    [[], "ZAP_MALFORMED_REPLY"],
    [reply.slice(1), "ZAP_MALFORMED_REPLY"],
    [change(0, "x"), "ZAP_UNSPECIFIED"],
    [change(1, "2.0"), "ZAP_BAD_VERSION"],
    [change(2, "2"), "ZAP_BAD_REQUEST_ID"],
    [change(3, "201"), "ZAP_INVALID_STATUS_CODE"],
    [change(3, "100"), "ZAP_INVALID_STATUS_CODE"],
    [change(3, ""), "ZAP_INVALID_STATUS_CODE"],
    [change(3, "200\u0000"), "ZAP_INVALID_STATUS_CODE"],
    [change(6, "\u0004Ran"), "ZAP_INVALID_METADATA"],
  ] as const) {
    assert.throws(
      () => parseZapReply(parts.map(octets)),
      (error: unknown) => error instanceof ProtocolError && error.protocolError === fault,
      parts.join(),
    );
  }
});

test("a handler reads what is asked, and its answer is read where it was asked", () => {
  const asked = {
    domain: "global",
    address: "::1",
    routingId: octets("\u0000id"),
    mechanism: "PLAIN",
    credentials: [octets("u"), octets("p")],
  };
  const [, ...parts] = encodeZapRequest(asked);
  const { requestId, ...read } = parseZapRequest(parts);
  assert.deepEqual(read, asked);
  const answer = { status: 200, text: "OK", userId: octets("u"), metadata: new Map([["Rank", octets("7")]]) };
  const back = parseZapReply([octets(""), ...encodeZapReply(requestId, answer)]);
  assert.deepEqual([back.status, back.text, text(back.userId), text(back.metadata.get("Rank"))], [200, "OK", "u", "7"]);
});

test("a question that is none names its fault", () => {
  const good = ["1.0", "1", "", "", "", "OTHER", "any", "number"];
  assert.equal(parseZapRequest(good.map(octets)).credentials.length, 2);
  for (const [parts, fault] of [
    [good.slice(0, 5), "ZAP_UNSPECIFIED"],
    [[], "ZAP_UNSPECIFIED"],
    [["1.1", ...good.slice(1)], "ZAP_BAD_VERSION"],
    [[...good.slice(0, 5), "PLAIN", "u"], "ZAP_UNSPECIFIED"],
    [[...good.slice(0, 5), "NULL", "u"], "ZAP_UNSPECIFIED"],
    [[...good.slice(0, 5), "CURVE"], "ZAP_UNSPECIFIED"],
  ] as const) {
    assert.throws(
      () => parseZapRequest(parts.map(octets)),
      (error: unknown) => error instanceof ProtocolError && error.protocolError === fault,
      parts.join("|"),
    );
  }
});
