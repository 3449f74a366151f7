// SPDX-License-Identifier: MIT
/** Back-pressure through a ZMTP engine: a full pipe stops the reading, a full connection stops the pulling, and nothing is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { ConnectionPair } from "../../support/fake-connection.ts";
import { command, greeting, message, ping, ready } from "../../support/zmtp-octets.ts";

function marriedRig(options: Omit<RigOptions, "createEngine"> = {}): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    ...options,
  });
  rig.engine.start();
  rig.arrive(greeting(), ready("PAIR"));
  rig.sent();
  return rig;
}

/** How much waits in the pipe for the engine. */
function waiting(rig: EngineRig): number {
  return (rig.near as unknown as { other: { readable: number } }).other.readable;
}

test("while the pipe is full nothing more is decoded, and the connection is paused", () => {
  const rig = marriedRig({ inbound: 2 });
  const chunk = message("a") + message("b") + message("c") + message("d");
  rig.arrive(chunk);
  assert.equal(rig.near.readable, 2);
  for (let i = 0; i < 10; i += 1) rig.arrive(message("e"));
  assert.ok(rig.connection.isPaused);
  assert.ok(rig.connection.unread >= 9, "at most one more chunk is taken");
  const all = rig.receiveAll();
  for (let more = rig.receiveAll(); more.length > 0; more = rig.receiveAll()) all.push(...more);
  assert.deepEqual(all.flat(), ["a", "b", "c", "d", ...Array.from({ length: 10 }, () => "e")]);
  assert.equal(rig.connection.isPaused, false);
});

test("messages come in order however slowly they are taken, one by one", () => {
  for (const mark of [1, 2, 3, 7]) {
    const rig = marriedRig({ inbound: mark });
    const expected = Array.from({ length: 50 }, (_, i) => String(i));
    for (let i = 0; i < 50; i += 5) {
      rig.arrive(
        expected
          .slice(i, i + 5)
          .map((each) => message(each))
          .join(""),
      );
    }
    const got: unknown[] = [];
    for (let next = rig.receive(); next !== undefined; next = rig.receive()) got.push(...[next].flat());
    assert.deepEqual(got, expected, `mark ${mark}`);
  }
});

test("answers for a peer that sends PINGs and takes none of them do not pile up", () => {
  const rig = marriedRig();
  rig.connection.isBusy = true;
  const pings = ping(0, "0123456789abcdef").repeat(500);
  for (let i = 0; i < 40; i += 1) {
    rig.arrive(pings);
    rig.sent();
  }
  // 20,000 answers of 23 octets were asked for; the connection holds the first turn's, and one flush may wait behind it.
  rig.connection.drain();
  const octets = rig.sent().length / 2;
  assert.ok(octets > 0 && octets < 2 * 65536 + 1024, `${octets} octets were kept for it`);
  rig.arrive(ping(0, "again"));
  assert.equal(rig.sent(), command("PONG", "again"));
});

test("subscriptions that a full pipe cannot take wait in order with the messages around them", () => {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    type: "XPUB",
    inbound: 1,
  });
  rig.engine.start();
  rig.arrive(greeting(), ready("XSUB"));
  rig.arrive(message("\u0001a") + message("x") + command("SUBSCRIBE", "b") + message("y") + message("\u0000a"));
  const got: unknown[] = [];
  for (let next = rig.receive(); next !== undefined; next = rig.receive()) got.push(next);
  assert.deepEqual(got, ["+a", ["x"], "+b", ["y"], "-a"]);
});

test("while the connection is busy the engine pulls nothing, so that the pipe fills and the sender waits", () => {
  const rig = marriedRig({ outbound: 5 });
  rig.connection.isBusy = true;
  rig.send("first");
  rig.clock.endTurn();
  let accepted = 0;
  while (rig.send(String(accepted)) && accepted < 100) accepted += 1;
  assert.equal(waiting(rig), accepted);
  assert.ok(accepted <= 5);
  rig.connection.drain();
  assert.equal(waiting(rig), 0);
  assert.equal(rig.writable, 1);
  const expected = Array.from({ length: accepted }, (_, i) => message(String(i)));
  assert.equal(rig.sent(), message("first") + expected.join(""));
});

