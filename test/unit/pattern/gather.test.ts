// SPDX-License-Identifier: MIT
/** GATHER (RFC 49): a PULL of single parts. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL receive incoming messages using a fair-queuing strategy", () => {
  const host = new PatternHost("GATHER");
  const scatters = [new FarEnd(host), new FarEnd(host)];
  for (const [i, scatter] of scatters.entries()) for (let n = 0; n < 2; n += 1) scatter.send(`${i}.${n}`);
  assert.deepEqual(host.receiveAll(), [["0.0"], ["1.0"], ["0.1"], ["1.1"]]);
});

test("messages of several parts are dropped whole", () => {
  const host = new PatternHost("GATHER");
  const scatter = new FarEnd(host);
  scatter.send("a", "b");
  assert.equal(host.pattern.canReceive(), false);
  scatter.send("a", "b", "c");
  scatter.send("whole");
  assert.deepEqual([host.pattern.canReceive(), host.receive(), host.receive()], [true, ["whole"], undefined]);
});

test("cannot send", () => {
  const host = new PatternHost("GATHER");
  assert.equal(host.pattern.canSend(), false);
  assert.throws(() => host.send("x"), { code: "ENOTSUP", message: /SCATTER/ });
});
