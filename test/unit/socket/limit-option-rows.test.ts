// SPDX-License-Identifier: MIT
/** The options of limits: every type has them, and they take what they should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { socketTypes } from "../../../src/pattern/index.ts";
import { limitOptionRows } from "../../../src/socket/limit-option-rows.ts";
import { checkOption, defaultOptions, findOption } from "../../../src/socket/options.ts";

test("every socket type has every limit", () => {
  for (const row of limitOptionRows) {
    for (const type of socketTypes.keys()) assert.equal(findOption(row.name, type), row, `${row.name} on ${type}`);
  }
});

test("defaults: as libzmq, but finite where a peer who is nobody yet could fill the memory", () => {
  const defaults = defaultOptions() as unknown as Record<string, unknown>;
  const values = Object.fromEntries(limitOptionRows.map(({ name }) => [name, defaults[name]]));
  assert.deepEqual(values, {
    maxMessageParts: 1_000_000,
    maxMessageBytes: -1,
    maxConnections: 0,
    maxConnectionsPerAddress: 0,
    maxHandshakes: 10_000,
    maxSubscriptions: 1_000_000,
    maxSubscriptionBytes: 67_108_864,
  });
});

test("values out of range are refused, as are huge and broken numbers", () => {
  for (const row of limitOptionRows) {
    for (const value of [Number.NaN, 0.5, -2, Number.POSITIVE_INFINITY, Number.MAX_VALUE, 2 ** 53]) {
      assert.throws(() => checkOption(row, value), { code: "EINVAL" }, `${row.name} = ${value}`);
    }
    for (const value of ["1", 1n, null, {}, true]) assert.throws(() => checkOption(row, value), TypeError);
    assert.equal(checkOption(row, 7), 7);
  }
});