test("memory that a busy connection holds is not used again until it has drained", () => {
  const rig = marriedRig();
  rig.connection.isBusy = true;
  rig.send("a".repeat(100));
  rig.clock.endTurn();
  for (let i = 0; i < 2000; i += 1) rig.send("b".repeat(100));
  rig.clock.endTurn();
  rig.connection.drain();
  const sent = rig.sent();
  assert.ok(sent.startsWith(message("a".repeat(100))));
  assert.equal(sent.length, message("a".repeat(100)).length * 2001);
  assert.ok(!sent.includes("eeee"));
});

test("PINGs that arrive on a busy connection are answered when it is free again", () => {
  const rig = marriedRig();
  rig.connection.isBusy = true;
  rig.send("x");
  rig.clock.endTurn();
  rig.arrive(ping(0, "c"));
  rig.clock.endTurn();
  rig.connection.drain();
  assert.equal(rig.sent(), message("x") + command("PONG", "c"));
});

test("a connection that is lost while messages are held still delivers them, and only then counts as lost", () => {
  const rig = marriedRig({ inbound: 1 });
  rig.arrive(message("a") + message("b") + message("c"));
  rig.connection.lose(new ZmqError("ECONNRESET", "reset"));
  assert.ok(!rig.isOver);
  assert.deepEqual([rig.receive(), rig.receive(), rig.receive(), rig.receive()], [["a"], ["b"], ["c"], undefined]);
  assert.equal(rig.ended?.error?.code, "ECONNRESET");
});

test("what is sent while a lost connection still delivers waits for the next connection", () => {
  const rig = marriedRig({ inbound: 1 });
  rig.arrive(message("a") + message("b") + message("c"));
  rig.connection.lose();
  rig.send("kept");
  rig.sent();
  assert.equal(waiting(rig), 1);
});

test("finish drops what was held for an application that reads no more, and sends what is left", () => {
  const rig = marriedRig({ inbound: 1 });
  rig.arrive(message("a") + message("b"));
  rig.send("last");
  rig.near.close();
  assert.ok(rig.sent().endsWith(message("last")));
  assert.ok(rig.connection.isEnded);
  const lost = marriedRig({ inbound: 1 });
  lost.arrive(message("a") + message("b"));
  lost.connection.lose();
  lost.near.close();
  assert.deepEqual(lost.ended, { error: undefined, duringHandshake: false });
});

test("two engines with small pipes exchange everything, in order, in both directions, in chunks of any size", () => {
  for (const chunk of [0, 1, 5, 1000]) {
    const clock = new FakeClock();
    const pair = new ConnectionPair(clock);
    const createEngine: RigOptions["createEngine"] = (...parts) => new ZmtpEngine(...parts, streamDialect);
    const common = {
      createEngine,
      clock,
      inbound: 3,
      outbound: 2,
    };
    const a = new EngineRig({ ...common, connection: pair.a });
    const b = new EngineRig({ ...common, connection: pair.b });
    a.engine.start();
    b.engine.start();
    const toA: unknown[] = [];
    const toB: unknown[] = [];
    let [sentA, sentB] = [0, 0];
    for (let round = 0; round < 1000 && (toA.length < 60 || toB.length < 60); round += 1) {
      while (sentA < 60 && a.send(`a${sentA}`)) sentA += 1;
      while (sentB < 60 && b.send(`b${sentB}`)) sentB += 1;
      pair.run(chunk);
      toA.push(...[a.receive() ?? []].flat());
      if (round % 3 === 0) toB.push(...[b.receive() ?? []].flat());
    }
    assert.deepEqual(
      toB,
      Array.from({ length: 60 }, (_, i) => `a${i}`),
    );
    assert.deepEqual(
      toA,
      Array.from({ length: 60 }, (_, i) => `b${i}`),
    );
  }
});
