// SPDX-License-Identifier: MIT
/** The table of options: a test for every row's default, range and type, made from the row, and the rows against libzmq. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { socketTypes } from "../../../src/pattern/index.ts";
import {
  checkOption,
  defaultOptions,
  findOption,
  isKept,
  type OptionRow,
  optionById,
  optionRows,
} from "../../../src/socket/options.ts";

const ALL_TYPES = [...socketTypes.keys()];

/** `ZMQ_…` numbers and defaults of libzmq's `zmq.h` and zmq_setsockopt(3). */
const LIBZMQ: readonly (readonly [name: string, id: number, otherwise: unknown])[] = [
  ["affinity", 4, 0],
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
  ["tcpAcceptFilter", 38, []],
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
  ["curveServer", 47, false],
  ["curvePublicKey", 48, null],
  ["curveSecretKey", 49, null],
  ["curveServerKey", 50, null],
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
  ["metadata", 95, []],
  ["routerNotify", 97, 0],
  ["manualLastValue", 98, false],
  ["onlyFirstSubscribe", 108, false],
  ["reconnectStop", 109, 0],
  ["helloMessage", 110, null],
  ["disconnectMessage", 111, null],
  ["hiccupMessage", 114, null],
  ["verboseUnsubscribe", 115, false],
  ["rate", 8, 100],
  ["recoveryInterval", 9, 10000],
  ["sendBufferSize", 11, -1],
  ["receiveBufferSize", 12, -1],
  ["multicastHops", 25, 1],
  ["tcpKeepaliveCount", 35, -1],
  ["tcpKeepaliveInterval", 37, -1],
  ["typeOfService", 57, 0],
  ["ipcFilterPid", 58, null],
  ["ipcFilterUid", 59, null],
  ["ipcFilterGid", 60, null],
  ["gssapiServer", 62, false],
  ["gssapiPrincipal", 63, null],
  ["gssapiServicePrincipal", 64, null],
  ["gssapiPlainText", 65, false],
  ["socksProxy", 68, null],
  ["tcpMaxRetransmitTimeout", 80, 0],
  ["threadSafe", 81, undefined],
  ["multicastMaxTransportDataUnit", 84, 1500],
  ["vmciBufferSize", 85, 0],
  ["vmciBufferMinSize", 86, 0],
  ["vmciBufferMaxSize", 87, 0],
  ["vmciConnectTimeout", 88, -1],
  ["useFd", 89, -1],
  ["gssapiPrincipalNameType", 90, "hostBased"],
  ["gssapiServicePrincipalNameType", 91, "hostBased"],
  ["interface", 92, null],
  ["loopbackFastPath", 94, false],
  ["multicastLoop", 96, true],
  ["socksUsername", 99, null],
  ["socksPassword", 100, null],
  ["inBatchSize", 101, 8192],
  ["outBatchSize", 102, 8192],
  ["wssKeyPem", 103, null],
  ["wssCertPem", 104, null],
  ["wssTrustPem", 105, null],
  ["wssHostname", 106, null],
  ["wssTrustSystem", 107, false],
  ["priority", 112, 0],
  ["busyPoll", 113, 0],
  ["topicsCount", 116, undefined],
  ["normMode", 117, 1],
  ["normUnicastNack", 118, false],
  ["normBufferSize", 119, 2048],
  ["normSegmentSize", 120, 1400],
  ["normBlockSize", 121, 16],
  ["normNumParity", 122, 4],
  ["normNumAutoparity", 123, 0],
  ["normPush", 124, false],
];

/** Numbers of libzmq that are something else here, or nothing any more: see `api/numbered-options.ts`. */
const NO_ROWS = [1, 2, 3, 6, 7, 10, 13, 14, 15, 16, 20, 26, 29, 30, 31, 32, 40, 43, 61, 67, 70, 82, 83];

test("numbers and defaults are libzmq's", () => {
  for (const [name, id, otherwise] of LIBZMQ) {
    const row = optionRows.find((each) => each.name === name);
    assert.ok(row !== undefined, name);
    assert.equal(row.id, id, name);
    const value = row.default instanceof Uint8Array ? Buffer.from(row.default).toString() : row.default;
    assert.deepEqual(value, otherwise, name);
  }
});

