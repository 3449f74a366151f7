// SPDX-License-Identifier: MIT
/** CLIENT (RFC 41): a DEALER of single parts. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, PatternHost } from "../../support/pattern-host.ts";

test("SHALL distribute outgoing messages in a round-robin fashion, and receive fairly", () => {
  const host = new PatternHost("CLIENT");
  const servers = [new FarEnd(host), new FarEnd(host)];
  for (let i = 0; i < 4; i += 1) assert.ok(host.send(`${i}`));
  assert.deepEqual(
    servers.map((server) => server.receiveAll()),
    [
      [["0"], ["2"]],
      [["1"], ["3"]],
    ],
  );
  for (const [i, server] of servers.entries()) for (let n = 0; n < 2; n += 1) server.send(`${i}.${n}`);
  assert.deepEqual(host.receiveAll(), [["0.0"], ["1.0"], ["0.1"], ["1.1"]]);
});

test("messages of several parts are refused when sent, and dropped when received", () => {
  const host = new PatternHost("CLIENT");
  const server = new FarEnd(host);
  assert.throws(() => host.send("a", "b"), { code: "EINVAL" });
  server.send("a", "b");
  assert.equal(host.pattern.canReceive(), false);
  server.send("a", "b");
  server.send("whole");
  assert.deepEqual(host.receiveAll(), [["whole"]]);
  assert.deepEqual(server.receiveAll(), []);
});

test("every connection begins with the hello message, and a lost one leaves the hiccup message behind what had come", () => {
  const host = new PatternHost("CLIENT", {
    helloMessage: Uint8Array.of(72),
    hiccupMessage: Uint8Array.of(33),
  });
  const server = new FarEnd(host, { isLocal: true });
  server.connect();
  server.send("last");
  server.reconnect();
  assert.deepEqual(server.receiveAll(), [["H"], ["H"]]);
  assert.deepEqual(host.receiveAll(), [["last"], ["!"]]);
});

test("without servers, and with full ones, it cannot send", () => {
  const host = new PatternHost("CLIENT");
  assert.deepEqual([host.pattern.canSend(), host.send("x")], [false, false]);
  const server = new FarEnd(host, { outbound: 1 });
  assert.deepEqual([host.send("1"), host.send("2"), host.pattern.canSend()], [true, false, false]);
  server.receiveAll();
  assert.deepEqual([host.pattern.canSend(), host.send("2")], [true, true]);
});
