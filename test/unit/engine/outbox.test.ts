// SPDX-License-Identifier: MIT
/** What an engine has encoded and not yet handed over: one write a turn, nothing on a busy connection, memory given back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../../src/engine/outbox.ts";
import { ZmtpV1Encoder } from "../../../src/wire/zmtp-v1.ts";
import { ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { PoisonedSlabs } from "../../support/engine-rig.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { FakeConnection, handler } from "../../support/fake-connection.ts";
import { octets } from "../../support/pattern-host.ts";
import { frame1, message } from "../../support/zmtp-octets.ts";

function open(): { clock: FakeClock; connection: FakeConnection; outbox: Outbox; sent: () => string } {
  const clock = new FakeClock();
  const connection = new FakeConnection();
  const outbox = new Outbox(connection, clock, new ZmtpV2Encoder(new PoisonedSlabs()));
  connection.handler = handler({ drained: () => outbox.drained() });
  return { clock, connection, outbox, sent: () => connection.takeSent().toString("hex") };
}

function add(outbox: Outbox, text: string): void {
  outbox.encoder.message([octets(text)]);
  outbox.encoded();
}

test("what is encoded within a turn leaves in one write at its end", () => {
  const { clock, connection, outbox, sent } = open();
  add(outbox, "a");
  add(outbox, "b");
  assert.equal(connection.writes, 0);
  assert.equal(outbox.isEmpty, false);
  clock.endTurn();
  assert.equal(connection.writes, 1);
  assert.equal(sent(), message("a") + message("b"));
  assert.equal(outbox.isEmpty, true);
});

test("64 KiB leave at once", () => {
  const { connection, outbox } = open();
  for (let i = 0; i < 70; i += 1) add(outbox, "x".repeat(1000));
  assert.equal(connection.writes, 1);
});

test("outBatchSize octets leave at once; its default leaves the choice to the outbox", () => {
  for (const [outBatchSize, writes] of [
    [8192, 0],
    [1000, 3],
    [5000, 0],
  ] as const) {
    const connection = new FakeConnection();
    const encoder = new ZmtpV2Encoder(new PoisonedSlabs());
    const outbox = new Outbox(connection, new FakeClock(), encoder, outBatchSize);
    connection.handler = handler({ drained: () => outbox.drained() });
    for (let i = 0; i < 3; i += 1) add(outbox, "x".repeat(1000));
    assert.equal(connection.writes, writes, String(outBatchSize));
  }
});

test("a flush with nothing to write writes nothing", () => {
  const { clock, connection, outbox } = open();
  add(outbox, "a");
  outbox.flush();
  clock.endTurn();
  outbox.flush();
  assert.equal(connection.writes, 1);
});

test("while the connection is busy nothing is written, then all of it, in order", () => {
  const { clock, connection, outbox, sent } = open();
  connection.isBusy = true;
  add(outbox, "a");
  clock.endTurn();
  assert.ok(outbox.isBlocked);
  assert.equal(outbox.isEmpty, false);
  add(outbox, "b");
  clock.endTurn();
  outbox.flush();
  assert.equal(connection.writes, 1);
  connection.drain();
  assert.equal(sent(), message("a") + message("b"));
  assert.equal(outbox.isEmpty, true);
});

test("raw octets leave at once, before any frame, in order", () => {
  const { clock, outbox, sent } = open();
  outbox.writeRaw(octets("greeting"));
  assert.equal(sent(), Buffer.from("greeting").toString("hex"));
  add(outbox, "a");
  clock.endTurn();
  assert.equal(sent(), message("a"));
});

test("another encoder continues after what the first one held", () => {
  const { clock, connection, outbox, sent } = open();
  connection.isBusy = true;
  outbox.writeRaw(octets("x"));
  add(outbox, "a");
  outbox.switchTo(new ZmtpV1Encoder(new PoisonedSlabs()));
  add(outbox, "b");
  clock.endTurn();
  connection.drain();
  assert.equal(sent(), `78${message("a")}${frame1("b")}`);
});

test("another encoder, or the end, takes nothing away from a busy connection", () => {
  const { clock, connection, outbox, sent } = open();
  connection.isBusy = true;
  add(outbox, "a");
  clock.endTurn();
  add(outbox, "b");
  const slabs = new PoisonedSlabs();
  outbox.switchTo(new ZmtpV2Encoder(slabs));
  connection.drain();
  assert.equal(sent(), message("a") + message("b"));
  connection.isBusy = true;
  add(outbox, "c");
  clock.endTurn();
  outbox.close();
  connection.drain();
  assert.equal(sent(), message("c"));
});

test("closed, it writes nothing more", () => {
  const { clock, connection, outbox } = open();
  add(outbox, "a");
  outbox.close();
  clock.endTurn();
  outbox.flush();
  assert.equal(connection.writes, 0);
});
