// SPDX-License-Identifier: MIT
/** Addresses of udp endpoints, as libzmq's unittest_udp_address has them, and who may use them. */
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { interfaceFor, isMulticast, parseUdpAddress } from "../../../src/transport/udp-address.ts";

type Use = "bind" | "connect";

const good: readonly [use: Use, address: string, host: string, port: number, via: string | undefined][] = [
  ["connect", "127.0.0.1:5555", "127.0.0.1", 5555, undefined],
  ["connect", "[::1]:123", "::1", 123, undefined],
  ["connect", "somewhere.example:123", "somewhere.example", 123, undefined],
  ["bind", "127.0.0.1:5555", "127.0.0.1", 5555, undefined],
  ["bind", "[abcd::1234:1]:5555", "abcd::1234:1", 5555, undefined],
  ["bind", "*:*", "*", 0, undefined],
  ["bind", "127.0.0.1:*", "127.0.0.1", 0, undefined],
  ["bind", "[1:2:3:4::5]:*", "1:2:3:4::5", 0, undefined],
  ["bind", "*:5555", "*", 5555, undefined],
  ["bind", "eth0:5555", "eth0", 5555, undefined],
  ["bind", "239.0.0.1:1234", "239.0.0.1", 1234, undefined],
  ["bind", "[ff00::1]:1234", "ff00::1", 1234, undefined],
  ["connect", "239.0.0.1:2222", "239.0.0.1", 2222, undefined],
  ["connect", "[ff00::1]:2222", "ff00::1", 2222, undefined],
  ["bind", "127.0.0.1;230.2.8.12:5555", "230.2.8.12", 5555, "127.0.0.1"],
  ["bind", "*;230.2.8.12:5555", "230.2.8.12", 5555, undefined],
  ["bind", "*;[ffff::]:5555", "ffff::", 5555, undefined],
  ["bind", "eth0;[ff02::1]:5555", "ff02::1", 5555, "eth0"],
  ["connect", "8.9.10.11;230.2.8.12:5555", "230.2.8.12", 5555, "8.9.10.11"],
  ["connect", "*;230.2.8.12:5555", "230.2.8.12", 5555, undefined],
  ["connect", "*;[ff10::1]:5555", "ff10::1", 5555, undefined],
];

for (const [use, address, host, port, via] of good) {
  test(`${use} udp://${address}`, () => {
    const parsed = parseUdpAddress(address, use);
    assert.deepEqual(parsed, { endpoint: `udp://${address}`, host, port, via });
  });
}

const bad: readonly [use: Use, address: string][] = [
  ["connect", "*:5555"],
  ["connect", "127.0.0.1:*"],
  ["connect", "127.0.0.1:0"],
  ["connect", "[::1]:*"],
  ["connect", "127.0.0.1"],
  ["connect", ""],
  ["bind", ":5555"],
  ["bind", "127.0.0.1:65536"],
  ["bind", "127.0.0.1:x"],
  ["bind", "127.0.0.1;1.2.3.4:5555"],
  ["bind", "[::1];[fe00::1]:5555"],
  ["connect", "127.0.0.1;1.2.3.4:5555"],
  ["connect", "[::1];[fe00:1]:5555"],
  ["bind", "*;*:5555"],
  ["bind", "239.0.0.1;239.0.0.2:5555"],
  ["bind", "[::1];239.0.0.2:5555"],
  ["bind", ";239.0.0.2:5555"],
  ["bind", "a;b;239.0.0.2:5555"],
];

for (const [use, address] of bad) {
  test(`${use} udp://${address} is EINVAL`, () => {
    assert.throws(() => parseUdpAddress(address, use), { code: "EINVAL", syscall: use });
  });
}

test("RADIO connects, DISH and DGRAM are bound, and nothing else goes over udp", () => {
  for (const [use, type] of [
    ["connect", "RADIO"],
    ["bind", "DISH"],
    ["bind", "DGRAM"],
  ] as const) {
    parseUdpAddress("127.0.0.1:1", use, type);
  }
  for (const [use, type] of [
    ["bind", "RADIO"],
    ["connect", "DISH"],
    ["connect", "DGRAM"],
    ["bind", "PUB"],
    ["connect", "DEALER"],
  ] as const) {
    assert.throws(() => parseUdpAddress("no address", use, type), {
      code: "ENOCOMPATPROTO",
      message: /RADIO connects/,
    });
  }
});

test("groups are 224.0.0.0/4 and ff00::/8", () => {
  for (const host of ["224.0.0.1", "239.255.255.255", "ff00::", "ff02::1%lo", "FF02::1"]) assert.ok(isMulticast(host));
  for (const host of ["223.255.255.255", "240.0.0.0", "fe80::1", "::1", "ff.example", "*", "ff02"]) {
    assert.ok(!isMulticast(host), host);
  }
});

test("an interface is told by its address or its name; one that is not there is ENODEV", () => {
  const [name] = Object.entries(networkInterfaces()).find(([, all]) => all?.[0]?.address === "127.0.0.1") as [
    string,
    unknown,
  ];
  assert.equal(interfaceFor(name, 4, "udp://x"), "127.0.0.1");
  assert.equal(interfaceFor("127.0.0.1", 4, "udp://x"), "127.0.0.1");
  assert.throws(() => interfaceFor("nothing-here", 4, "udp://x"), { code: "ENODEV", address: "udp://x" });
  assert.throws(() => interfaceFor("nothing-here", 6, "udp://x"), { code: "ENODEV" });
  assert.throws(() => interfaceFor("2001:db8::1", 6, "udp://x"), { code: "ENODEV" });
});
