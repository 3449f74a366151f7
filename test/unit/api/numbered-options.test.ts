// SPDX-License-Identifier: MIT
/** Options by libzmq's numbers that are no rows of the table: methods and getters of sockets. The rows: `conformance/option-numbers.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bound, join, receiveTexts, texts, withSockets } from "../../support/sockets.ts";

interface Numbered {
  getInt32Option(id: number): number;
  setInt32Option(id: number, value: number): void;
  getBoolOption(id: number): boolean;
  getStringOption(id: number): string | null;
  setStringOption(id: number, value: string | Uint8Array | null): void;
}

/** The methods are for classes that extend a socket. */
function numbered(socket: object): Numbered {
  return socket as Numbered;
}

test("type, last endpoint, mechanism, readiness", () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull", { plainUsername: "x" })];
    assert.deepEqual([numbered(push).getInt32Option(16), numbered(pull).getInt32Option(16)], [8, 7]);
    assert.deepEqual([numbered(push).getInt32Option(43), numbered(pull).getInt32Option(43)], [0, 1]);
    assert.equal(numbered(pull).getStringOption(32), null);
    pull.plainUsername = null;
    const endpoint = await join(pull, push);
    assert.equal(numbered(pull).getStringOption(32), endpoint);
    assert.deepEqual([numbered(push).getInt32Option(15), numbered(pull).getInt32Option(15)], [2, 0]);
    await push.send("x");
    await pull.whenReadable();
    assert.equal(numbered(pull).getInt32Option(15), 1);
    assert.equal(numbered(pull).getInt32Option(13), 0, "messages come whole: there is never more");
    for (const id of [15, 16, 43]) assert.throws(() => numbered(push).setInt32Option(id, 1), { code: "EINVAL" });
  }));

test("IPV4ONLY is the opposite of ipv6", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.equal(numbered(pair).getInt32Option(31), 1);
    numbered(pair).setInt32Option(31, 0);
    assert.equal(pair.ipv6, true);
    assert.equal(numbered(pair).getBoolOption(31), false);
    assert.throws(() => numbered(pair).setInt32Option(31, 2), { code: "EINVAL" });
  }));

test("the two numbers of verbosity", () =>
  withSockets(async (open) => {
    const xpub = open("xpub");
    for (const [id, value, expected, both] of [
      [40, 1, "allSubs", [1, 0]],
      [78, 5, "allSubsUnsubs", [1, 1]],
      [78, 0, null, [0, 0]],
    ] as const) {
      numbered(xpub).setInt32Option(id, value);
      assert.equal(xpub.verbosity, expected);
      assert.deepEqual([numbered(xpub).getInt32Option(40), numbered(xpub).getInt32Option(78)], both);
    }
    assert.throws(() => numbered(xpub).setInt32Option(40, -1), { code: "EINVAL" });
    assert.throws(() => numbered(open("xsub")).getInt32Option(40), { code: "EINVAL" });
  }));

test("subscriptions, as texts, octets, or null for all", () =>
  withSockets(async (open) => {
    const [xpub, sub] = [open("xpub"), open("sub")];
    numbered(sub).setStringOption(6, "a");
    numbered(sub).setStringOption(6, Buffer.from("b"));
    numbered(sub).setStringOption(7, "b");
    assert.equal(numbered(sub).getInt32Option(116), 1);
    sub.connect(await bound(xpub));
    assert.deepEqual(await receiveTexts(xpub), ["\u0001a"]);
    numbered(sub).setStringOption(6, null);
    assert.deepEqual(await receiveTexts(xpub), ["\u0001"]);
    assert.throws(() => numbered(open("push")).setStringOption(6, "a"), { code: "EINVAL" });
    assert.throws(() => numbered(sub).setInt32Option(6, 1), { code: "EINVAL" });
  }));

test("a routing id for the next connection, and only for that", () =>
  withSockets(async (open) => {
    const router = open("router", { mandatory: true });
    const [first, second] = [open("dealer"), open("dealer", { routingId: "own" })];
    numbered(router).setStringOption(61, "named");
    router.connect(await bound(first));
    await router.send(["named", "x"]);
    assert.deepEqual(texts(await first.receive()), ["x"]);
    router.connect(await bound(second));
    await second.send("y");
    assert.deepEqual(await receiveTexts(router), ["own", "y"]);
    for (const id of ["", "x".repeat(256)]) {
      assert.throws(() => numbered(router).setStringOption(61, id), { code: "EINVAL" });
    }
    assert.throws(() => numbered(open("push")).setStringOption(61, "x"), { code: "EINVAL" });
  }));

test("what text reads as: properties and networks as one text", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.deepEqual([numbered(pair).getStringOption(95), numbered(pair).getStringOption(38)], [null, null]);
    pair.metadata = { "X-a": "1", "X-b": "2" };
    pair.tcpAcceptFilter = ["10.0.0.0/8", "::1"];
    assert.equal(numbered(pair).getStringOption(95), "X-a:1, X-b:2");
    assert.equal(numbered(pair).getStringOption(38), "10.0.0.0/8, ::1");
    assert.equal(pair.tcpAcceptFilter, "10.0.0.0/8, ::1");
    assert.throws(() => numbered(pair).getInt32Option(95), { code: "EINVAL" });
    assert.throws(() => numbered(pair).getStringOption(14), { code: "EINVAL" }, "there are no descriptors");
  }));
