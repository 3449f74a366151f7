// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeCommand,
  encodeLegacySubscription,
  encodePing,
  encodePong,
  encodeSubscription,
  errorCommand,
  parseCommand,
  parseError,
  parsePing,
  parseSubscription,
} from "../../../src/wire/command.ts";
import { loadVectors, octets } from "../../vectors/load.ts";

type Expectation = { name: string; data: string } | { protocolError: string };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

for (const vector of loadVectors<Expectation>("command")) {
  test(`${vector.name} (${vector.source})`, () => {
    const { expect } = vector;
    const body = octets(vector.hex);
    if ("protocolError" in expect) {
      assert.throws(() => parseCommand(body), {
        code: `ERR_${expect.protocolError}`,
        protocolError: expect.protocolError,
      });
      return;
    }
    const command = parseCommand(body);
    assert.equal(command.name, expect.name);
    assert.equal(hex(command.data), octets(expect.data).toString("hex"));
    assert.equal(hex(encodeCommand(command)), hex(body));
  });
}

test("a PING tells its time to live in whole deciseconds, and milliseconds come out again", () => {
  for (const [given, wire, read] of [
    [0, 0, 0],
    [99, 0, 0],
    [100, 1, 100],
    [199, 1, 100],
    [10_000, 100, 10_000],
    [70_000, 700, 70_000],
    [6_553_599, 65535, 6_553_500],
    [9_999_999, 65535, 6_553_500],
    [-1, 0, 0],
  ] as const) {
    const command = parseCommand(encodePing(given, Buffer.from("abc")));
    assert.equal(command.name, "PING");
    assert.equal(Buffer.from(command.data).readUInt16BE(0), wire);
    assert.equal(parsePing(command.data).timeToLive, read);
    assert.equal(hex(parsePing(command.data).context), hex(Buffer.from("abc")));
  }
});

test("of a PING's context at most 16 octets count, and they are a copy", () => {
  const data = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(55, 7)]);
  const { context } = parsePing(data);
  data.fill(0);
  assert.equal(hex(context), "07".repeat(16));
  assert.equal(parsePing(Buffer.of(0, 1)).context.length, 0);
  assert.equal(hex(encodePong(context)), `04504f4e47${"07".repeat(16)}`);
});

test("a PING without a whole time to live is malformed", () => {
  for (const length of [0, 1]) {
    assert.throws(() => parsePing(Buffer.alloc(length)), { protocolError: "ZMTP_MALFORMED_COMMAND_UNSPECIFIED" });
  }
});

test("an ERROR is understood as libzmq's PLAIN servers spell it", () => {
  // Captured from libzmq 4.3.4 after a wrong password.
  const command = parseCommand(octets("5e 52524f52 03 343030"));
  assert.equal(command.name, "ERROR");
  assert.equal(parseError(command.data), "400");
});

test("the reason of an ERROR, also with octets behind it", () => {
  assert.equal(hex(encodeCommand(errorCommand("400"))), "054552524f5203343030");
  assert.equal(parseError(errorCommand("").data), "");
  assert.equal(parseError(octets("03 343030 ff")), "400");
  assert.equal(errorCommand("x".repeat(300)).data.length, 256);
});

test("a reason that is too long is cut between characters", () => {
  const { data } = errorCommand("é".repeat(200));
  assert.equal(parseError(data), "é".repeat(127));
});

test("an ERROR without a whole reason is malformed", () => {
  for (const data of ["", "01", "04 343030"]) {
    assert.throws(() => parseError(octets(data)), { protocolError: "ZMTP_MALFORMED_COMMAND_ERROR" });
  }
});

test("subscriptions as commands, there and back", () => {
  for (const kind of ["subscribe", "cancel", "join", "leave"] as const) {
    const subscription = parseSubscription(parseCommand(encodeSubscription(kind, Buffer.from("topic"))));
    assert.equal(subscription?.kind, kind);
    assert.equal(Buffer.from(subscription?.topic ?? []).toString(), "topic");
  }
  assert.equal(hex(encodeSubscription("subscribe", Buffer.from("A"))), "0953554253435249424541");
  assert.equal(parseSubscription({ name: "PING", data: Buffer.alloc(2) }), undefined);
  assert.equal(parseSubscription({ name: "subscribe", data: Buffer.alloc(0) }), undefined);
});

test("subscriptions as messages, for ZMTP 3.0 and older", () => {
  assert.equal(hex(encodeLegacySubscription("subscribe", Buffer.from("A"))), "0141");
  assert.equal(hex(encodeLegacySubscription("cancel", Buffer.alloc(0))), "00");
});
