// SPDX-License-Identifier: MIT
/** DGRAM: an address and a body, through one pipe. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("addresses and bodies go through the one pipe, both ways", () => {
  const host = new PatternHost("DGRAM");
  assert.deepEqual([host.pattern.canSend(), host.send("127.0.0.1:1", "x")], [false, false]);
  const network = new FarEnd(host, { outbound: 1 });
  const second = new FarEnd(host);
  assert.deepEqual([host.send("127.0.0.1:1", "x"), host.send("127.0.0.1:1", "y")], [true, false]);
  network.send("127.0.0.1:2", "z");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual([network.receiveAll(), host.receiveAll()], [[["127.0.0.1:1", "x"]], [["127.0.0.1:2", "z"]]]);
  assert.deepEqual([second.isLeft, host.pattern.canSend()], [true, true]);
});

test("messages of any other number of parts are refused", () => {
  const host = new PatternHost("DGRAM");
  new FarEnd(host);
  assert.throws(() => host.send("x"), { code: "EINVAL" });
  assert.throws(() => host.send("127.0.0.1:1", "x", "y"), { code: "EINVAL" });
});

test("the pipe that was closed makes room for the next", () => {
  const host = new PatternHost("DGRAM");
  new FarEnd(host).leave();
  const next = new FarEnd(host);
  assert.ok(host.send("127.0.0.1:1", "x"));
  assert.deepEqual(next.receiveAll(), [["127.0.0.1:1", "x"]]);
});
