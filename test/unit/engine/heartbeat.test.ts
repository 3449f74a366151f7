// SPDX-License-Identifier: MIT
/** Heartbeats on a fake clock: PINGs at their interval, silence that ends a connection, and slowness that does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Heartbeat } from "../../../src/engine/heartbeat.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { command, frame, greeting, greeting2, message, ping, ready } from "../../support/zmtp-octets.ts";

interface Beat {
  clock: FakeClock;
  heartbeat: Heartbeat;
  pings: number[];
  expired: number[];
  host: { isStalled: boolean; traffic: number };
}

function beat(heartbeatInterval: number, heartbeatTimeout = -1): Beat {
  const clock = new FakeClock();
  const begin = clock.now();
  const pings: number[] = [];
  const expired: number[] = [];
  const host = {
    isStalled: false,
    traffic: 0,
    sendPing: () => pings.push(clock.now() - begin) > 0,
    expired: () => {
      expired.push(clock.now() - begin);
      heartbeat.stop();
    },
  };
  const heartbeat = new Heartbeat(clock, { heartbeatInterval, heartbeatTimeout }, host);
  if (heartbeatInterval > 0) heartbeat.start();
  return { clock, heartbeat, pings, expired, host };
}

test("the first PING comes after one interval, then one each interval, while the peer answers", () => {
  const { clock, host, pings, expired } = beat(100);
  for (let i = 0; i < 10; i += 1) {
    clock.advance(50);
    host.traffic += 1;
  }
  assert.deepEqual(pings, [100, 200, 300, 400, 500]);
  assert.deepEqual(expired, []);
});

test("silence ends the connection one timeout after the PING; the timeout is the interval unless given", () => {
  for (const [timeout, end] of [
    [-1, 200],
    [30, 130],
    [250, 350],
  ] as const) {
    const { clock, expired } = beat(100, timeout);
    clock.advance(1000);
    assert.deepEqual(expired, [end], `timeout ${timeout}`);
    assert.equal(clock.running, 0);
  }
});

test("a timeout of 0 sends PINGs and never ends the connection", () => {
  const { clock, pings, expired } = beat(100, 0);
  clock.advance(1000);
  assert.equal(pings.length, 10);
  assert.deepEqual(expired, []);
});

test("any octet after a PING counts as an answer", () => {
  const { clock, host, expired } = beat(100, 50);
  clock.advance(149);
  host.traffic += 1;
  clock.advance(100);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.deepEqual(expired, [250]);
});

test("with a timeout longer than the interval the silence is counted from the first unanswered PING", () => {
  const { clock, host, expired } = beat(100, 250);
  clock.advance(340);
  host.traffic += 1;
  clock.advance(1000);
  // 100 + 250 found traffic; the next PING, at 400, starts anew.
  assert.deepEqual(expired, [650]);
});

test("while this side does not read, silence proves nothing", () => {
  const { clock, heartbeat, host, expired } = beat(100, 50);
  heartbeat.peerTimeToLive(300);
  host.isStalled = true;
  clock.advance(10000);
  assert.deepEqual(expired, []);
  host.isStalled = false;
  clock.advance(1000);
  assert.equal(expired.length, 1);
});

test("the peer's time to live runs from its PING, and any octet puts the end off", () => {
  const { clock, heartbeat, host, expired } = beat(0);
  heartbeat.peerTimeToLive(300);
  clock.advance(200);
  host.traffic += 1;
  clock.advance(299);
  assert.equal(expired.length, 0);
  clock.advance(310);
  const [end = 0] = expired;
  assert.ok(end >= 500 && end <= 600, String(expired));
});

test("a new time to live takes the place of the old one", () => {
  const { clock, heartbeat, expired } = beat(0);
  heartbeat.peerTimeToLive(300);
  heartbeat.peerTimeToLive(1000);
  assert.equal(clock.running, 1);
  clock.advance(999);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.deepEqual(expired, [1000]);
});

function engineRig(options: RigOptions["options"], says: string): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    inbound: 1,
    ...(options === undefined ? {} : { options }),
  });
  rig.engine.start();
  rig.arrive(says);
  rig.sent();
  return rig;
}

test("an engine's PING carries the time to live in tenths of a second, rounded down", () => {
  for (const [milliseconds, deciseconds] of [
    [0, 0],
    [99, 0],
    [100, 1],
    [2345, 23],
    [6553599, 65535],
  ] as const) {
    const options = { heartbeatInterval: 100, heartbeatTimeToLive: milliseconds };
    const rig = engineRig(options, greeting() + ready("PAIR"));
    rig.clock.advance(100);
    assert.equal(rig.sent(), ping(deciseconds));
  }
});

test("without an interval, and to a peer that names no time to live, nothing runs", () => {
  const rig = engineRig({}, greeting() + ready("PAIR") + ping(0));
  assert.equal(rig.clock.running, 0);
  rig.clock.advance(100000);
  assert.equal(rig.sent(), "");
});

test("PINGs go to peers of ZMTP 3.0 and later, and to no older ones", () => {
  const options = { heartbeatInterval: 100 };
  const newer = engineRig(options, greeting(0) + ready("PAIR"));
  newer.clock.advance(100);
  assert.equal(newer.sent(), ping());
  const older = engineRig(options, greeting2(0) + frame(""));
  older.clock.advance(10000);
  assert.equal(older.sent(), "");
  assert.ok(!older.isOver);
});

test("an engine ends a silent connection with ETIMEDOUT, so that its session connects again", () => {
  const rig = engineRig({ heartbeatInterval: 100, heartbeatTimeout: 40 }, greeting() + ready("PAIR"));
  rig.clock.advance(100);
  rig.arrive(command("PONG"));
  rig.clock.advance(139);
  assert.ok(!rig.isOver);
  rig.clock.advance(1);
  assert.deepEqual([rig.ended?.error?.code, rig.ended?.duringHandshake], ["ETIMEDOUT", false]);
  assert.ok(rig.connection.isDestroyed);
  assert.equal(rig.clock.running, 0);
});

test("an engine whose application is slow does not end the connection", () => {
  const rig = engineRig({ heartbeatInterval: 100 }, greeting() + ready("PAIR"));
  rig.arrive(message("a") + message("b"));
  rig.clock.advance(100000);
  assert.ok(!rig.isOver);
  rig.receiveAll();
  rig.clock.advance(300);
  assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
});

test("a peer's PING with a time to live ends the connection when the peer falls silent", () => {
  const rig = engineRig({}, greeting() + ready("PAIR"));
  assert.equal(rig.clock.running, 0);
  rig.arrive(ping(5, "x"));
  assert.equal(rig.sent(), command("PONG", "x"));
  rig.clock.advance(499);
  assert.ok(!rig.isOver);
  rig.clock.advance(1);
  assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
});

test("a PING without a time to live leaves the one that was named before", () => {
  const rig = engineRig({}, greeting() + ready("PAIR") + ping(5) + ping(0));
  rig.clock.advance(499);
  assert.ok(!rig.isOver);
  rig.clock.advance(1);
  assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
});

test("what lies unread when time is up still counts: the input is looked at once more", () => {
  for (const [interval, timeout] of [
    [100, -1],
    [100, 30],
    [0, 0],
  ] as const) {
    const { clock, heartbeat, host, expired } = beat(interval, timeout);
    if (interval === 0) heartbeat.peerTimeToLive(130);
    const yieldTurn = clock.yieldTurn.bind(clock);
    // The timer finds silence, and the runtime then finds octets.
    clock.yieldTurn = (callback) =>
      yieldTurn(() => {
        if (clock.now() < 1900) host.traffic += 1;
        callback();
      });
    clock.advance(850);
    assert.deepEqual(expired, [], `interval ${interval}, timeout ${timeout}`);
    clock.advance(1000);
    assert.equal(expired.length, 1, `interval ${interval}, timeout ${timeout}`);
    assert.equal(clock.running, 0);
  }
});

test("a heartbeat that is stopped while it looks once more says nothing", () => {
  const { clock, heartbeat, expired } = beat(0);
  heartbeat.peerTimeToLive(100);
  const yieldTurn = clock.yieldTurn.bind(clock);
  clock.yieldTurn = (callback) => {
    yieldTurn(callback);
    heartbeat.stop();
  };
  clock.advance(1000);
  assert.deepEqual(expired, []);
});
