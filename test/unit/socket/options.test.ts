// SPDX-License-Identifier: MIT
/** The table of options: a test for every row's default, range and type, made from the row, and the rows against libzmq. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOption, defaultOptions, findOption, type OptionRow, optionRows } from "../../../src/socket/options.ts";

const ALL_TYPES = ["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB", "STREAM"];

/** `ZMQ_…` numbers and defaults of libzmq's `zmq.h` and zmq_setsockopt(3). */
const LIBZMQ: readonly (readonly [name: string, id: number, otherwise: unknown])[] = [
  ["routingId", 5, ""],
  ["linger", 17, -1],
  ["reconnectInterval", 18, 100],
  ["backlog", 19, 100],
  ["reconnectMaxInterval", 21, 0],
  ["maxMessageSize", 22, -1],
  ["sendHighWaterMark", 23, 1000],
  ["receiveHighWaterMark", 24, 1000],
  ["receiveTimeout", 27, -1],
  ["sendTimeout", 28, -1],
  ["mandatory", 33, false],
  ["tcpKeepalive", 34, -1],
  ["tcpKeepaliveIdle", 36, -1],
  ["tcpAcceptFilter", 38, null],
  ["immediate", 39, false],
  ["routerRaw", 41, false],
  ["ipv6", 42, false],
  ["plainServer", 44, false],
  ["plainUsername", 45, null],
  ["plainPassword", 46, null],
  ["probeRouter", 51, false],
  ["correlate", 52, false],
  ["relaxed", 53, false],
  ["conflate", 54, false],
  ["zapDomain", 55, null],
  ["handover", 56, false],
  ["handshakeInterval", 66, 30000],
  ["noDrop", 69, false],
  ["manual", 71, false],
  ["welcomeMessage", 72, null],
  ["notify", 73, true],
  ["invertMatching", 74, false],
  ["heartbeatInterval", 75, 0],
  ["heartbeatTimeToLive", 76, 0],
  ["heartbeatTimeout", 77, -1],
  ["verbosity", 78, null],
  ["connectTimeout", 79, 0],
  ["zapEnforceDomain", 93, false],
  ["routerNotify", 97, 0],
  ["manualLastValue", 98, false],
  ["onlyFirstSubscribe", 108, false],
  ["reconnectStop", 109, 0],
  ["helloMessage", 110, null],
  ["disconnectMessage", 111, null],
  ["hiccupMessage", 114, null],
  ["verboseUnsubscribe", 115, false],
];

test("numbers and defaults are libzmq's", () => {
  for (const [name, id, otherwise] of LIBZMQ) {
    const row = optionRows.find((each) => each.name === name);
    assert.ok(row !== undefined, name);
    assert.equal(row.id, id, name);
    const value = row.default instanceof Uint8Array ? Buffer.from(row.default).toString() : row.default;
    assert.equal(value, otherwise, name);
  }
});

test("names and numbers are unique, types are real", () => {
  assert.equal(new Set(optionRows.map((row) => row.name)).size, optionRows.length);
  assert.equal(new Set(optionRows.map((row) => row.id)).size, optionRows.length);
  for (const row of optionRows) for (const type of row.on ?? []) assert.ok(ALL_TYPES.includes(type), row.name);
});

for (const row of optionRows) {
  test(`${row.name}: default, range and type`, () => {
    assert.deepEqual(defaultOptions()[row.name], row.default);
    assert.deepEqual(checkOption(row, row.default instanceof Uint8Array ? null : row.default), row.default);
    for (const value of wrongTypes(row)) assert.throws(() => checkOption(row, value), TypeError, String(value));
    for (const value of good(row)) assert.doesNotThrow(() => checkOption(row, value), String(value));
    for (const value of outOfRange(row))
      assert.throws(() => checkOption(row, value), { code: "EINVAL" }, String(value));
    for (const type of ALL_TYPES) {
      assert.equal(findOption(row.name, type), row.on === undefined || row.on.includes(type) ? row : undefined);
    }
  });
}

function wrongTypes({ type }: OptionRow): unknown[] {
  switch (type.kind) {
    case "boolean":
      return [0, 1, "true", null, undefined, {}];
    case "integer":
      return ["1", true, null, undefined, {}, 1n];
    case "choice":
      return [];
    default:
      return [1, true, undefined, {}, []];
  }
}

function good({ type }: OptionRow): unknown[] {
  switch (type.kind) {
    case "boolean":
      return [true, false];
    case "integer":
      return [type.min, type.max, Math.min(type.max, type.min + 1)];
    case "choice":
      return [...type.of];
    case "text":
      return ["x", "x".repeat(255), null, Buffer.from("x")];
    case "bytes":
      return ["x", Buffer.from("x"), new Uint8Array(1), null];
  }
}

function outOfRange({ type, default: otherwise }: OptionRow): unknown[] {
  switch (type.kind) {
    case "integer":
      return [type.min - 1, type.max + 1, type.min + 0.5, Number.NaN, Number.POSITIVE_INFINITY];
    case "choice":
      return ["nonsense", undefined, 1];
    case "text":
      return ["", "x".repeat(256), "é".repeat(128)];
    case "bytes":
      return otherwise !== null && type.max < 1000 ? ["", "x".repeat(type.max + 1)] : [];
    default:
      return [];
  }
}

test("octets are copied, so that their owner may use them again", () => {
  const row = optionRows.find(({ name }) => name === "routingId") as OptionRow;
  const buffer = Buffer.from("id");
  const kept = checkOption(row, buffer) as Uint8Array;
  buffer.fill(0);
  assert.equal(Buffer.from(kept).toString(), "id");
});

test("an empty message unsets the option", () => {
  for (const name of ["helloMessage", "welcomeMessage", "disconnectMessage", "hiccupMessage"]) {
    assert.equal(checkOption(optionRows.find((row) => row.name === name) as OptionRow, ""), null);
  }
});

test("unknown names are no options", () => {
  for (const name of ["nonsense", "constructor", "__proto__", ""]) assert.equal(findOption(name, "PAIR"), undefined);
});
