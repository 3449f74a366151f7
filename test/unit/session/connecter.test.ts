// SPDX-License-Identifier: MIT
/** The connecter's delays on a fake clock: jitter, doubling and its cap, timeouts, giving up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { Connecter, type ConnecterOptions } from "../../../src/session/connecter.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import type { FakeConnection } from "../../support/fake-connection.ts";
import { FakeTransport, ticks } from "../../support/session-rig.ts";

interface Rig {
  clock: FakeClock;
  transport: FakeTransport;
  connecter: Connecter;
  delays: number[];
  errors: ZmqError[];
  connections: FakeConnection[];
}

function open(options: Partial<ConnecterOptions> = {}): Rig {
  const clock = new FakeClock();
  const transport = new FakeTransport();
  const delays: number[] = [];
  const errors: ZmqError[] = [];
  const connections: FakeConnection[] = [];
  const all = {
    reconnectInterval: 100,
    reconnectMaxInterval: 0,
    reconnectJitter: null,
    connectTimeout: 0,
    ...options,
  } as ConnecterOptions;
  const connecter = new Connecter(transport, transport.parse("peer"), all, clock, {
    attempting: () => {},
    reached: (connection) => connections.push(connection as FakeConnection),
    attemptFailed: (error) => errors.push(error),
    retrying: (delay) => delays.push(delay),
  });
  return { clock, transport, connecter, delays, errors, connections };
}

/** The delays of a number of attempts that all fail. */
async function delaysOf(rig: Rig, count: number): Promise<number[]> {
  rig.connecter.start();
  for (let i = 0; i < count; i += 1) {
    await rig.transport.lastAttempt.fail();
    assert.ok(rig.connecter.retry());
    rig.clock.advance(rig.delays.at(-1) as number);
  }
  return rig.delays;
}

test("without a maximum each delay is the interval and up to as much again, at random", async () => {
  const delays = await delaysOf(open({ reconnectInterval: 100 }), 300);
  assert.ok(delays.every((delay) => Number.isInteger(delay) && delay >= 100 && delay < 200));
  assert.ok(new Set(delays).size > 20, "they differ");
  assert.ok(Math.min(...delays) < 120 && Math.max(...delays) > 180, "over the whole range");
});

test("with a maximum the delays double up to it, without jitter", async () => {
  const delays = await delaysOf(open({ reconnectInterval: 100, reconnectMaxInterval: 1000 }), 7);
  assert.deepEqual(delays, [100, 200, 400, 800, 1000, 1000, 1000]);
});

test("a maximum below the interval leaves the interval", async () => {
  assert.deepEqual(await delaysOf(open({ reconnectInterval: 100, reconnectMaxInterval: 50 }), 3), [100, 100, 100]);
});

test("jitter is chosen: none, half or all of the interval, with doubling and without", async () => {
  for (const [reconnectJitter, least] of [
    ["none", 100],
    ["half", 50],
    ["full", 1],
  ] as const) {
    const delays = await delaysOf(open({ reconnectInterval: 100, reconnectJitter }), 300);
    assert.ok(delays.every((delay) => delay >= least && delay <= 100));
    assert.equal(new Set(delays).size > 20, reconnectJitter !== "none");
    const doubling = await delaysOf(open({ reconnectInterval: 100, reconnectMaxInterval: 400, reconnectJitter }), 5);
    for (const [i, most] of [100, 200, 400, 400, 400].entries()) {
      assert.ok((doubling[i] as number) <= most && (doubling[i] as number) >= Math.min(1, least));
      if (reconnectJitter === "none") assert.equal(doubling[i], most);
    }
  }
});

test("doubling starts over once a peer has proved good, and not with a connection alone", async () => {
  const rig = open({ reconnectInterval: 100, reconnectMaxInterval: 1000 });
  await delaysOf(rig, 2);
  await rig.transport.lastAttempt.succeed();
  assert.equal(rig.connections.length, 1);
  assert.ok(rig.connecter.retry());
  assert.equal(rig.delays.at(-1), 400);
  rig.clock.advance(400);
  await rig.transport.lastAttempt.succeed();
  rig.connecter.settled();
  assert.ok(rig.connecter.retry());
  assert.equal(rig.delays.at(-1), 100);
});

test("an interval of 0 or −1 is never to try again", async () => {
  for (const reconnectInterval of [0, -1]) {
    const rig = open({ reconnectInterval });
    rig.connecter.start();
    await rig.transport.lastAttempt.fail();
    assert.equal(rig.connecter.retry(), false);
    assert.equal(rig.clock.running, 0);
  }
});

test("the next attempt comes exactly when its delay is over", async () => {
  const rig = open({ reconnectInterval: 100, reconnectMaxInterval: 100 });
  rig.connecter.start();
  await rig.transport.lastAttempt.fail();
  rig.connecter.retry();
  rig.clock.advance(99);
  assert.equal(rig.transport.attempts.length, 1);
  rig.clock.advance(1);
  assert.equal(rig.transport.attempts.length, 2);
});

test("an attempt that takes longer than the connect timeout is given up, and its late success thrown away", async () => {
  const rig = open({ connectTimeout: 500 });
  rig.connecter.start();
  const { signal, succeed } = rig.transport.lastAttempt;
  rig.clock.advance(499);
  assert.equal(rig.errors.length, 0);
  rig.clock.advance(1);
  assert.equal(rig.errors[0]?.code, "ETIMEDOUT");
  assert.ok(signal.aborted);
  const late = await succeed();
  assert.ok(late.isDestroyed);
  assert.equal(rig.connections.length, 0);
  assert.equal(rig.clock.running, 0);
});

test("a connect timeout is over with success", async () => {
  const rig = open({ connectTimeout: 500 });
  rig.connecter.start();
  await rig.transport.lastAttempt.succeed();
  assert.equal(rig.clock.running, 0);
  rig.clock.advance(10000);
  assert.equal(rig.errors.length, 0);
});

test("errors that are not the library's own are told in its terms, with the endpoint", async () => {
  const rig = open();
  rig.connecter.start();
  const cause = Object.assign(new Error("no route"), { code: "EHOSTUNREACH" });
  await rig.transport.lastAttempt.fail(cause as never);
  assert.equal(rig.errors[0]?.code, "EHOSTUNREACH");
  assert.match(rig.errors[0]?.message ?? "", /fake:\/\/peer.*no route/);
});

test("stop gives up an attempt as well as a delay, and nothing comes afterwards", async () => {
  const trying = open({ connectTimeout: 500 });
  trying.connecter.start();
  const { signal, fail } = trying.transport.lastAttempt;
  trying.connecter.stop();
  assert.ok(signal.aborted);
  await fail(new ZmqError("ECANCELED"));
  assert.deepEqual([trying.errors.length, trying.clock.running], [0, 0]);
  const waiting = open();
  waiting.connecter.start();
  await waiting.transport.lastAttempt.fail();
  waiting.connecter.retry();
  waiting.connecter.stop();
  waiting.clock.advance(10000);
  await ticks();
  assert.equal(waiting.transport.attempts.length, 1);
  assert.equal(waiting.clock.running, 0);
});
