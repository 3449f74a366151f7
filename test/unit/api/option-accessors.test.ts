// SPDX-License-Identifier: MIT
/** Options as properties: who has which, how octets are shown, and when a change comes too late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { optionRows } from "../../../src/socket/options.ts";
import { bound, within, withSockets } from "../../support/sockets.ts";

const TYPES = [
  "pair",
  "pub",
  "sub",
  "req",
  "rep",
  "dealer",
  "router",
  "pull",
  "push",
  "xpub",
  "xsub",
  "stream",
] as const;

test("each type has the options that the table gives it, with their defaults, and no others", () =>
  withSockets(async (open) => {
    for (const type of TYPES) {
      const socket = open(type);
      for (const row of optionRows) {
        const has = row.on === undefined || row.on.includes(type.toUpperCase());
        assert.equal(row.name in socket, has, `${type} ${row.name}`);
        if (!has || row.name === "linger") continue;
        const { name, type: kind, default: otherwise } = row;
        const value = (socket as unknown as Record<string, unknown>)[name];
        if (row.isReadOnly === true) assert.equal(value, name === "threadSafe" ? false : 0, `${type} ${name}`);
        else if (kind.kind === "properties") assert.deepEqual(value, {});
        else assert.equal(value, typeof otherwise === "object" ? null : otherwise, `${type} ${name}`);
      }
    }
  }));

test("SUB and XSUB linger 0 by default, the others for ever", () =>
  withSockets(async (open) => {
    for (const type of TYPES) {
      const { linger } = new (open(type).constructor as new () => { linger: number })();
      assert.equal(linger, type === "sub" || type === "xsub" ? 0 : -1, type);
    }
  }));

test("values are checked when they are set, in the constructor as well as later", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.throws(() => open("pair", { linger: "5" as never }), TypeError);
    assert.throws(() => open("pair", { linger: -2 }), { code: "EINVAL" });
    assert.throws(
      () => {
        pair.linger = -2;
      },
      { code: "EINVAL" },
    );
    assert.throws(() => {
      pair.immediate = 1 as never;
    }, TypeError);
    assert.equal(pair.linger, 0, "what was refused changes nothing");
    pair.linger = 7;
    assert.equal(pair.linger, 7);
  }));

test("octets that are text are shown as text, others as octets, none as null; they are copied", () =>
  withSockets(async (open) => {
    const dealer = open("dealer");
    assert.equal(dealer.routingId, null);
    const id = Buffer.from("name");
    dealer.routingId = id;
    id.fill(0);
    assert.equal(dealer.routingId, "name");
    dealer.routingId = Buffer.from([0xff, 0xfe]);
    assert.deepEqual([...(dealer.routingId as unknown as Uint8Array)], [0xff, 0xfe]);
    assert.throws(
      () => {
        dealer.routingId = "";
      },
      { code: "EINVAL" },
    );
    assert.throws(
      () => {
        dealer.routingId = "x".repeat(256);
      },
      { code: "EINVAL" },
    );
    dealer.routingId = null;
    assert.equal(dealer.routingId, null);
  }));

test("a change that comes too late is warned of, one that takes effect at once is not", () =>
  withSockets(async (open) => {
    const warnings: string[] = [];
    const listener = (warning: Error): void => {
      warnings.push(warning.message);
    };
    process.on("warning", listener);
    const push = open("push");
    push.maxMessageSize = 100;
    await bound(push);
    push.sendHighWaterMark = 5;
    push.linger = 5;
    push.sendTimeout = 5;
    await new Promise(setImmediate);
    assert.deepEqual(warnings, []);
    push.maxMessageSize = 200;
    await new Promise(setImmediate);
    assert.deepEqual(warnings, ["Socket option will not take effect until next connect/bind."]);
    process.off("warning", listener);
  }));

test("an option that takes effect at once lets a send go on that waits", () =>
  withSockets(async (open) => {
    const [req, rep] = [open("req"), open("rep")];
    await rep.bind("inproc://desk");
    req.connect("inproc://desk");
    await req.send("1");
    const again = req.send("2");
    req.relaxed = true;
    await within(2000, "the relaxed request", again);
    const router = open("router", { mandatory: true, sendHighWaterMark: 1 });
    await router.bind("inproc://router");
    open("dealer", { routingId: "A", receiveHighWaterMark: 1 }).connect("inproc://router");
    while (router.trySend(["A", "x"]));
    const waiting = router.send(["A", "y"]);
    router.mandatory = false;
    await within(2000, "the message that may be dropped", waiting);
  }));
