// SPDX-License-Identifier: MIT
/** Messages that are decoded when they are read: nobody can tell, but for the octets that are looked at so late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { command, frame, greeting, message, ping, ready } from "../../support/zmtp-octets.ts";

function marriedRig(options: Omit<RigOptions, "createEngine"> = {}, ...ahead: string[]): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    ...options,
  });
  rig.engine.start();
  rig.arrive(greeting(), ready("PAIR") + ahead.join(""));
  rig.sent();
  return rig;
}

/** Whether what was read last was decoded after the chunk was overwritten: `hex` has one message, "before". */
function readsLate(rig: EngineRig): boolean {
  const chunk = Buffer.from(message("before"), "hex");
  rig.connection.receive(chunk);
  chunk.write("later!", 2);
  const [text] = rig.receiveAll().flat();
  assert.match(String(text), /^(before|later!)$/);
  return text === "later!";
}

test("messages are decoded when they are read", () => {
  const rig = marriedRig();
  assert.ok(readsLate(rig));
  assert.ok(readsLate(rig));
});

test("publishers look at messages when they arrive, as some are subscriptions, and so does who keeps the last only", () => {
  assert.ok(!readsLate(marriedRig({ type: "XPUB" })));
  const conflated = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
  });
  conflated.near.keepLastOnly();
  conflated.engine.start();
  conflated.arrive(greeting(), ready("PAIR"));
  assert.ok(!readsLate(conflated));
  conflated.arrive(message("a") + message("b"));
  assert.deepEqual(conflated.receiveAll(), [["b"]]);
});

test("what came together with the end of the handshake counts as well, and its last part may come later", () => {
  const rig = marriedRig({}, message("a", "b"), message("c"), message("defg").slice(0, 8));
  assert.equal(rig.near.readable, 2);
  rig.arrive(message("defg").slice(8));
  assert.equal(rig.near.readable, 3);
  assert.deepEqual(rig.receiveAll(), [["a", "b"], ["c"], ["defg"]]);
});

test("a PING behind messages that nobody has read is answered at once", () => {
  const rig = marriedRig();
  rig.arrive(message("a"), message("b") + ping(0, "x") + message("c"));
  assert.equal(rig.sent(), command("PONG", "x"));
  rig.arrive(message("d"));
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], ["c"], ["d"]]);
});

test("a PING between the frames of a message, in a chunk of its own, harms neither it nor what waits", () => {
  const rig = marriedRig();
  rig.arrive(message("a") + frame("b", 1), ping(0, "y"), frame("c", 1), frame("d") + message("e"));
  assert.equal(rig.sent(), command("PONG", "y"));
  assert.deepEqual(rig.receiveAll(), [["a"], ["b", "c", "d"], ["e"]]);
});

test("subscriptions keep their place among messages that nobody has read", () => {
  const rig = marriedRig({ inbound: 4 });
  rig.arrive(message("a") + message("b"), command("SUBSCRIBE", "s") + message("c") + message("d"), message("e"));
  assert.equal(rig.near.readable, 4);
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], "+s", ["c"], ["d"], ["e"]]);
});

test("the pipe holds as many messages as its mark, whatever the chunks", () => {
  for (const mark of [1, 3, 10]) {
    const rig = marriedRig({ inbound: mark });
    rig.arrive(message("0") + message("1"));
    for (let i = 2; i < 40; i += 4) rig.arrive([0, 1, 2, 3].map((j) => message(String(i + j))).join(""));
    assert.equal(rig.near.readable, mark);
    assert.ok(rig.connection.isPaused);
    for (let i = 0; i < 42; i += 1) {
      assert.deepEqual(rig.receive(), [String(i)]);
      assert.ok(rig.near.readable <= mark);
    }
    assert.equal(rig.receive(), undefined);
    assert.equal(rig.connection.isPaused, false);
  }
});

test("a frame over the limit is refused when it arrives, and what came before it is read", () => {
  const rig = marriedRig({ options: { maxMessageSize: 10 } });
  rig.arrive(message("a"), message("b") + message("x".repeat(11)).slice(0, 4));
  assert.ok(rig.ended?.error instanceof ProtocolError);
  assert.equal(rig.ended.error.code, "EMSGSIZE");
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"]]);
});

test("a message without an end is refused at a million frames, though nobody reads", () => {
  const rig = marriedRig();
  rig.arrive(message("a"));
  const chunk = frame("", 1).repeat(32768);
  for (let i = 0; i < 40 && rig.ended === undefined; i += 1) rig.arrive(chunk);
  assert.equal(rig.ended?.error?.code, "EMSGSIZE");
  assert.deepEqual(rig.receiveAll(), [["a"]]);
});

test("large frames keep their place", () => {
  const rig = marriedRig();
  const large = "x".repeat(100_000);
  const stream = message("a") + message("b", large) + message(large, "c") + message("d");
  for (let at = 0; at < stream.length; at += 131072) rig.arrive(stream.slice(at, at + 131072));
  assert.deepEqual(rig.receiveAll(), [["a"], ["b", large], [large, "c"], ["d"]]);
});

test("a connection that is lost leaves all that has arrived, and its session hears of it at once if the pipe had room", () => {
  const rig = marriedRig();
  rig.arrive(message("a") + message("b"), message("c", "d") + message("e").slice(0, 3));
  rig.connection.lose(new ZmqError("ECONNRESET", "reset"));
  assert.equal(rig.ended?.error?.code, "ECONNRESET");
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], ["c", "d"]]);
});

test("a connection that is lost while the pipe is full is over when all has been handed to the pipe", () => {
  const rig = marriedRig({ inbound: 2 });
  rig.arrive(message("a") + message("b") + message("c"));
  rig.connection.lose();
  assert.ok(!rig.isOver);
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], ["c"]]);
  assert.ok(rig.isOver);
});

test("an application that closes its end drops what it has not read, announced or not", () => {
  const rig = marriedRig({ inbound: 2 });
  rig.arrive(message("a") + message("b") + message("c"));
  rig.near.close();
  assert.equal(rig.near.read(), undefined);
  rig.sent();
  assert.ok(rig.connection.isEnded);
});

test("a connection whose messages were all read holds none of their chunks", () => {
  const rig = marriedRig();
  const { decoder } = rig.engine as unknown as { decoder: { entered: Uint8Array; buffered: number } };
  const long = message("x".repeat(300));
  for (const chunks of [[message("a") + message("b")], [long + message("c")], [long.slice(0, 100), long.slice(100)]]) {
    rig.arrive(...chunks);
    assert.ok(decoder.buffered > 0);
    rig.receiveAll();
    assert.equal(decoder.entered.length, 0);
    assert.equal(decoder.buffered, 0);
  }
});
