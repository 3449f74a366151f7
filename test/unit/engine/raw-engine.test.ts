// SPDX-License-Identifier: MIT
/** Octets as they come and go, for STREAM sockets: chunks in, messages out, back-pressure both ways, an end in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { RawEngine } from "../../../src/engine/raw-engine.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { octets } from "../../support/pattern-host.ts";
import { hex } from "../../support/zmtp-octets.ts";

function rigOf(options: Omit<RigOptions, "createEngine"> = {}): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new RawEngine(connection, setup, host),
    type: "STREAM",
    isRaw: true,
    ...options,
  });
  rig.engine.start();
  return rig;
}

test("there is no greeting, and the peer is there at once", () => {
  const rig = rigOf();
  assert.equal(rig.sent(), "");
  assert.equal(rig.peer?.address, "192.0.2.7:5555");
  assert.equal(rig.peer?.socketType, undefined);
  assert.equal(rig.clock.running, 0);
});

test("a chunk is a message; long ones are cut at 8192 octets", () => {
  const rig = rigOf();
  rig.connection.receive(octets("hello"));
  rig.connection.receive(octets("x".repeat(20000)));
  assert.deepEqual(
    rig.receiveAll().map((message) => (message as string[]).map((part) => part.length)),
    [[5], [8192], [8192], [3616]],
  );
});

test("long chunks are cut at inBatchSize", () => {
  const rig = rigOf({ options: { inBatchSize: 3 } });
  rig.connection.receive(octets("abcdefgh"));
  assert.deepEqual(rig.receiveAll(), [["abc"], ["def"], ["gh"]]);
});

test("messages leave as their octets, part after part, and subscriptions not at all", () => {
  const rig = rigOf();
  rig.send("ab", "", "cd");
  rig.near.writeSubscription(new Subscription("subscribe", octets("x")));
  rig.send("e");
  assert.equal(rig.sent(), hex("abcde"));
  assert.equal(rig.connection.writes, 1);
});

test("small parts may change after the send", () => {
  const rig = rigOf();
  const part = octets("before");
  rig.write([part]);
  part.set(octets("after!"));
  assert.equal(rig.sent(), hex("before"));
});

test("many messages within a turn leave in few writes, all of them, in order", () => {
  const rig = rigOf();
  for (let i = 0; i < 1000; i += 1) rig.send(`${i};`);
  assert.equal(rig.sent(), hex(Array.from({ length: 1000 }, (_, i) => `${i};`).join("")));
  assert.ok(rig.connection.writes <= 4);
});

test("a full pipe pauses the connection, and nothing is lost or swapped", () => {
  const rig = rigOf({ inbound: 1 });
  for (let i = 0; i < 10; i += 1) rig.connection.receive(octets(String(i)));
  assert.ok(rig.connection.isPaused);
  const got: unknown[] = [];
  for (let next = rig.receive(); next !== undefined; next = rig.receive()) got.push(...[next].flat());
  assert.equal(got.join(""), "0123456789");
  assert.equal(rig.connection.isPaused, false);
});

test("a busy connection leaves messages in the pipe", () => {
  const rig = rigOf({ outbound: 3 });
  rig.connection.isBusy = true;
  rig.send("first");
  rig.clock.endTurn();
  let accepted = 0;
  while (rig.send(String(accepted)) && accepted < 100) accepted += 1;
  assert.ok(accepted <= 3);
  rig.connection.drain();
  assert.equal(rig.sent(), hex(`first${Array.from({ length: accepted }, (_, i) => i).join("")}`));
});

test("finish sends what is left and ends the connection in order, also when it is busy", () => {
  for (const isBusy of [false, true]) {
    const rig = rigOf();
    rig.connection.isBusy = isBusy;
    rig.send("a");
    rig.clock.endTurn();
    rig.send("b");
    rig.near.close();
    rig.clock.endTurn();
    assert.equal(rig.connection.isEnded, !isBusy);
    rig.connection.drain();
    assert.equal(rig.sent(), hex("ab"));
    assert.ok(rig.connection.isEnded);
    rig.connection.lose();
    assert.deepEqual(rig.ended, { error: undefined, duringHandshake: false });
    assert.equal(rig.connection.isDestroyed, false);
  }
});

test("a connection that is lost while chunks are held still delivers them, and takes nothing more", () => {
  const rig = rigOf({ inbound: 1 });
  rig.connection.receive(octets("a"));
  rig.connection.receive(octets("b"));
  rig.connection.lose(new ZmqError("ECONNRESET", "reset"));
  assert.ok(!rig.isOver);
  rig.send("unsent");
  assert.equal(rig.sent(), "");
  assert.deepEqual([rig.receive(), rig.receive(), rig.receive()], [["a"], ["b"], undefined]);
  assert.equal(rig.ended?.error?.code, "ECONNRESET");
});

test("where the session has nobody to serve the peer, the connection goes", () => {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new RawEngine(connection, setup, host),
    type: "STREAM",
  });
  rig.onHandshake = () => false;
  rig.engine.start();
  assert.ok(rig.connection.isDestroyed);
});

test("stop lets go what was taken already; after it nothing is written or reported", () => {
  const rig = rigOf();
  rig.send("taken");
  rig.engine.stop();
  assert.equal(rig.sent(), Buffer.from("taken").toString("hex"));
  rig.engine.stop();
  rig.send("too late");
  assert.equal(rig.sent(), "");
  rig.connection.lose();
  assert.ok(!rig.isOver);
});

/** An engine whose connection is still opening. */
function openingRig(): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new RawEngine(connection, setup, host),
    type: "STREAM",
    isRaw: true,
    options: { handshakeInterval: 100 },
  });
  Object.assign(rig.connection, { isOpening: true, facts: new Map([["Tls-Version", octets("TLSv1.3")]]) });
  rig.engine.start();
  return rig;
}

test("a connection that is opening has no peer yet, and what the transport knows of it then", () => {
  const rig = openingRig();
  assert.equal(rig.near.readable, 0);
  rig.connection.handler.opened?.();
  rig.connection.handler.opened?.();
  assert.equal(rig.peer?.metadata.has("Tls-Version"), true);
  assert.equal(rig.clock.running, 0);
  rig.connection.receive(octets("hello"));
  assert.deepEqual(rig.receiveAll(), [["hello"]]);
});

test("a connection that does not open has its time, and fails as a handshake does", () => {
  const late = openingRig();
  late.clock.advance(100);
  assert.equal(late.connection.isDestroyed, true);
  assert.deepEqual([late.ended?.error?.code, late.ended?.duringHandshake], ["ETIMEDOUT", true]);
  const lost = openingRig();
  lost.connection.lose(new ZmqError("ECONNRESET"));
  assert.deepEqual([lost.ended?.error?.code, lost.ended?.duringHandshake, lost.clock.running], ["ECONNRESET", true, 0]);
  const stopped = openingRig();
  stopped.engine.stop();
  assert.deepEqual([stopped.ended, stopped.clock.running], [undefined, 0]);
  stopped.connection.handler.opened?.();
  assert.equal(stopped.peer, undefined);
});
