// SPDX-License-Identifier: MIT
/** DGRAM's side of the routing; what travels needs the udp transport. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stateOf, withSockets } from "../../../support/sockets.ts";

test("DGRAM goes with no transport of connections", () =>
  withSockets(async (open) => {
    const socket = open("dgram");
    for (const endpoint of ["tcp://127.0.0.1:0", "ipc://*", "inproc://name"]) {
      await assert.rejects(socket.bind(endpoint), { code: "ENOCOMPATPROTO", address: endpoint });
      assert.throws(() => socket.bindSync(endpoint), { code: "ENOCOMPATPROTO" });
    }
    assert.throws(() => socket.connect("tcp://127.0.0.1:1"), { code: "ENOCOMPATPROTO", message: /udp/ });
    assert.throws(() => socket.connect("inproc://name"), { code: "ENOCOMPATPROTO" });
    await assert.rejects(socket.bind("nonsense://x"), { code: "EPROTONOSUPPORT" });
    assert.equal(socket.lastEndpoint, null);
  }));

test("DGRAM sends addresses and bodies, and waits while it is not bound", () =>
  withSockets(async (open) => {
    const socket = open("dgram");
    await assert.rejects(socket.send("no address"), { code: "EINVAL" });
    await assert.rejects(socket.send(["127.0.0.1:1", "a", "b"]), { code: "EINVAL" });
    assert.equal(socket.trySend(["127.0.0.1:1", "x"]), false);
    assert.equal(await stateOf(socket.send(["127.0.0.1:1", "x"], { signal: AbortSignal.timeout(50) })), "pending");
    assert.deepEqual([socket.type, socket.threadSafe, socket.writable], [18, false, false]);
  }));
