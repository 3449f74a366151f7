// SPDX-License-Identifier: MIT
/** SCATTER (RFC 49): a PUSH of single parts. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL distribute messages in a round-robin fashion", () => {
  const host = new PatternHost("SCATTER");
  const gathers = [new FarEnd(host), new FarEnd(host)];
  for (const content of ["1", "2", "3"]) assert.ok(host.send(content));
  assert.deepEqual(
    gathers.map((gather) => gather.receiveAll()),
    [[["1"], ["3"]], [["2"]]],
  );
});

test("SHALL NOT accept messages of several parts", () => {
  const host = new PatternHost("SCATTER");
  const gather = new FarEnd(host);
  assert.throws(() => host.send("a", "b"), { code: "EINVAL" });
  assert.deepEqual(gather.receiveAll(), []);
});

test("SHALL block when it has no peers or all are full, and cannot receive", () => {
  const host = new PatternHost("SCATTER");
  assert.deepEqual([host.pattern.canSend(), host.send("x")], [false, false]);
  const gather = new FarEnd(host, { outbound: 1 });
  assert.deepEqual([host.send("1"), host.send("2")], [true, false]);
  gather.send("upstream");
  assert.equal(gather.unread, 0);
  assert.throws(() => host.receive(), { code: "ENOTSUP", message: /GATHER/ });
});
