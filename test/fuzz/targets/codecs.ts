// SPDX-License-Identifier: MIT
/** The small codecs: commands, properties, ZAP, Z85. Each gives a value or a ProtocolError, and writes what it can read. */
import assert from "node:assert/strict";
import { equalBytes } from "../../../src/base/bytes.ts";
import { ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { decodeZ85, encodeZ85 } from "../../../src/base/z85.ts";
import {
  encodeCommand,
  encodePing,
  encodePong,
  encodeSubscription,
  errorCommand,
  parseCommand,
  parseError,
  parsePing,
  parseSubscription,
} from "../../../src/wire/command.ts";
import { encodeProperties, parseProperties } from "../../../src/wire/metadata.ts";
import { encodeZapRequest, parseZapReply } from "../../../src/wire/zap.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { ascii, command, concat, properties } from "./streams.ts";

/** What a parser gives; undefined where it refuses, which it may do with a ProtocolError alone. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function fuzzCommand(data: Uint8Array): void {
  const found = parsed(() => parseCommand(data));
  if (found === undefined) return;
  // libzmq's misspelt ERROR is the one thing that is read otherwise than it is written.
  if (data[0] !== 0x5e) assert.ok(equalBytes(encodeCommand(found), data));
  const subscription = parseSubscription(found);
  if (subscription !== undefined)
    assert.ok(equalBytes(encodeSubscription(subscription.kind, subscription.topic), data));
  const ping = parsed(() => parsePing(found.data));
  if (ping !== undefined) {
    assert.ok(ping.context.length <= 16 && ping.timeToLive <= 6553500);
    const again = parsePing(parseCommand(encodePing(ping.timeToLive, ping.context)).data);
    assert.deepEqual(again, ping);
    assert.ok(equalBytes(parseCommand(encodePong(ping.context)).data, ping.context));
  }
  const reason = parsed(() => parseError(found.data));
  if (reason !== undefined) assert.ok(reason.startsWith(parseError(errorCommand(reason).data).replace(/\uFFFD+$/, "")));
}

function fuzzProperties(data: Uint8Array): void {
  const found = parsed(() => parseProperties(data));
  if (found === undefined) return;
  assert.ok(found.size <= 256);
  let octets = 0;
  for (const [name, value] of found) octets += name.length + value.length + 5;
  assert.equal(octets, data.length, "every octet is a part of some property");
  assert.deepEqual([...parseProperties(encodeProperties(found))], [...found]);
}

/** The parts of a reply: how many, then each with its length. */
function partsOf(data: Uint8Array): Uint8Array[] {
  const choices = new Choices(data);
  return Array.from({ length: choices.below(10) }, () => choices.string());
}

function fuzzZap(data: Uint8Array): void {
  const parts = partsOf(data);
  const reply = parsed(() => parseZapReply(parts));
  if (reply !== undefined) {
    assert.ok([200, 300, 400, 500].includes(reply.status));
    assert.ok(equalBytes(reply.userId, parts[5] as Uint8Array));
  }
  const [domain, address, routingId, mechanism, ...credentials] =
    parts.length < 4 ? [0, 1, 2, 3].map(() => data) : parts;
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  const request = encodeZapRequest({
    domain: text(domain),
    address: text(address),
    routingId: routingId as Uint8Array,
    mechanism: text(mechanism),
    credentials,
  });
  assert.equal(request.length, 7 + credentials.length);
  assert.equal(request[0]?.length, 0);
}

function zapReply(random: Random): Uint8Array {
  const metadata = properties(random).subarray(0, 255);
  const parts = [
    random.oneIn(20) ? random.octets() : new Uint8Array(0),
    random.oneIn(20) ? random.octets() : ascii("1.0"),
    random.oneIn(20) ? random.octets() : ascii("1"),
    random.oneIn(10) ? random.octets() : ascii(random.pick(["200", "300", "400", "500"])),
    random.octets(random.below(20)),
    random.octets(random.below(20)),
    random.oneIn(3) ? new Uint8Array(0) : metadata,
  ];
  const count = random.oneIn(20) ? random.below(9) : parts.length;
  return concat([count], ...parts.map((part) => concat([part.length], part)));
}

const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** Z85 by large integers: undefined where there is no such text. */
function plainZ85(text: string): string | undefined {
  let octets = "";
  for (let at = 0; at < text.length; at += 5) {
    const digits = text
      .slice(at, at + 5)
      .split("")
      .map((character) => BigInt(Z85.indexOf(character)));
    if (digits.length < 5 || digits.includes(-1n)) return undefined;
    const value = digits.reduce((sum, digit) => sum * 85n + digit, 0n);
    if (value >= 2n ** 32n) return undefined;
    octets += value.toString(16).padStart(8, "0");
  }
  return octets;
}

function fuzzZ85(data: Uint8Array): void {
  const whole = data.subarray(0, data.length - (data.length % 4));
  const text = encodeZ85(whole);
  assert.equal(text.length, (whole.length / 4) * 5);
  assert.ok(equalBytes(decodeZ85(text), whole));
  const written =
    (data[0] ?? 0) & 1 ? Array.from(data, (octet) => Z85[octet % 85]).join("") : String.fromCharCode(...data);
  let octets: string | undefined;
  try {
    octets = Buffer.from(decodeZ85(written)).toString("hex");
  } catch (error) {
    assert.ok(error instanceof ZmqError && error.code === "EINVAL", String(error));
  }
  assert.equal(octets, plainZ85(written));
  if (octets !== undefined) assert.equal(encodeZ85(Buffer.from(octets, "hex")), written);
}

/** The targets of `wire/`'s and `base/`'s small codecs. */
export const codecTargets: readonly Target[] = [
  {
    name: "commands",
    about: "commands, PING, ERROR, subscriptions: a value that is written as it was read, or a ProtocolError",
    runs: 1500,
    longest: 600,
    generate: (random) =>
      command(random.pick(["READY", "PING", "ERROR", "SUBSCRIBE", "\x5e"]), random.octets(), random).slice(2),
    fuzz: fuzzCommand,
  },
  {
    name: "properties",
    about: "properties of a handshake: every octet accounted for, or a ProtocolError",
    runs: 1000,
    generate: (random) => properties(random),
    fuzz: fuzzProperties,
  },
  { name: "zap", about: "replies and requests of ZAP", runs: 1000, generate: zapReply, fuzz: fuzzZap },
  {
    name: "z85",
    about: "Z85, both ways, equal to arithmetic with large integers",
    runs: 1000,
    longest: 200,
    generate: (random) => random.octets(random.below(60)),
    fuzz: fuzzZ85,
  },
];
