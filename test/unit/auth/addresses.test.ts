// SPDX-License-Identifier: MIT
/** Lists of addresses, with CZMQ's policy: where some are allowed, the other list is not looked at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Addresses } from "../../../src/auth/addresses.ts";

test("without lists nothing is said; with them, by addresses and networks of both families", () => {
  const addresses = new Addresses();
  assert.equal(addresses.check("192.0.2.1"), "no lists");
  addresses.deny(["192.0.2.0/24", "2001:db8::/32", "localhost"]);
  for (const denied of ["192.0.2.1", "::ffff:192.0.2.9", "2001:db8:1::1", "localhost"]) {
    assert.equal(typeof addresses.check(denied), "object", denied);
  }
  assert.equal(addresses.check("198.51.100.1"), "passed");
  addresses.allow(["192.0.2.1"]);
  assert.equal(addresses.check("192.0.2.1"), "passed", "allowed wins over denied");
  assert.equal(typeof addresses.check("198.51.100.1"), "object", "and all others are denied");
  addresses.forget(["192.0.2.1"]);
  assert.equal(typeof addresses.check("192.0.2.1"), "object");
  addresses.forget(["192.0.2.0/24", "2001:db8::/32", "localhost"]);
  assert.equal(addresses.check("192.0.2.1"), "no lists");
});

test("what is no address is EINVAL, and what is no text a TypeError", () => {
  const addresses = new Addresses();
  for (const text of ["192.0.2", "192.0.2.0/33", "::1/200", "host.example", "host", ""]) {
    assert.throws(() => addresses.allow([text]), { code: "EINVAL" }, text);
    assert.throws(() => addresses.deny([text]), { code: "EINVAL" }, text);
  }
  assert.throws(() => addresses.allow([5 as unknown as string]), TypeError);
  assert.equal(addresses.check("192.0.2.1"), "no lists");
});
