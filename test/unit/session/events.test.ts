// SPDX-License-Identifier: MIT
/** How events are made: what shows, what can be asked for besides, and libzmq's numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { eventPeer, newEvent } from "../../../src/session/events.ts";
import { SessionRig } from "../../support/session-rig.ts";

const address = "tcp://127.0.0.1:5555";

test("an event shows what npm zeromq shows, and equals it", () => {
  assert.deepStrictEqual(newEvent("bind", { address }, { local: address }), { type: "bind", address });
  assert.deepStrictEqual(newEvent("end", {}), { type: "end" });
  assert.deepEqual(Object.keys(newEvent("connect:retry", { address, interval: 5 })), ["type", "address", "interval"]);
});

test("numbers and values are libzmq's", () => {
  const error = new ZmqError("EADDRINUSE", "in use");
  for (const [event, number, value] of [
    [newEvent("connect", { address }), 1, -1],
    [newEvent("connect:delay", { address }), 2, 115],
    [newEvent("connect:retry", { address, interval: 70 }), 4, 70],
    [newEvent("bind", { address }), 8, -1],
    [newEvent("bind:error", { address, error }), 16, 98],
    [newEvent("accept", { address }), 32, -1],
    [newEvent("accept:error", { address, error }), 64, 98],
    [newEvent("close", { address }), 128, -1],
    [newEvent("close:error", { address, error }), 256, 98],
    [newEvent("disconnect", { address }), 512, -1],
    [newEvent("end", {}), 1024, 0],
    [newEvent("handshake:error:other", { address, error }), 2048, 98],
    [newEvent("handshake", { address }), 4096, 0],
    [
      newEvent("handshake:error:protocol", { address, error: new ProtocolError("ZAP_BAD_VERSION", "x") as never }),
      8192,
      0x20000003,
    ],
    [newEvent("handshake:error:auth", { address, error: new AuthenticationError(400, "x") }), 16384, 400],
    [newEvent("events:lost", { count: 3 }), 0, 3],
  ] as const) {
    assert.deepEqual([event.number, event.value], [number, value], event.type);
  }
});

test("reason and delay say in one place what the events have in several", () => {
  const failed = newEvent("bind:error", { address, error: new ZmqError("EADDRINUSE", "in use") });
  assert.equal(failed.reason, "in use");
  assert.equal(newEvent("disconnect", { address }, { reason: "the peer left" }).reason, "the peer left");
  assert.equal(newEvent("connect:retry", { address, interval: 70 }).delay, 70);
  const plain = newEvent("bind", { address });
  assert.deepEqual([plain.reason, plain.delay, plain.peer, plain.local], [undefined, undefined, undefined, ""]);
});

test("a peer is its address at first", () => {
  assert.deepEqual(eventPeer("1.2.3.4:5"), {
    address: "1.2.3.4:5",
    routingId: undefined,
    socketType: undefined,
    metadata: new Map(),
  });
});

test("for nobody, no event is made", async () => {
  const rig = new SessionRig();
  rig.isObserved = false;
  rig.connect();
  (await rig.marry()).lose(new ZmqError("ECONNRESET"));
  assert.deepEqual(rig.takeEvents(), []);
});

test("observed from the middle of a connection on, its end is told of without what was not seen", async () => {
  const rig = new SessionRig();
  rig.isObserved = false;
  rig.connect();
  const engine = await rig.marry();
  rig.isObserved = true;
  engine.lose(new ZmqError("ECONNRESET", "reset"));
  const [lost] = rig.events;
  assert.deepEqual([lost?.type, lost?.peer, lost?.local, lost?.reason], ["disconnect", undefined, "", "reset"]);
});
