// SPDX-License-Identifier: MIT
/** Which peers a tcpAcceptFilter lets in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AcceptFilter } from "../../../src/base/accept-filter.ts";
import { bound, married, nextEvent, within, withSockets } from "../../support/sockets.ts";

test("addresses and networks of both families", () => {
  for (const [filter, admitted, refused] of [
    ["127.0.0.1", ["127.0.0.1:5"], ["127.0.0.2:5", "[::1]:5"]],
    ["127.0.0.1/32", ["127.0.0.1:5"], ["127.0.0.0:5"]],
    ["10.1.2.3/16", ["10.1.0.0:1", "10.1.255.255:1"], ["10.2.0.0:1", "11.1.0.0:1"]],
    ["10.128.0.0/9", ["10.128.0.0:1", "10.255.1.1:1"], ["10.127.255.255:1"]],
    ["0.0.0.0/0", ["1.2.3.4:1", "255.255.255.255:1"], ["[::1]:1"]],
    ["::1", ["[::1]:5"], ["[::2]:5", "127.0.0.1:5"]],
    ["fe80::/10", ["[fe80::1%eth0]:5", "[febf::1]:5"], ["[fec0::1]:5"]],
    ["[2001:db8::]/32", ["[2001:db8:1::5]:1"], ["[2001:db9::]:1"]],
    ["::/0", ["[::1]:1", "[ffff::]:1"], ["1.2.3.4:1"]],
    ["::ffff:10.0.0.0/104", ["10.1.2.3:1", "[::ffff:10.9.9.9]:1"], ["11.0.0.0:1"]],
    ["10.0.0.0/8", ["[::ffff:10.1.2.3]:1", "[::ffff:a01:203]:1"], ["[::10.1.2.3]:1"]],
    ["1:2:3:4:5:6:7:8/128", ["[1:2:3:4:5:6:7:8]:1"], ["[1:2:3:4:5:6:7:9]:1"]],
  ] as const) {
    for (const remote of admitted) assert.ok(new AcceptFilter(filter).admits(remote), `${filter} ${remote}`);
    for (const remote of refused) assert.ok(!new AcceptFilter(filter).admits(remote), `${filter} ${remote}`);
  }
  assert.ok(!new AcceptFilter("0.0.0.0/0").admits("localhost"));
});

test("what is no address, or has too many bits, is EINVAL", () => {
  for (const text of [
    "",
    "localhost",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4/33",
    "1.2.3.4/-1",
    "1.2.3.4/x",
    "1.2.3.4/",
    "::1/129",
    "::ffff:1.2.3.4/95",
    "1.2.3.4/8/8",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "12345::",
    "g::",
  ]) {
    assert.throws(() => new AcceptFilter(text), { code: "EINVAL" }, text);
  }
});

test("a filtered peer is turned away, with an event; others come in", () =>
  withSockets(async (open) => {
    const pull = open("pull", { tcpAcceptFilter: "127.0.0.2/32" });
    const refused = nextEvent(pull, "accept:error");
    const endpoint = await bound(pull);
    const stranger = open("push", { reconnectInterval: -1 });
    stranger.connect(endpoint);
    await within(2000, "the refusal", refused);
    const friend = open("push");
    const both = married(pull, friend);
    friend.connect(endpoint.replace("tcp://", "tcp://127.0.0.2:0;"));
    await within(2000, "the friend", both);
  }));

test("a filter that is none is refused when it is set", () =>
  withSockets(async (open) => {
    assert.throws(() => open("pull", { tcpAcceptFilter: "nonsense" }), { code: "EINVAL" });
  }));
