// SPDX-License-Identifier: MIT
/** Addresses of epgm and pgm: interface, groups, port; and what cannot be one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findPlace, parsePgmAddress, toOctets, toText } from "../../../src/transport/pgm-address.ts";

function parse(address: string, type = "SUB"): ReturnType<typeof parsePgmAddress> {
  return parsePgmAddress("epgm", address, "connect", type);
}

test("interface, group and port", () => {
  assert.deepEqual(parse("eth0;239.192.1.1:5555"), {
    endpoint: "epgm://eth0;239.192.1.1:5555",
    place: "eth0",
    groups: ["239.192.1.1"],
    target: "239.192.1.1",
    port: 5555,
    sends: false,
    isV6: false,
  });
});

test("no interface, no group, several groups, another one to send to", () => {
  const facts = (text: string): unknown => {
    const { place, groups, target } = parse(text, "XPUB");
    return [place, groups, target];
  };
  assert.deepEqual(facts(";239.1.1.1:1"), ["", ["239.1.1.1"], "239.1.1.1"]);
  assert.deepEqual(facts("10.0.0.1:1"), ["10.0.0.1", ["239.192.0.1"], "239.192.0.1"]);
  assert.deepEqual(facts("lo;239.1.1.1,239.1.1.2;239.1.1.3:1"), ["lo", ["239.1.1.1", "239.1.1.2"], "239.1.1.3"]);
  assert.deepEqual(facts(";[ff08::1]:1"), ["", ["ff08::1"], "ff08::1"]);
});

test("what cannot be an address is EINVAL", () => {
  for (const text of [
    "lo;239.1.1.1",
    "lo;239.1.1.1:0",
    "lo;239.1.1.1:65536",
    "lo;239.1.1.1:*",
    "lo;10.0.0.1:1",
    "lo;group:1",
    "239.1.1.1:1",
    "a;239.1.1.1;239.1.1.2;239.1.1.3:1",
    "lo;239.1.1.1,ff08::1:1",
    "*",
  ])
    assert.throws(() => parse(text), { code: "EINVAL" }, text);
});

test("other socket types have no use for it", () => {
  for (const type of ["PUSH", "REQ", "DISH", "STREAM"])
    assert.throws(() => parse("lo;239.1.1.1:1", type), { code: "ENOCOMPATPROTO" });
  assert.equal(parse("lo;239.1.1.1:1", "PUB").sends, true);
  assert.equal(parse("lo;239.1.1.1:1", "XSUB").sends, false);
});

test("an interface is found by its name, its address or its network", () => {
  for (const place of ["lo", "127.0.0.1", "127.0.0.0/8"])
    assert.equal(findPlace(parse(`${place};239.1.1.1:1`))?.address, "127.0.0.1", place);
  assert.equal(findPlace(parse(";239.1.1.1:1")), undefined);
  for (const place of ["nosuch0", "203.0.113.77", "203.0.113.0/24", "127.0.0.0/99"])
    assert.throws(() => findPlace(parse(`${place};239.1.1.1:1`)), { code: "ENODEV" }, place);
});

test("addresses and their octets", () => {
  for (const text of ["10.9.0.1", "ff08:0:0:0:0:0:0:1", "fe80:0:0:0:1:2:3:abcd"])
    assert.equal(toText(toOctets(text)), text);
  assert.deepEqual(toOctets("ff08::1"), toOctets("ff08:0:0:0:0:0:0:1"));
  assert.deepEqual(toOctets("fe80::1%eth0"), toOctets("fe80::1"));
  assert.deepEqual(toOctets("::ffff:1.2.3.4").subarray(10), Uint8Array.of(255, 255, 1, 2, 3, 4));
});
