// SPDX-License-Identifier: MIT
/** Messages to frames and frames to messages on one connection: subscriptions for each version, commands, errors, the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { octets } from "../../support/pattern-host.ts";
import {
  command,
  frame,
  frame1,
  greeting,
  greeting2,
  hex,
  message,
  ping,
  ready,
  TYPE_IDS,
} from "../../support/zmtp-octets.ts";

function rigOf(options: Omit<RigOptions, "createEngine"> = {}): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    ...options,
  });
  rig.engine.start();
  return rig;
}

/** A rig whose handshake is done, with a peer of some type and version; what it said so far is taken. */
function marriedRig(
  type: string,
  peer: string,
  version = "3.1",
  options: Omit<RigOptions, "createEngine"> = {},
): EngineRig {
  const rig = rigOf({ type, ...options });
  if (version === "1.0") rig.arrive(frame1(""));
  else if (version === "2.0") rig.arrive(greeting2(TYPE_IDS[peer] as number), frame(""));
  else rig.arrive(greeting(version === "3.0" ? 0 : 1), ready(peer));
  rig.sent();
  return rig;
}

test("messages of any number and size of parts go both ways", () => {
  const rig = marriedRig("PAIR", "PAIR");
  const sizes = [0, 1, 127, 128, 129, 255, 256, 8191, 16384, 65535, 65536, 200000];
  for (const size of sizes) rig.send("a".repeat(size), "", "b".repeat(size));
  const expected = sizes.map((size) => message("a".repeat(size), "", "b".repeat(size))).join("");
  assert.equal(rig.sent(), expected);
  for (const step of [100000, 8192, 1461, 7]) {
    for (let i = 0; i < expected.length; i += step * 2) rig.arrive(expected.slice(i, i + step * 2));
    assert.deepEqual(
      rig.receiveAll().map((parts) => (parts as string[]).map((part) => part.length)),
      sizes.map((size) => [size, 0, size]),
    );
  }
});

test("all that is sent within a turn leaves in one write", () => {
  const rig = marriedRig("PAIR", "PAIR");
  const before = rig.connection.writes;
  for (let i = 0; i < 100; i += 1) rig.send(String(i));
  assert.equal(rig.connection.writes, before);
  rig.clock.endTurn();
  assert.equal(rig.connection.writes, before + 1);
});

test("small parts may change after the send, without a trace on the wire", () => {
  const rig = marriedRig("PAIR", "PAIR");
  const part = octets("before");
  rig.write([part]);
  part.set(octets("after!"));
  assert.equal(rig.sent(), message("before"));
});

for (const [version, subscribe, cancel] of [
  ["3.1", command("SUBSCRIBE", "topic"), command("CANCEL", "topic")],
  ["3.0", message("\u0001topic"), message("\u0000topic")],
  ["2.0", message("\u0001topic"), message("\u0000topic")],
  ["1.0", frame1("\u0001topic"), frame1("\u0000topic")],
] as const) {
  test(`subscriptions are spelled for, and understood from, a peer of ZMTP ${version}`, () => {
    const subscriber = marriedRig("SUB", "PUB", version);
    subscriber.near.writeSubscription(new Subscription("subscribe", octets("topic")));
    subscriber.near.writeSubscription(new Subscription("cancel", octets("topic")));
    assert.equal(subscriber.sent(), subscribe + cancel);
    const publisher = marriedRig("XPUB", "XSUB", version);
    publisher.arrive(subscribe + cancel);
    assert.deepEqual(publisher.receiveAll(), ["+topic", "-topic"]);
  });
}

test("a publisher understands the older spelling from newer peers too, and the newer from older ones", () => {
  const publisher = marriedRig("PUB", "SUB", "3.1");
  publisher.arrive(message("\u0001a"), message("\u0000a"));
  assert.deepEqual(publisher.receiveAll(), ["+a", "-a"]);
  const older = marriedRig("PUB", "SUB", "3.0");
  older.arrive(command("SUBSCRIBE", "a"));
  assert.deepEqual(older.receiveAll(), ["+a"]);
});

test("each part that looks like a subscription is one, unless only the first may be", () => {
  const any = marriedRig("XPUB", "XSUB");
  any.arrive(message("user", "\u0001a", "data"), message("\u0001b", "\u0000c"), message(""));
  assert.deepEqual(any.receiveAll(), ["+a", ["user", "data"], "+b", "-c", [""]]);
  const first = marriedRig("XPUB", "XSUB", "3.1", { options: { onlyFirstSubscribe: true } });
  first.arrive(message("user", "\u0001a"), message("\u0001b", "user"));
  assert.deepEqual(first.receiveAll(), [["user", "\u0001a"], "+b", ["user"]]);
});

test("a subscriber's data that begins with 0 or 1 stays data", () => {
  const rig = marriedRig("SUB", "PUB");
  rig.arrive(message("\u0001x"), message("\u0000y"));
  assert.deepEqual(rig.receiveAll(), [["\u0001x"], ["\u0000y"]]);
});