test("every number of libzmq is a row, or is known to be something else", () => {
  const missing = Array.from({ length: 124 }, (_, i) => i + 1).filter((id) => !NO_ROWS.includes(id));
  const numbered = optionRows.filter(({ id }) => id !== 0);
  assert.deepEqual(
    numbered.map(({ id }) => id).sort((a, b) => a - b),
    missing,
  );
  assert.deepEqual([...new Set(LIBZMQ.map(([name]) => name))].sort(), numbered.map(({ name }) => name).sort());
});

test("names and numbers are unique, types are real", () => {
  assert.equal(new Set(optionRows.map((row) => row.name)).size, optionRows.length);
  const ids = optionRows.map(({ id }) => id).filter((id) => id !== 0);
  assert.equal(new Set(ids).size, ids.length);
  for (const row of optionRows) for (const type of row.on ?? []) assert.ok(ALL_TYPES.includes(type), row.name);
});

for (const row of optionRows.filter(isKept)) {
  test(`${row.name}: default, range and type`, () => {
    assert.deepEqual(defaultOptions()[row.name], row.default);
    const unset = row.default instanceof Uint8Array || row.type.kind === "networks" ? null : row.default;
    if (row.type.kind !== "key") assert.deepEqual(checkOption(row, unset), row.default);
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
    case "bits":
    case "integer":
      return ["1", true, null, undefined, {}, 1n];
    case "choice":
      return [];
    case "properties":
      return [1, true, undefined, { "X-a": 1 }];
    default:
      return [1, true, undefined, {}, [5]];
  }
}

function good({ type }: OptionRow): unknown[] {
  switch (type.kind) {
    case "boolean":
      return [true, false];
    case "integer":
      return [type.min, type.max, Math.min(type.max, type.min + 1), 0].filter((each) => each >= type.min);
    case "choice":
      return [...type.of];
    case "bits":
      return [0, type.max, [], [...type.of]];
    case "text":
      return ["x", "x".repeat(Math.min(255, type.max)), null, Buffer.from("x")];
    case "bytes":
      return ["x", Buffer.from("x"), new Uint8Array(1), null];
    case "networks":
      return ["1.2.3.4", "::1/64", Buffer.from("1.2.3.4/8"), [], ["1.2.3.4", "::/0"], null];
    case "key":
      return ["0".repeat(40), Buffer.from("0".repeat(40)), Buffer.from(`${"0".repeat(40)}\0`), new Uint8Array(32)];
    case "pem":
      return [null];
    case "secret":
      return ["x", Buffer.from("x"), "", null];
    case "authorization":
      return [() => true, new Set(["k".repeat(40)]), [], { authorize: () => false }, null];
    case "properties":
      return ["X-a:b", { "X-a": "b", "X-B": Buffer.of(0, 255) }, {}, null, Buffer.from("X-a:b:c")];
  }
}

function outOfRange({ type, default: otherwise }: OptionRow): unknown[] {
  switch (type.kind) {
    case "integer":
      return [
        ...(type.isLong === true ? [type.min * 2 - 1, type.max * 2] : [type.min - 1, type.max + 1]),
        0.5,
        Number.NaN,
        Number.POSITIVE_INFINITY,
      ];
    case "choice":
      return ["nonsense", undefined, 1];
    case "bits":
      return [-1, type.max + 1, 0.5, ["nonsense"], [1]];
    case "text":
      return [
        ...(type.mayBeEmpty === true ? [] : [""]),
        ...(type.max > 255 ? [] : ["x".repeat(type.max + 1), "é".repeat(type.max / 2 + 1)]),
      ];
    case "networks":
      return ["", "foo", "0.0.0.0foo", "0.0.0.0/foo", "0.0.0.0/", "0.0.0.0/-1", "0.0.0.0/33", ["1.2.3.4", "x"]];
    case "properties":
      return [":", "key:", ":value", "keyvalue", "", "X-a:", `X-${"k".repeat(254)}:v`, "Y-a:b", "X-ä:b", { "X-a": "" }];
    case "bytes":
      return otherwise !== null && type.max < 1000 ? ["", "x".repeat(type.max + 1)] : [];
    case "key":
      return ["", null, "0".repeat(39), "0".repeat(41), `${"0".repeat(39)}~`, "#".repeat(40), new Uint8Array(31)];
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

for (const row of optionRows.filter((each) => each.never !== undefined)) {
  test(`${row.name}: takes its default, and says why nothing else`, () => {
    assert.equal(checkOption(row, row.default), row.default);
    for (const value of wrongTypes(row))
      if (value !== row.default) assert.throws(() => checkOption(row, value), TypeError);
    const others = good(row).filter((value) => value !== row.default);
    assert.ok(others.length > 0);
    for (const value of others.slice(-2)) {
      if (value === null) continue;
      assert.throws(() => checkOption(row, value), {
        code: "ENOTSUP",
        message: new RegExp(`^${row.name} .*here: \\w`),
      });
    }
    assert.equal(row.name in defaultOptions(), false);
  });
}

test("what a runtime cannot honour takes its default and nothing else", () => {
  const row = rowOf("typeOfService");
  const why = (option: string): string | undefined => (option === "typeOfService" ? "it is not there" : undefined);
  assert.equal(checkOption(row, 0, why), 0);
  assert.throws(() => checkOption(row, 16, why), {
    code: "ENOTSUP",
    message: "typeOfService cannot be 16 here: it is not there",
  });
  assert.throws(() => checkOption(row, -1, why), { code: "EINVAL" });
  assert.equal(checkOption(rowOf("backlog"), 16, why), 16);
});

test("libzmq's numbers find the rows, for the types for which libzmq takes them", () => {
  for (const [id, name, types] of [
    [17, "linger", ALL_TYPES],
    [23, "sendHighWaterMark", ALL_TYPES],
    // libzmq makes REP from ROUTER, and PUB from XPUB: by number they take the same.
    [33, "mandatory", ["ROUTER", "REP"]],
    [71, "manual", ["XPUB", "PUB"]],
    [115, "verboseUnsubscribe", ["XSUB"]],
  ] as const) {
    for (const type of ALL_TYPES) {
      assert.equal(optionById(id, type)?.name, (types as readonly string[]).includes(type) ? name : undefined, type);
    }
  }
  assert.equal(optionById(3, "PAIR"), undefined);
});

test("a heartbeat's time to live is rounded down to tenths of a second, as it is told to peers", () => {
  assert.equal(checkOption(rowOf("heartbeatTimeToLive"), 199), 100);
});

test("networks add up, a list replaces them, null lets everybody in", () => {
  const row = rowOf("tcpAcceptFilter");
  const texts = (value: unknown): string[] => (value as { text: string }[]).map(({ text }) => text);
  const one = checkOption(row, "10.0.0.0/8");
  const two = checkOption(row, "::1", undefined, one);
  assert.deepEqual(texts(two), ["10.0.0.0/8", "::1"]);
  assert.deepEqual(texts(checkOption(row, ["1.2.3.4"], undefined, two)), ["1.2.3.4"]);
  assert.deepEqual(texts(checkOption(row, null, undefined, two)), []);
});

test("properties are replaced by an object, and added to by a text; octets are copied", () => {
  const row = rowOf("metadata");
  const shown = (value: unknown): [string, string][] =>
    (value as [string, Uint8Array][]).map(([name, octets]) => [name, Buffer.from(octets).toString()]);
  const one = checkOption(row, "X-a:1");
  const two = checkOption(row, Buffer.from("X-b:2:3"), undefined, one);
  assert.deepEqual(shown(two), [
    ["X-a", "1"],
    ["X-b", "2:3"],
  ]);
  assert.deepEqual(shown(checkOption(row, "X-a:9", undefined, two)), [
    ["X-b", "2:3"],
    ["X-a", "9"],
  ]);
  assert.deepEqual(shown(checkOption(row, { "X-c": "4" }, undefined, two)), [["X-c", "4"]]);
  assert.deepEqual(checkOption(row, null, undefined, two), []);
  const octets = Buffer.from("z");
  const kept = checkOption(row, { "X-z": octets });
  octets.fill(0);
  assert.deepEqual(shown(kept), [["X-z", "z"]]);
});

function rowOf(name: string): OptionRow {
  return optionRows.find((row) => row.name === name) as OptionRow;
}
