// SPDX-License-Identifier: MIT
/** WebSocket: what a hostile peer of a ws endpoint may send, heads of HTTP and frames of RFC 6455 with ZWS in them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ByteQueue, EMPTY } from "../../../src/base/bytes.ts";
import { ProtocolError } from "../../../src/base/errors.ts";
import {
  type Head,
  HeadReader,
  LONGEST_HEAD,
  parseUpgradeRequest,
  parseUpgradeResponse,
  UpgradeRefusal,
} from "../../../src/wire/ws-upgrade.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { ascii, concat, properties } from "./streams.ts";

/** The key of all our clients, so that a hostile server's answer can be right. */
export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = createHash("sha1").update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
const PROTOCOLS = ["ZWS2.0/NULL", "ZWS2.0"];

/** A head's end, and its line ends, mostly as they must be. */
function head(lines: readonly string[], random: Random): Uint8Array {
  const all = lines.filter(() => !random.oneIn(40));
  if (random.oneIn(20))
    all.push(random.pick(["X: y", "X:y", ": z", "X y", "X: \0", "Upgrade: h2c", `X: ${"y".repeat(9000)}`]));
  return ascii([...all, "", ""].join(random.oneIn(40) ? "\n" : "\r\n"));
}

function request(random: Random): Uint8Array {
  const method = random.oneIn(20) ? random.pick(["POST", "get", "", "GET  "]) : "GET";
  return head(
    [
      `${method} ${random.pick(["/", "/a", "*", "http://x/", ""])} HTTP/1.${random.oneIn(20) ? random.below(3) : 1}`,
      "Host: localhost",
      `Upgrade: ${random.pick(["websocket", "WebSocket", "websocket, h2c"])}`,
      `Connection: ${random.pick(["Upgrade", "keep-alive, Upgrade"])}`,
      `Sec-WebSocket-Key: ${random.oneIn(20) ? "a" : KEY}`,
      `Sec-WebSocket-Version: ${random.oneIn(20) ? 8 : 13}`,
      `Sec-WebSocket-Protocol: ${random.pick(["ZWS2.0/NULL,ZWS2.0", "ZWS2.0", "ZWS2.0/PLAIN", "chat, ZWS2.0/NULL", ""])}`,
    ],
    random,
  );
}

function response(random: Random): Uint8Array {
  return head(
    [
      `HTTP/1.1 ${random.oneIn(10) ? random.pick(["200 OK", "400 Bad Request", "101", "99 x"]) : "101 Switching Protocols"}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${random.oneIn(20) ? "a" : ACCEPT}`,
      `Sec-WebSocket-Protocol: ${random.oneIn(10) ? random.pick(["ZWS2.0", "x", ""]) : "ZWS2.0/NULL"}`,
    ],
    random,
  );
}

/** A WebSocket message; masked where a client sends it. */
function frame(payload: Uint8Array, isMasked: boolean, random: Random, opcode = 2, isLast = true): Uint8Array {
  const first = (random.oneIn(60) ? random.octet() : isLast ? 0x80 : 0) | opcode;
  const length = random.oneIn(40) ? random.pick([0, 125, 126, 65535, 2 ** 32, 2 ** 53]) : payload.length;
  const bit = isMasked === random.oneIn(60) ? 0 : 0x80;
  const size =
    length < 126
      ? [bit | length]
      : length < 65536
        ? [bit | 126, length >> 8, length & 255]
        : [bit | 127, ...Array.from({ length: 8 }, (_, i) => Math.floor(length / 256 ** (7 - i)) & 255)];
  if (bit === 0) return concat([first], size, payload);
  const mask = [random.octet(), random.octet(), random.octet(), random.octet()];
  return concat(
    [first],
    size,
    mask,
    payload.map((octet, i) => octet ^ (mask[i & 3] as number)),
  );
}

/** Messages, commands and what WebSocket says for itself. */
export function wsTraffic(random: Random, isMasked: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  while (!random.oneIn(8)) {
    const body = random.octets(random.length(400));
    if (random.oneIn(5)) parts.push(frame(body.subarray(0, 125), isMasked, random, random.pick([8, 9, 10, 1, 0])));
    else parts.push(message(concat([random.pick([0, 0, 0, 1, 2, 3])], body), isMasked, random));
  }
  return concat(...parts);
}

/** Whole, or in pieces, with something else between them. */
function message(payload: Uint8Array, isMasked: boolean, random: Random): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  while (random.oneIn(3)) {
    const end = Math.min(payload.length, at + random.length(200));
    pieces.push(frame(payload.subarray(at, end), isMasked, random, pieces.length === 0 ? 2 : 0, false));
    if (random.oneIn(4)) pieces.push(frame(EMPTY, isMasked, random, random.pick([9, 10])));
    at = end;
  }
  pieces.push(frame(payload.subarray(at), isMasked, random, pieces.length === 0 ? 2 : 0));
  return concat(...pieces);
}

function ready(random: Random, type: string | undefined, isMasked: boolean): Uint8Array {
  return frame(concat([2, 5], ascii("READY"), properties(random, type)), isMasked, random);
}

/** A whole connection of a client, and of a server. */
export function wsClient(random: Random, type?: string): Uint8Array {
  return concat(request(random), ready(random, type, true), wsTraffic(random, true));
}

export function wsServer(random: Random, type?: string): Uint8Array {
  return concat(response(random), ready(random, type, false), wsTraffic(random, false));
}

interface Read {
  readonly head: Head | undefined;
  readonly error: string | undefined;
  readonly left: number;
}

function readHead(chunks: readonly Uint8Array[]): Read {
  const input = new ByteQueue();
  const reader = new HeadReader();
  let found: Head | undefined;
  for (const chunk of chunks) {
    input.push(chunk);
    try {
      found ??= reader.take(input);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { head: undefined, error: "broken", left: 0 };
    }
    assert.ok(found !== undefined || input.length < LONGEST_HEAD, "a head without end is kept");
  }
  return { head: found, error: undefined, left: input.length };
}

function fuzzHead(data: Uint8Array): void {
  const choices = new Choices(data);
  const seed = choices.octet();
  const octets = choices.rest();
  const whole = readHead(cut(octets, 0));
  const again = readHead(cut(octets, seed));
  assert.deepEqual(again, whole);
  const { head: found, left } = whole;
  if (found === undefined) return;
  const end = Buffer.from(octets).indexOf("\r\n\r\n");
  assert.equal(octets.length - left, end + 4, "a head ends with its empty line");
  for (const parse of [() => parseUpgradeRequest(found), () => parseUpgradeResponse(found, ACCEPT, PROTOCOLS)]) {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error instanceof UpgradeRefusal)
        assert.match(Buffer.from(error.response).toString("latin1"), /^HTTP\/1\.1 4\d\d .*\r\n/);
    }
  }
}

/** The target of HTTP heads. */
export const upgradeTarget: Target = {
  name: "ws-upgrade",
  about: "heads of HTTP, as an upgrade to WebSocket has them, however they are cut",
  runs: 600,
  longest: 20_000,
  generate: (random) => concat([random.octet()], random.oneIn(2) ? request(random) : response(random), random.octets()),
  fuzz: fuzzHead,
};