test("a PING is answered with its context, of which 16 octets count", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.arrive(ping(0, "abc"));
  assert.equal(rig.sent(), command("PONG", "abc"));
  rig.arrive(ping(0, "x".repeat(55)));
  assert.equal(rig.sent(), command("PONG", "x".repeat(16)));
  rig.arrive(ping());
  assert.equal(rig.sent(), command("PONG"));
});

test("a PING between the frames of a message does no harm", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.arrive(frame("a", 1), ping(0, "c"), frame("b"));
  assert.deepEqual(rig.receiveAll(), [["a", "b"]]);
  assert.equal(rig.sent(), command("PONG", "c"));
});

test("commands that this side does not know are ignored", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.arrive(command("FUTURE", "data"), command("PONG", "x"), command("READY"), message("still here"));
  assert.deepEqual(rig.receiveAll(), [["still here"]]);
  assert.ok(!rig.isOver);
});

for (const [name, bytes] of [
  ["a PING without a time to live", command("PING", "\u0000")],
  ["a command without a name", frame("\u0000", 4)],
  ["a command whose name is longer than itself", frame("\u0009PING", 4)],
  ["a frame longer than a number can be", "02ffffffffffffffff"],
] as const) {
  test(`${name} ends the connection, and what came before it stays`, () => {
    const rig = marriedRig("PAIR", "PAIR");
    rig.arrive(message("good") + bytes + message("never seen"));
    assert.ok(rig.ended?.error instanceof ProtocolError);
    assert.equal(rig.ended.duringHandshake, false);
    assert.ok(rig.connection.isDestroyed);
    assert.deepEqual(rig.receiveAll(), [["good"]]);
    assert.equal(rig.clock.running, 0);
  });
}

test("a frame over the limit is refused by its length, before its octets are awaited", () => {
  for (const [limit, size, isGood] of [
    [10, 10, true],
    [10, 11, false],
    [0, 0, true],
    [0, 1, false],
    [300, 300, true],
    [300, 301, false],
  ] as const) {
    const rig = marriedRig("PAIR", "PAIR", "3.1", { options: { maxMessageSize: limit } });
    rig.arrive(frame("x".repeat(size)).slice(0, size < 256 ? 4 : 18));
    assert.equal(rig.ended?.error?.code, isGood ? undefined : "EMSGSIZE", `${size} of ${limit}`);
  }
});

test("random octets never get past the engine, and never throw out of it", () => {
  let seed = 12345;
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed >> 16;
  };
  for (let round = 0; round < 300; round += 1) {
    const rig = round % 2 === 0 ? rigOf() : marriedRig("XPUB", "XSUB", ["1.0", "2.0", "3.0", "3.1"][round % 4]);
    for (let i = 0; i < 20 && rig.ended === undefined; i += 1) {
      rig.connection.receive(Uint8Array.from({ length: random() % 50 }, () => random() & 255));
    }
    rig.connection.lose();
    rig.clock.advance(40000);
    assert.equal(rig.clock.running, 0);
  }
});

test("finish sends what is left, then ends the connection in order", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.send("1");
  rig.send("2");
  rig.near.close();
  assert.equal(rig.sent(), message("1") + message("2"));
  assert.ok(rig.connection.isEnded);
  assert.equal(rig.connection.isDestroyed, false, "destroyed, it could lose octets that the peer has not fetched");
  rig.connection.lose();
  assert.deepEqual(rig.ended, { error: undefined, duringHandshake: false });
  assert.equal(rig.connection.isDestroyed, false);
});

test("finish during the handshake waits for it, and then sends what is left", () => {
  const rig = rigOf();
  rig.send("1");
  rig.near.close();
  assert.equal(rig.connection.isEnded, false);
  rig.arrive(greeting(), ready("PAIR"), message("too late"));
  assert.ok(rig.sent().endsWith(message("1")));
  assert.ok(rig.connection.isEnded);
});

test("finish on a busy connection ends it once it has taken everything", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.connection.isBusy = true;
  rig.send("1");
  rig.clock.endTurn();
  rig.send("2");
  rig.near.close();
  assert.equal(rig.connection.isEnded, false);
  rig.connection.drain();
  assert.equal(rig.sent(), message("1") + message("2"));
  assert.ok(rig.connection.isEnded);
});

test("a connection that fails is reported once, with its error", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.connection.lose(new ZmqError("ECONNRESET", "reset"));
  assert.deepEqual([rig.ended?.error?.code, rig.ended?.duringHandshake], ["ECONNRESET", false]);
  rig.send("for the next connection");
  assert.equal(rig.sent(), "");
  assert.deepEqual((rig.near as unknown as { other: { readable: number } }).other.readable, 1);
});

test("stop lets go what was taken already; after it nothing is written, read or reported", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.send("taken");
  rig.engine.stop();
  assert.equal(rig.sent(), frame("taken"));
  rig.engine.stop();
  assert.ok(rig.connection.isDestroyed);
  rig.send("too late");
  assert.equal(rig.sent(), "");
  rig.connection.lose();
  assert.ok(!rig.isOver);
  assert.equal(rig.clock.running, 0);
  assert.equal(rig.connection.takeSent().toString("hex"), hex(""));
});
