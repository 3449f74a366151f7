// SPDX-License-Identifier: MIT
/** IP addresses as octets, and the parts of `host:port`. */
import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { addressOctets, splitHostPort } from "../../../src/base/ip-address.ts";

test("addresses of both families; IPv4 in IPv6 is IPv4", () => {
  for (const [text, octets] of [
    ["127.0.0.1", [127, 0, 0, 1]],
    ["::ffff:127.0.0.1", [127, 0, 0, 1]],
    ["::FFFF:7f00:1", [127, 0, 0, 1]],
    ["0:0:0:0:0:ffff:1.2.3.4", [1, 2, 3, 4]],
    ["::", new Array(16).fill(0)],
    ["::1", [...new Array(15).fill(0), 1]],
    ["[::1]", [...new Array(15).fill(0), 1]],
    ["fe80::1%eth0", [0xfe, 0x80, ...new Array(13).fill(0), 1]],
    ["::1.2.3.4", [...new Array(12).fill(0), 1, 2, 3, 4]],
    ["2001:db8::a:1.2.3.4", [0x20, 1, 0x0d, 0xb8, ...new Array(7).fill(0), 10, 1, 2, 3, 4]],
  ] as const) {
    assert.deepEqual(addressOctets(text), octets, text);
  }
});

test("anything else is no address, and what is one for the system is one here", () => {
  for (const text of [
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1::2::3",
    ":1.2.3.4",
    "1.2.3.4:5",
    "::1.2.3",
    "[::1",
    "1:2:3:4:5:6:7:1.2.3.4",
  ]) {
    assert.equal(addressOctets(text), undefined, text);
  }
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: fc.constantFrom(..."0123abf:.".split("")) })),
      (text) => {
        const family = isIP(text);
        assert.equal(addressOctets(text) !== undefined, family !== 0, text);
        if (family === 4) assert.equal(addressOctets(text)?.join("."), text);
      },
    ),
  );
});

test("host and port", () => {
  for (const [text, host, port] of [
    ["127.0.0.1:5000", "127.0.0.1", 5000],
    ["[::1]:5000", "::1", 5000],
    ["[fe80::1%eth0]:1", "fe80::1%eth0", 1],
    ["localhost", "localhost", undefined],
    ["::1", "::1", undefined],
    ["[::1]", "::1", undefined],
    ["", "", undefined],
    [":5", "", 5],
  ] as const) {
    assert.deepEqual(splitHostPort(text), { host, port }, text);
  }
});
