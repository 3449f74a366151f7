// SPDX-License-Identifier: MIT
/** Addresses of tcp endpoints: what libzmq's own resolver tests hold good and bad, and what our messages say about it. */
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { addressOfInterface, formatHostPort, parseTcpAddress } from "../../../src/transport/tcp-address.ts";

function parsed(address: string, use: "bind" | "connect"): [string, number] {
  const { host, port } = parseTcpAddress(address, use);
  return [host, port];
}

const good: [address: string, use: "bind" | "connect" | "both", host: string, port: number][] = [
  ["*:*", "bind", "*", 0],
  ["*:0", "bind", "*", 0],
  ["*:5555", "bind", "*", 5555],
  ["127.0.0.1:*", "bind", "127.0.0.1", 0],
  ["1.2.128.129:0", "bind", "1.2.128.129", 0],
  ["lo:*", "bind", "lo", 0],
  ["eth0.12:80", "bind", "eth0.12", 80],
  ["[::]:*", "bind", "::", 0],
  ["0.0.0.0:1", "both", "0.0.0.0", 1],
  ["255.255.255.255:65535", "both", "255.255.255.255", 65535],
  ["1.2.128.129:123", "both", "1.2.128.129", 123],
  ["[192.168.1.1]:5555", "both", "192.168.1.1", 5555],
  ["[1234::1]:80", "both", "1234::1", 80],
  ["::1:5555", "both", "::1", 5555],
  ["abcd:1234::1:0:234:123", "both", "abcd:1234::1:0:234", 123],
  ["[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:1", "both", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1],
  ["[3000:4:5::1:234%2]:1111", "both", "3000:4:5::1:234%2", 1111],
  ["3000:4:5::1:234%eth0:8080", "both", "3000:4:5::1:234%eth0", 8080],
  ["[::ffff:11.22.33.44]:55", "both", "::ffff:11.22.33.44", 55],
  ["localhost:5555", "both", "localhost", 5555],
  ["ip.zeromq.org:1234", "both", "ip.zeromq.org", 1234],
  ["[ip.zeromq.org]:22", "both", "ip.zeromq.org", 22],
  ["under_score.example:22", "both", "under_score.example", 22],
  ["a-b.c-d:0080", "both", "a-b.c-d", 80],
];

for (const [address, use, host, port] of good) {
  for (const each of use === "both" ? (["bind", "connect"] as const) : [use]) {
    test(`${each} tcp://${address} is good`, () => {
      assert.deepEqual(parsed(address, each), [host, port]);
      assert.equal(parseTcpAddress(address, each).source, undefined);
      assert.equal(parseTcpAddress(address, each).endpoint, `tcp://${address}`);
    });
  }
}

const bad: [address: string, use: "bind" | "connect" | "both", reason: RegExp][] = [
  ["*:*", "connect", /\* is only good for bind/],
  ["*:1234", "connect", /\* is only good for bind/],
  ["127.0.0.1:*", "connect", /port must be a number/],
  ["127.0.0.1:0", "connect", /port must be a number/],
  ["127.0.0.1", "both", /port is missing/],
  ["localhost", "both", /port is missing/],
  ["127.0.0.1:", "both", /port must be a number/],
  [":5555", "both", /host is missing/],
  ["", "both", /port is missing/],
  ["1.2.3.4:bad", "both", /port/],
  ["1.2.3.4:567bad", "both", /port/],
  ["1.2.3.4:-1", "both", /port/],
  ["1.2.3.4:65536", "both", /port/],
  ["1.2.3.4:1e3", "both", /port/],
  ["1.2.3.4: 80", "both", /port/],
  ["1.2.128.129]:80", "both", /not a host/],
  ["[1.2.128.129:80", "both", /not a host/],
  ["[1.2.128].129:80", "both", /not a host/],
  ["[192.168.1.1:]5555", "both", /not a host/],
  ["[192.168.1.1:5555]", "both", /not a host/],
  ["[::1:80", "both", /not a host/],
  ["[abcd:1234::1:]0:234", "both", /not a host/],
  ["[]:80", "both", /not an? (address|IPv6 address)/],
  ["local host:5555", "both", /not a host/],
  ["in!valid:5555", "both", /not a host/],
  ["a/b:5555", "both", /not a host/],
  ["a;b;c:1", "both", /host:port/],
  ["127.0.0.1:1;127.0.0.1:2", "bind", /host:port/],
];

for (const [address, use, reason] of bad) {
  for (const each of use === "both" ? (["bind", "connect"] as const) : [use]) {
    test(`${each} tcp://${address} is EINVAL`, () => {
      assert.throws(
        () => parseTcpAddress(address, each),
        (error: unknown) => {
          assert.ok(error instanceof ZmqError);
          assert.deepEqual([error.code, error.address, error.syscall], ["EINVAL", `tcp://${address}`, each]);
          assert.match(error.message, reason);
          return true;
        },
      );
    });
  }
}

test("a source stands before the destination, and may be a wildcard in host and port", () => {
  for (const [text, host, port] of [
    ["127.0.0.1:0;localhost:1234", "127.0.0.1", 0],
    ["lo:5555;localhost:1234", "lo", 5555],
    ["*:*;localhost:1234", "*", 0],
    ["[::1]:5555;localhost:1234", "::1", 5555],
  ] as const) {
    const address = parseTcpAddress(text, "connect");
    assert.deepEqual(address.source, { host, port });
    assert.deepEqual([address.host, address.port], ["localhost", 1234]);
  }
  for (const text of ["127.0.0.1:0;*:1234", "127.0.0.1:0;localhost:*", "127.0.0.1;localhost:1", ";localhost:1"]) {
    assert.throws(() => parseTcpAddress(text, "connect"), { code: "EINVAL" });
  }
});

test("interfaces give their address, IPv4 unless IPv6 is wanted or nothing else is there", () => {
  const [name, addresses] = Object.entries(networkInterfaces()).find(([, each]) =>
    each?.some(({ address }) => address === "127.0.0.1"),
  ) ?? ["lo", []];
  assert.equal(addressOfInterface(name, false), "127.0.0.1");
  const hasIpv6 = addresses?.some(({ family }) => family === "IPv6") ?? false;
  assert.equal(addressOfInterface(name, true), hasIpv6 ? "::1" : "127.0.0.1");
  assert.equal(addressOfInterface("no-such-interface", false), undefined);
});

test("addresses are shown with brackets for IPv6, and as IPv4 where that is what they are", () => {
  assert.equal(formatHostPort("127.0.0.1", 80), "127.0.0.1:80");
  assert.equal(formatHostPort("::1", 80), "[::1]:80");
  assert.equal(formatHostPort("::ffff:10.0.0.1", 80), "10.0.0.1:80");
  assert.equal(formatHostPort("fe80::1%eth0", 80), "[fe80::1%eth0]:80");
  assert.equal(formatHostPort(undefined, undefined), ":0");
});
