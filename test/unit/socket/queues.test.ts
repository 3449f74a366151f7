// SPDX-License-Identifier: MIT
/** Which queues sockets make: whose limits, whose keys, and who hears of a key that cannot be made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../../src/session/events.ts";
import type { SessionProfile } from "../../../src/session/session.ts";
import { defaultOptions, type SocketOptionValues } from "../../../src/socket/options.ts";
import { Queues } from "../../../src/socket/queues.ts";
import { octets } from "../../support/pattern-host.ts";

function profile(options: Partial<SocketOptionValues>): SessionProfile {
  const all = { ...defaultOptions(), ...options };
  return { endpoint: "tcp://x:1", options: all, conflates: all.conflate } as unknown as SessionProfile;
}

function open(conflates = true, isObserved = true): { queues: Queues; events: Event[] } {
  const events: Event[] = [];
  return { queues: new Queues({ type: { conflates }, isObserved, emit: (event) => events.push(event) }), events };
}

test("marks are those of now, octets those of the endpoint", () => {
  const { queues } = open();
  const now = { ...defaultOptions(), sendHighWaterMark: 2, sendHighWaterMarkBytes: 1 };
  const [near] = queues.pair(profile({ sendHighWaterMark: 5, sendHighWaterMarkBytes: 100 }), now);
  assert.deepEqual(
    [near.write([octets("12")]), near.write([octets("34")]), near.write([octets("5")])],
    [true, true, false],
  );
  assert.equal(queues.hasKeys, false);
});

test("keys serve both directions, for the types that conflate", () => {
  const conflate = { key: (): string => "the only one" };
  const { queues } = open();
  const [near, far] = queues.pair(profile({ conflate }), defaultOptions());
  for (const [writer, reader] of [
    [near, far],
    [far, near],
  ] as const) {
    for (const text of ["1", "2"]) assert.equal(writer.write([octets(text)]), true);
    assert.equal(reader.readable, 1);
  }
  assert.equal(queues.hasKeys, true);
  const other = open(false).queues;
  const [plain, end] = other.pair(profile({ conflate }), defaultOptions());
  for (const text of ["1", "2"]) plain.write([octets(text)]);
  assert.deepEqual(
    [end.readable, other.hasKeys, other.side("inproc://x", defaultOptions()).conflate],
    [2, false, false],
  );
});

test("a key that cannot be made is an event of the endpoint, and none where nobody listens", () => {
  const conflate = {
    key: (): never => {
      throw new Error("no key");
    },
  };
  for (const isObserved of [true, false]) {
    const { queues, events } = open(true, isObserved);
    const [near, far] = queues.pair(profile({ conflate }), defaultOptions());
    assert.equal(far.write([octets("x")]), true);
    assert.equal(near.readable, 1);
    assert.deepEqual(
      events.map(({ type, endpoint, reason }) => [type, endpoint, reason?.includes("no key")]),
      isObserved ? [["conflate:error", "tcp://x:1", true]] : [],
    );
    assert.throws(() => queues.prepare([octets("x")]), { message: "no key" });
  }
});
