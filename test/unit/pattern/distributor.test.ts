// SPDX-License-Identifier: MIT
/** Distributor: one object for all chosen pipes, full pipes miss it and are counted. */
import assert from "node:assert/strict";
import test from "node:test";
import { Distributor } from "../../../src/pattern/distributor.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import type { Pipe, PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets } from "../../support/pattern-host.ts";

function ownerOf(distributor: Distributor): PipeOwner {
  return {
    readActivated() {},
    closed: (pipe: Pipe) => distributor.detach(pipe),
    closing: (pipe: Pipe) => distributor.detach(pipe),
    writeActivated: (pipe: Pipe) => distributor.activate(pipe),
    connected() {},
    disconnected() {},
    hiccuped() {},
  };
}

function add(distributor: Distributor, room = 0): [LocalPipe, LocalPipe] {
  const [near, far] = createPipePair({ inbound: 0, outbound: room });
  near.owner = ownerOf(distributor);
  distributor.attach(near);
  return [near, far];
}

function countIn(pipe: LocalPipe): number {
  let count = 0;
  while (pipe.read() !== undefined) count += 1;
  return count;
}

test("every chosen pipe gets the same object", () => {
  const distributor = new Distributor();
  const [[, a], [, b]] = [add(distributor), add(distributor)];
  const message = [octets("x")];
  distributor.matchAll();
  distributor.write(message);
  assert.equal(a.read(), message);
  assert.equal(b.read(), message);
});

test("pipes that were not chosen get nothing", () => {
  const distributor = new Distributor();
  const [[, a], [near, b], [, c]] = [add(distributor), add(distributor), add(distributor)];
  distributor.match(near);
  distributor.write([octets("x")]);
  assert.deepEqual([a, b, c].map(countIn), [0, 1, 0]);
});

test("a choice is for one message, and can be taken back", () => {
  const distributor = new Distributor();
  const [near, far] = add(distributor);
  distributor.match(near);
  distributor.unmatch();
  distributor.write([octets("x")]);
  assert.equal(countIn(far), 0);
  distributor.match(near);
  distributor.write([octets("y")]);
  distributor.write([octets("z")]);
  assert.equal(countIn(far), 1);
});

test("choosing a pipe twice sends once", () => {
  const distributor = new Distributor();
  const [near, far] = add(distributor);
  distributor.match(near);
  distributor.match(near);
  distributor.write([octets("x")]);
  assert.equal(countIn(far), 1);
});

test("an inverted choice is all the others", () => {
  const distributor = new Distributor();
  const [[near, a], [, b], [, c]] = [add(distributor), add(distributor), add(distributor)];
  distributor.match(near);
  distributor.invert();
  distributor.write([octets("x")]);
  assert.deepEqual([a, b, c].map(countIn), [0, 1, 1]);
});

test("a full pipe misses the message, is counted, and takes part again once it has room", () => {
  const distributor = new Distributor();
  const [near, a] = add(distributor, 1);
  const [, b] = add(distributor);
  for (let i = 0; i < 3; i += 1) {
    distributor.matchAll();
    distributor.write([octets("x")]);
  }
  assert.equal(near.dropped, 2);
  assert.deepEqual([a, b].map(countIn), [1, 3]);
  distributor.matchAll();
  distributor.write([octets("x")]);
  assert.deepEqual([a, b].map(countIn), [1, 1]);
  assert.equal(near.dropped, 2);
});

test("room for all is asked of the chosen pipes only", () => {
  const distributor = new Distributor();
  const [nearA, a] = add(distributor, 1);
  const [nearB] = add(distributor);
  distributor.match(nearA);
  assert.equal(distributor.canWrite([octets("x")]), true);
  distributor.write([octets("x")]);
  distributor.match(nearA);
  assert.equal(distributor.canWrite([octets("x")]), false);
  distributor.unmatch();
  distributor.match(nearB);
  assert.equal(distributor.canWrite([octets("x")]), true);
  distributor.unmatch();
  countIn(a);
  distributor.match(nearA);
  assert.equal(distributor.canWrite([octets("x")]), true);
});

test("a pipe that is known to be full counts against room for all, also when the choice is inverted", () => {
  const distributor = new Distributor();
  const [nearA] = add(distributor, 1);
  const [nearB] = add(distributor);
  for (let i = 0; i < 2; i += 1) {
    distributor.matchAll();
    distributor.write([octets("x")]);
  }
  distributor.match(nearA);
  assert.equal(distributor.canWrite([octets("x")]), false);
  distributor.unmatch();
  distributor.match(nearB);
  distributor.invert();
  assert.equal(distributor.canWrite([octets("x")]), false);
  distributor.unmatch();
  distributor.match(nearA);
  distributor.invert();
  assert.equal(distributor.canWrite([octets("x")]), true);
});

test("subscriptions reach every pipe, also the full ones", () => {
  const distributor = new Distributor();
  const [, a] = add(distributor, 1);
  distributor.matchAll();
  distributor.write([octets("x")]);
  distributor.matchAll();
  distributor.write([octets("x")]);
  distributor.writeSubscription(new Subscription("subscribe", octets("t")));
  assert.equal(countIn(a), 2);
});

test("a pipe that is taken out is not there any more, chosen or not, full or not", () => {
  const distributor = new Distributor();
  const [nearA, a] = add(distributor);
  const [nearB, b] = add(distributor, 1);
  const [nearC, c] = add(distributor);
  distributor.matchAll();
  distributor.detach(nearA);
  distributor.detach(nearA);
  assert.equal(distributor.has(nearA), false);
  distributor.match(nearA);
  distributor.write([octets("x")]);
  distributor.matchAll();
  distributor.write([octets("x")]);
  distributor.detach(nearB);
  distributor.matchAll();
  distributor.write([octets("x")]);
  assert.deepEqual([a, b, c].map(countIn), [0, 1, 3]);
  assert.equal(distributor.size, 1);
  assert.equal(distributor.has(nearC), true);
});
