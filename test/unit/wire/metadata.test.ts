// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeProperties, MOST_PROPERTIES, parseProperties } from "../../../src/wire/metadata.ts";
import { loadVectors, octets } from "../../vectors/load.ts";

type Expectation = { properties: [string, string][] } | { protocolError: string };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

for (const vector of loadVectors<Expectation>("metadata")) {
  test(`${vector.name} (${vector.source})`, () => {
    const { expect } = vector;
    const data = octets(vector.hex);
    if ("protocolError" in expect) {
      assert.throws(() => parseProperties(data), {
        code: `ERR_${expect.protocolError}`,
        protocolError: expect.protocolError,
      });
      return;
    }
    const properties = parseProperties(data);
    const expected = expect.properties.map(([name, value]) => [name, octets(value).toString("hex")]);
    assert.deepEqual(
      Array.from(properties, ([name, value]) => [name, hex(value)]),
      expected,
    );
    if (vector.canonical !== false) assert.equal(hex(encodeProperties(properties)), hex(data));
  });
}

test("the error has the name that was asked for", () => {
  assert.throws(() => parseProperties(Buffer.of(0), "ZAP_INVALID_METADATA"), { protocolError: "ZAP_INVALID_METADATA" });
});

test("values lie in memory of their own", () => {
  const data = Buffer.concat([Buffer.alloc(100000), encodeProperties([["a", Buffer.from("value")]])]);
  const value = parseProperties(data.subarray(100000)).get("a");
  data.fill(0);
  assert.equal(value?.toString(), "value");
  assert.ok(value.buffer.byteLength < 100);
});

test("more properties than anyone needs are refused", () => {
  const many = (count: number): Uint8Array =>
    encodeProperties(Array.from({ length: count }, (_, i): [string, Uint8Array] => [`X-${i}`, Buffer.alloc(0)]));
  assert.equal(parseProperties(many(MOST_PROPERTIES)).size, MOST_PROPERTIES);
  assert.throws(() => parseProperties(many(MOST_PROPERTIES + 1)), { protocolError: "ZMTP_INVALID_METADATA" });
});
