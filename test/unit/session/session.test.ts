// SPDX-License-Identifier: MIT
/** One peer's life across its connections: what is kept, who is told, when it connects again and when it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { peerNamed } from "../../support/pattern-host.ts";
import { SessionRig } from "../../support/session-rig.ts";

test("a connecting session has its pipe at once; messages wait in it for the first connection", async () => {
  const rig = new SessionRig().connect();
  assert.deepEqual(rig.takeTold(), ["attached"]);
  rig.send("early");
  assert.ok(rig.session.hasUnsent);
  const engine = await rig.marry();
  assert.deepEqual(rig.takeTold(), ["connected"]);
  assert.deepEqual(engine.take(), ["early"]);
  assert.equal(rig.session.hasUnsent, false);
  assert.deepEqual(rig.takeEvents(), ["connect:delay", "connect", "handshake"]);
});

test("an accepted session gets its pipe with the handshake, and ends with its connection", () => {
  const rig = new SessionRig().accept();
  assert.deepEqual(rig.takeTold(), []);
  rig.transport.lastEngine.handshake();
  assert.deepEqual(rig.takeTold(), ["attached"]);
  rig.send("unsent");
  rig.transport.lastEngine.lose();
  assert.deepEqual(rig.takeTold(), ["closing", "closed"]);
  assert.ok(rig.isEnded);
  assert.equal(rig.transport.attempts.length, 0);
  assert.deepEqual(rig.takeEvents(), ["accept", "handshake", "disconnect"]);
});

test("messages in the pipe outlive a lost connection, in order", async () => {
  const rig = new SessionRig().connect();
  const first = await rig.marry();
  rig.takeTold();
  rig.send("1");
  assert.deepEqual(first.take(), ["1"]);
  first.lose(new ZmqError("ECONNRESET"));
  assert.deepEqual(rig.takeTold(), ["disconnected"]);
  rig.send("2");
  rig.send("3");
  rig.clock.advance(200);
  const second = await rig.marry();
  assert.deepEqual(rig.takeTold(), ["connected"]);
  assert.deepEqual([second.take(), second.take(), second.take()], [["2"], ["3"], undefined]);
});

test("subscribers are told to say their subscriptions again, from the second connection on", async () => {
  const rig = new SessionRig();
  rig.repeatsState = true;
  rig.connect();
  await rig.marry();
  assert.deepEqual(rig.takeTold(), ["attached", "connected"]);
  rig.transport.lastEngine.lose();
  rig.clock.advance(200);
  await rig.marry();
  assert.deepEqual(rig.takeTold(), ["disconnected", "hiccuped", "connected"]);
});

test("failed attempts are tried again for ever, and each is told of", async () => {
  const rig = new SessionRig().connect();
  for (let i = 0; i < 50; i += 1) {
    await rig.transport.lastAttempt.fail();
    assert.deepEqual(rig.takeEvents(), ["connect:delay", "close", "connect:retry"]);
    assert.equal(rig.isEnded, false);
    rig.clock.advance(200);
  }
  await rig.marry();
  assert.deepEqual(rig.takeEvents(), ["connect:delay", "connect", "handshake"]);
});

test("a connection that is lost during the handshake is tried again", async () => {
  const rig = new SessionRig().connect();
  await rig.transport.lastAttempt.succeed();
  rig.transport.lastEngine.lose(undefined, true);
  assert.deepEqual(rig.takeEvents(), [
    "connect:delay",
    "connect",
    "handshake:error:other",
    "disconnect",
    "connect:retry",
  ]);
  assert.equal(rig.isEnded, false);
});

for (const [name, error, duringHandshake, reconnects, event] of [
  ["a protocol error in the handshake", new ProtocolError("ZMTP_UNSPECIFIED", "x"), true, false, "protocol"],
  ["a protocol error later", new ProtocolError("ZMTP_UNSPECIFIED", "x"), false, false, undefined],
  ["a message that is too long", new ProtocolError("ZMTP_UNSPECIFIED", "x", "EMSGSIZE"), false, false, undefined],
  ["a command that is too long", new ProtocolError("ZMTP_UNSPECIFIED", "x", "EMSGSIZE"), true, false, "other"],
  ["a refusal with 400", new AuthenticationError(400, "x"), true, false, "auth"],
  ["a refusal with 500", new AuthenticationError(500, "x"), true, false, "auth"],
  ["a temporary refusal, 300", new AuthenticationError(300, "x"), true, true, "auth"],
  ["a handshake that takes too long", new ZmqError("ETIMEDOUT"), true, true, "other"],
  ["silence", new ZmqError("ETIMEDOUT"), false, true, undefined],
  ["a reset", new ZmqError("ECONNRESET"), false, true, undefined],
  ["an end in order", undefined, false, true, undefined],
] as const) {
  test(`after ${name} the session ${reconnects ? "connects again" : "is over"}`, async () => {
    const rig = new SessionRig().connect();
    await rig.transport.lastAttempt.succeed();
    if (!duringHandshake) rig.transport.lastEngine.handshake();
    rig.takeEvents();
    rig.transport.lastEngine.lose(error, duringHandshake);
    const expected = event === undefined ? ["disconnect"] : [`handshake:error:${event}`, "disconnect"];
    assert.deepEqual(rig.takeEvents(), [...expected, reconnects ? "connect:retry" : "connect:stop"]);
    assert.equal(rig.isEnded, !reconnects);
    rig.clock.advance(10000);
    assert.equal(rig.transport.attempts.length, reconnects ? 2 : 1);
  });
}

test("a peer whose socket type is wrong is refused", async () => {
  const rig = new SessionRig().connect();
  rig.illegal = "REQ";
  await rig.transport.lastAttempt.succeed();
  const peer = peerNamed("", { socketType: "REQ" });
  assert.throws(() => rig.transport.lastEngine.handshake(peer), {
    name: "ProtocolError",
    protocolError: "ZMTP_INVALID_METADATA",
  });
});

test("reconnectStop: refused, handshake failed, disconnected; each bit for itself", async () => {
  const outcomes: boolean[][] = [];
  for (let reconnectStop = 0; reconnectStop < 8; reconnectStop += 1) {
    const refused = new SessionRig({ reconnectStop }).connect();
    await refused.transport.lastAttempt.fail();
    const failed = new SessionRig({ reconnectStop }).connect();
    await failed.transport.lastAttempt.succeed();
    failed.transport.lastEngine.lose(undefined, true);
    const lost = new SessionRig({ reconnectStop }).connect();
    (await lost.marry()).lose();
    outcomes.push([refused.isEnded, failed.isEnded, lost.isEnded]);
  }
  assert.deepEqual(
    outcomes,
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [(bits & 1) !== 0, (bits & 2) !== 0, (bits & 4) !== 0]),
  );
});

test("an attempt that fails otherwise than refused is tried again whatever reconnectStop says", async () => {
  const rig = new SessionRig({ reconnectStop: 7 }).connect();
  await rig.transport.lastAttempt.fail(new ZmqError("EHOSTUNREACH"));
  assert.equal(rig.isEnded, false);
});

test("with a reconnectInterval of −1 a lost connection, or a refused one, is the end", async () => {
  const lost = new SessionRig({ reconnectInterval: -1 }).connect();
  (await lost.marry()).lose();
  assert.ok(lost.isEnded);
  assert.deepEqual(lost.takeTold().slice(-2), ["closing", "closed"]);
  const refused = new SessionRig({ reconnectInterval: -1 }).connect();
  await refused.transport.lastAttempt.fail();
  assert.ok(refused.isEnded);
});

test("immediate: a pipe for each connection, and none between two", async () => {
  const rig = new SessionRig({ immediate: true }).connect();
  assert.deepEqual(rig.takeTold(), []);
  await rig.marry();
  assert.deepEqual(rig.takeTold(), ["attached"]);
  rig.transport.lastEngine.lose();
  assert.deepEqual(rig.takeTold(), ["closing", "closed"]);
  assert.equal(rig.isEnded, false);
  rig.clock.advance(200);
  await rig.marry();
  assert.deepEqual(rig.takeTold(), ["attached"]);
});

test("immediate: a session between two connections is ended by terminate", async () => {
  for (const isWaiting of [true, false]) {
    const rig = new SessionRig({ immediate: true }).connect();
    (await rig.marry()).lose();
    if (!isWaiting) rig.clock.advance(200);
    rig.session.terminate();
    assert.ok(rig.isEnded);
    assert.equal(rig.clock.running, 0);
    rig.clock.advance(10000);
  }
});

// ── Closing ────────────────────────────────────────────────────────────────────────────────────────────────────────

test("closed with nothing unsent and nobody there, a session ends at once", () => {
  const rig = new SessionRig().connect();
  rig.near?.close();
  assert.ok(rig.isEnded);
  assert.equal(rig.clock.running, 0);
  assert.ok(rig.transport.lastAttempt.signal.aborted);
});

test("closed while connected, the engine sends what is left, and the session ends with the connection", async () => {
  const rig = new SessionRig().connect();
  const engine = await rig.marry();
  rig.send("last");
  rig.near?.close();
  assert.equal(engine.calls.at(-1), "finish");
  assert.equal(rig.isEnded, false);
  engine.take();
  engine.lose();
  assert.ok(rig.isEnded);
  assert.equal(rig.transport.attempts.length, 1, "nothing is left to connect for");
});

test("linger 0: what is unsent is dropped at once", async () => {
  const rig = new SessionRig().connect();
  rig.lingerTime = 0;
  const engine = await rig.marry();
  rig.send("dropped");
  rig.near?.close();
  assert.ok(rig.isEnded);
  assert.deepEqual(engine.calls.slice(-1), ["stop"]);
});

test("linger n: what is unsent has n milliseconds, whether it is connected or not", async () => {
  for (const isConnected of [true, false]) {
    const rig = new SessionRig().connect();
    rig.lingerTime = 300;
    if (isConnected) await rig.marry();
    rig.send("x");
    rig.near?.close();
    rig.clock.advance(299);
    assert.equal(rig.isEnded, false);
    rig.clock.advance(1);
    assert.ok(rig.isEnded);
    assert.equal(rig.clock.running, 0);
  }
});

test("a session that lingers gets another time when it is terminated again", async () => {
  const rig = new SessionRig().connect();
  rig.lingerTime = -1;
  rig.send("x");
  rig.near?.close();
  rig.clock.advance(100);
  rig.lingerTime = 300;
  rig.session.terminate();
  rig.clock.advance(299);
  assert.equal(rig.isEnded, false);
  rig.lingerTime = 0;
  rig.session.terminate();
  assert.ok(rig.isEnded);
  assert.equal(rig.clock.running, 0);
});

test("linger −1: a session with something unsent goes on connecting until all has left", async () => {
  const rig = new SessionRig().connect();
  rig.send("x");
  rig.near?.close();
  for (let i = 0; i < 20; i += 1) {
    await rig.transport.lastAttempt.fail();
    rig.clock.advance(200);
  }
  assert.equal(rig.isEnded, false);
  await rig.transport.lastAttempt.succeed();
  const engine = rig.transport.lastEngine;
  engine.handshake();
  assert.deepEqual(engine.take(), ["x"]);
  engine.lose();
  assert.ok(rig.isEnded);
  assert.equal(rig.clock.running, 0);
});

test("a connection that breaks while the rest is being sent is followed by another for what is left", async () => {
  const rig = new SessionRig().connect();
  const engine = await rig.marry();
  rig.send("1");
  rig.send("2");
  rig.near?.close();
  assert.deepEqual(engine.take(), ["1"]);
  engine.lose(new ZmqError("ECONNRESET"));
  assert.equal(rig.isEnded, false);
  rig.clock.advance(200);
  await rig.transport.lastAttempt.succeed();
  rig.transport.lastEngine.handshake();
  assert.deepEqual(rig.transport.lastEngine.take(), ["2"]);
});

test("closed during the handshake, the engine finishes it when there is something to send", async () => {
  const rig = new SessionRig().connect();
  await rig.transport.lastAttempt.succeed();
  rig.send("x");
  rig.near?.close();
  assert.equal(rig.transport.lastEngine.calls.at(-1), "finish");
  const idle = new SessionRig().connect();
  await idle.transport.lastAttempt.succeed();
  idle.near?.close();
  assert.ok(idle.isEnded);
  assert.equal(idle.transport.lastEngine.calls.at(-1), "stop");
});

test("an accepted session with something unsent has its linger too, and never connects", () => {
  const rig = new SessionRig().accept();
  rig.lingerTime = 100;
  rig.transport.lastEngine.handshake();
  rig.send("x");
  rig.near?.close();
  assert.equal(rig.transport.lastEngine.calls.at(-1), "finish");
  rig.transport.lastEngine.lose(new ZmqError("ECONNRESET"));
  assert.ok(rig.isEnded);
  assert.equal(rig.clock.running, 0);
});

for (const when of ["connect:delay", "connect", "handshake", "disconnect", "connect:retry", "close"]) {
  test(`a socket that is closed from inside its event "${when}" ends its session, and nothing comes after`, async () => {
    const rig = new SessionRig({ connectTimeout: 5000 });
    const emit = rig.emit.bind(rig);
    let attempts = 0;
    rig.emit = (event) => {
      emit(event);
      if (event.type !== when || rig.isEnded) return;
      rig.near?.close();
      rig.session.terminate();
      attempts = rig.transport.attempts.length;
    };
    rig.connect();
    if (when === "close") await rig.transport.lastAttempt.fail();
    else await rig.transport.lastAttempt?.succeed();
    rig.transport.lastEngine?.handshake();
    rig.transport.lastEngine?.lose();
    rig.clock.advance(10000);
    assert.ok(rig.isEnded);
    assert.equal(rig.clock.running, 0);
    assert.equal(rig.transport.attempts.length, attempts);
    if (when === "connect") assert.equal(rig.transport.engines.length, 0);
  });
}

test('a socket that is closed from inside its event "accept" does not serve the connection', () => {
  const rig = new SessionRig();
  rig.emit = () => rig.session.terminate();
  rig.accept();
  assert.ok(rig.isEnded);
  assert.equal(rig.transport.engines.length, 0);
});
