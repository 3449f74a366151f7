// SPDX-License-Identifier: MIT
/** Heads of HTTP as an upgrade to WebSocket has them: read whole or in pieces, within limits, and refused with an answer. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ByteQueue } from "../../../src/base/bytes.ts";
import { ProtocolError } from "../../../src/base/errors.ts";
import {
  acceptInput,
  encodeUpgradeRequest,
  encodeUpgradeResponse,
  type Head,
  HeadReader,
  LONGEST_HEAD,
  parseUpgradeRequest,
  parseUpgradeResponse,
  UpgradeRefusal,
} from "../../../src/wire/ws-upgrade.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

function read(...chunks: (string | Uint8Array)[]): { head: Head | undefined; input: ByteQueue } {
  const input = new ByteQueue();
  const reader = new HeadReader();
  let head: Head | undefined;
  for (const chunk of chunks) {
    input.push(Buffer.from(chunk));
    head ??= reader.take(input);
  }
  return { head, input };
}

function request(changes: Record<string, string | undefined> = {}, first = "GET /feed HTTP/1.1"): Head {
  const fields: Record<string, string | undefined> = {
    host: "localhost",
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-key": KEY,
    "sec-websocket-version": "13",
    "sec-websocket-protocol": "ZWS2.0/NULL,ZWS2.0",
    ...changes,
  };
  const kept = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { first, fields: new Map(kept) };
}

function refusal(head: Head): string {
  try {
    parseUpgradeRequest(head);
  } catch (error) {
    assert.ok(error instanceof UpgradeRefusal && error instanceof ProtocolError);
    return String(Buffer.from(error.response));
  }
  throw new Error("not refused");
}

test("what a client sends is what a server reads, octet by octet, and nothing after it is touched", () => {
  const octets = encodeUpgradeRequest("localhost:80", "/feed?x=1", KEY, ["ZWS2.0/NULL", "ZWS2.0"]);
  const { head, input } = read(...Array.from(octets, (octet) => Uint8Array.of(octet)), "\x82\x01");
  const { path, key, protocols } = parseUpgradeRequest(head as Head);
  assert.deepEqual([path, key, protocols], ["/feed?x=1", KEY, ["ZWS2.0/NULL", "ZWS2.0"]]);
  assert.equal(input.length, Buffer.byteLength("\x82\x01"));
});

test("the proof that a server has understood is the one of RFC 6455", () => {
  assert.equal(createHash("sha1").update(acceptInput(KEY)).digest("base64"), ACCEPT);
  const { head } = read(encodeUpgradeResponse(ACCEPT, "ZWS2.0/CURVE"));
  assert.equal(parseUpgradeResponse(head as Head, ACCEPT, ["ZWS2.0/CURVE"]), "ZWS2.0/CURVE");
});

test("fields are found whatever their case and place, and joined where there are several", () => {
  const text =
    "GET / HTTP/1.1\r\nUPGRADE:WebSocket\r\nconnection: keep-alive, Upgrade\r\nSec-WebSocket-Protocol: a\r\nsec-websocket-protocol:b\r\n";
  const { head } = read(`${text}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`);
  assert.deepEqual(parseUpgradeRequest(head as Head).protocols, ["a", "b"]);
});

test("a head must end, and be no longer than a browser's", () => {
  assert.equal(read("GET / HTTP/1.1\r\nHost: a\r\n").head, undefined);
  assert.throws(() => read(`GET / HTTP/1.1\r\nCookie: ${"x".repeat(LONGEST_HEAD)}`), /more than 16384 octets/);
  assert.throws(() => read(`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(200)}\r\n`), /more than 128 lines/);
});

test("what is no HTTP is said to be none", () => {
  for (const bad of [
    "GET / HTTP/1.1\r\nno field\r\n\r\n",
    "GET / HTTP/1.1\r\na b: c\r\n\r\n",
    "GET /\0 HTTP/1.1\r\n\r\n",
  ]) {
    assert.throws(() => read(bad), { code: "ERR_WS_UNSPECIFIED" });
  }
  assert.match(refusal(request({}, "GET / HTTP/2.0")), /^HTTP\/1\.1 400 /);
  assert.match(refusal(request({}, "nonsense")), /^HTTP\/1\.1 400 /);
});

test("a request that is no upgrade is told what would be one", () => {
  for (const changes of [{ upgrade: undefined }, { upgrade: "h2c" }, { connection: "close" }]) {
    assert.match(refusal(request(changes)), /^HTTP\/1\.1 426 [^]*Upgrade: websocket[^]*ZeroMQ/);
  }
  assert.match(refusal(request({}, "POST / HTTP/1.1")), /^HTTP\/1\.1 426 /);
  assert.match(refusal(request({ "sec-websocket-version": "8" })), /426 [^]*Sec-WebSocket-Version: 13/);
  for (const key of [undefined, "", "short", `${KEY}=`]) {
    assert.match(refusal(request({ "sec-websocket-key": key })), /400 [^]*Sec-WebSocket-Key/);
  }
});

test("an answer counts only when it switches to what was asked for", () => {
  const good = {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-accept": ACCEPT,
    "sec-websocket-protocol": "ZWS2.0",
  };
  const parse = (changes: Record<string, string> = {}, first = "HTTP/1.1 101 Switching Protocols"): string =>
    parseUpgradeResponse({ first, fields: new Map(Object.entries({ ...good, ...changes })) }, ACCEPT, ["ZWS2.0"]);
  assert.equal(parse(), "ZWS2.0");
  assert.throws(() => parse({}, "HTTP/1.1 404 Not Found"), /404 Not Found/);
  assert.throws(() => parse({}, "SSH-2.0"), /does not answer in HTTP/);
  assert.throws(() => parse({ upgrade: "h2c" }), /something else/);
  assert.throws(() => parse({ "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=" }), /does not fit/);
  assert.throws(() => parse({ "sec-websocket-protocol": "chat" }), /"chat"/);
  assert.throws(() => parse({ "sec-websocket-extensions": "permessage-deflate" }), /extension/);
});
