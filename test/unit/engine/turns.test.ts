// SPDX-License-Identifier: MIT
/** Nobody's flood of small things holds up the others: an engine rests, reads nothing meanwhile, and loses nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { EngineRig } from "../../support/engine-rig.ts";
import { command, frame, greeting, message, ping, ready } from "../../support/zmtp-octets.ts";

function marriedRig(): EngineRig {
  const createEngine: ConstructorParameters<typeof EngineRig>[0]["createEngine"] = (connection, setup, host) =>
    new ZmtpEngine(connection, setup, host, streamDialect);
  const rig = new EngineRig({ createEngine });
  rig.engine.start();
  rig.arrive(greeting(1), ready("PAIR"));
  rig.sent();
  return rig;
}

test("after a thousand commands an engine rests for a turn, then goes on, and answers all", () => {
  const rig = marriedRig();
  rig.arrive(ping().repeat(2500));
  assert.equal(rig.connection.isPaused, true);
  assert.equal(rig.sent().split(command("PONG")).length - 1, 2500);
  assert.equal(rig.connection.isPaused, false);
  rig.arrive(ping());
  assert.equal(rig.sent(), command("PONG"));
});

test("fewer are dealt with at once", () => {
  const rig = marriedRig();
  rig.arrive(ping().repeat(1000));
  assert.equal(rig.connection.isPaused, false);
});

test("what comes with the commands, and while it rests, is delivered in order", () => {
  const rig = marriedRig();
  rig.arrive(message("first") + ping().repeat(1500) + message("second"));
  rig.connection.handler.received(Buffer.from(message("third") + ping() + message("fourth", "and more"), "hex"));
  assert.deepEqual(rig.receiveAll(), [["first"]]);
  rig.clock.endTurn();
  rig.arrive(message("fifth"));
  assert.deepEqual(rig.receiveAll(), [["second"], ["third"], ["fourth", "and more"], ["fifth"]]);
});

test("a connection that ends while it rests is over when all is delivered", () => {
  const rig = marriedRig();
  rig.arrive(ping().repeat(1500) + message("last"));
  rig.connection.handler.connectionEnded(undefined);
  assert.equal(rig.isOver, false);
  rig.clock.endTurn();
  assert.equal(rig.isOver, true);
  assert.deepEqual(rig.receiveAll(), [["last"]]);
});

test("what breaks the protocol after a rest costs the connection as ever", () => {
  const rig = marriedRig();
  rig.arrive(ping().repeat(1500) + frame("\x09BAD", 4));
  assert.equal(rig.isOver, false);
  rig.clock.endTurn();
  assert.match(rig.ended?.error?.message ?? "", /no whole name/);
});

test("an engine that was stopped, or is to finish, does not go on", () => {
  for (const end of ["stop", "finish"] as const) {
    const rig = marriedRig();
    rig.arrive(ping().repeat(1500) + message("too late"));
    rig.engine[end]();
    rig.clock.endTurn();
    assert.deepEqual(rig.receiveAll(), []);
  }
});
