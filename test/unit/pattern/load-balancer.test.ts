// SPDX-License-Identifier: MIT
/** Load balancer: turns, full pipes, and pipes that come and go. */
import assert from "node:assert/strict";
import test from "node:test";
import { LoadBalancer } from "../../../src/pattern/load-balancer.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import type { Pipe, PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets, show } from "../../support/pattern-host.ts";

function ownerOf(balancer: LoadBalancer): PipeOwner {
  return {
    readActivated() {},
    closed: (pipe: Pipe) => balancer.detach(pipe),
    closing: (pipe: Pipe) => balancer.detach(pipe),
    writeActivated: (pipe: Pipe) => balancer.activate(pipe),
    connected() {},
    disconnected() {},
    hiccuped() {},
  };
}

/** Adds a pipe that takes `room` messages (0: any number); returns our end and the reader's. */
function add(balancer: LoadBalancer, room = 0): [LocalPipe, LocalPipe] {
  const [near, far] = createPipePair({ inbound: 0, outbound: room });
  near.owner = ownerOf(balancer);
  balancer.attach(near);
  return [near, far];
}

function send(balancer: LoadBalancer, count: number): number {
  let sent = 0;
  while (sent < count && balancer.write([octets(`${sent}`)])) sent += 1;
  return sent;
}

function takeAll(pipe: LocalPipe): string[] {
  const all: string[] = [];
  for (let item = pipe.read(); item !== undefined; item = pipe.read()) all.push(String(show(item)));
  return all;
}

test("without pipes nothing can be written", () => {
  const balancer = new LoadBalancer();
  assert.equal(balancer.canWrite(), false);
  assert.equal(send(balancer, 1), 0);
});

test("messages go to the pipes in turn, from the first that was attached", () => {
  const balancer = new LoadBalancer();
  const [[, a], [, b], [, c]] = [add(balancer), add(balancer), add(balancer)];
  send(balancer, 7);
  assert.deepEqual([a, b, c].map(takeAll), [
    ["0", "3", "6"],
    ["1", "4"],
    ["2", "5"],
  ]);
});

test("a full pipe is passed over until it has room again", () => {
  const balancer = new LoadBalancer();
  const [, a] = add(balancer, 1);
  const [, b] = add(balancer);
  assert.equal(send(balancer, 4), 4);
  assert.deepEqual(takeAll(a), ["0"]);
  assert.deepEqual(takeAll(b), ["1", "2", "3"]);
  send(balancer, 2);
  assert.equal(takeAll(a).length, 1);
});

test("when all pipes are full nothing is taken", () => {
  const balancer = new LoadBalancer();
  const [, a] = add(balancer, 2);
  add(balancer, 2);
  assert.equal(send(balancer, 10), 4);
  assert.equal(balancer.canWrite(), false);
  takeAll(a);
  assert.equal(balancer.canWrite(), true);
  assert.equal(send(balancer, 10), 2);
});

test("asking for room finds the pipe that has some", () => {
  const balancer = new LoadBalancer();
  add(balancer, 1);
  const [, b] = add(balancer, 2);
  send(balancer, 2);
  assert.equal(balancer.canWrite(), true);
  assert.equal(send(balancer, 5), 1);
  assert.equal(takeAll(b).length, 2);
});

test("the balancer tells which pipe took the last message", () => {
  const balancer = new LoadBalancer();
  const [a] = add(balancer);
  const [b] = add(balancer);
  send(balancer, 1);
  assert.equal(balancer.lastPipe, a);
  send(balancer, 1);
  assert.equal(balancer.lastPipe, b);
  balancer.detach(b);
  assert.equal(balancer.lastPipe, undefined);
});

test("a pipe that is taken out gets nothing more", () => {
  const balancer = new LoadBalancer();
  const [[a, farA], [, b]] = [add(balancer), add(balancer)];
  balancer.detach(a);
  balancer.detach(a);
  assert.equal(a.loadBalancerIndex, -1);
  assert.equal(balancer.size, 1);
  send(balancer, 3);
  assert.deepEqual(takeAll(farA), []);
  assert.equal(takeAll(b).length, 3);
});

test("a full pipe can be taken out", () => {
  const balancer = new LoadBalancer();
  const [a, farA] = add(balancer, 1);
  send(balancer, 2);
  balancer.detach(a);
  takeAll(farA);
  assert.equal(balancer.canWrite(), false);
});

test("a pipe that is closed by the other side gets nothing more", () => {
  const balancer = new LoadBalancer();
  const [[, a], [, b]] = [add(balancer), add(balancer)];
  a.close();
  assert.equal(send(balancer, 3), 3);
  assert.equal(takeAll(b).length, 3);
});

test("being told twice that a pipe has room changes nothing", () => {
  const balancer = new LoadBalancer();
  const [a, far] = add(balancer);
  balancer.activate(a);
  send(balancer, 2);
  assert.equal(takeAll(far).length, 2);
  const [stranger] = createPipePair({ inbound: 0, outbound: 0 });
  balancer.activate(stranger);
  assert.equal(balancer.size, 1);
});

test("pipes can be passed over, unless that is true of all", () => {
  const balancer = new LoadBalancer();
  const [[a, fromA], [b, fromB], [c, fromC]] = [add(balancer), add(balancer), add(balancer)];
  balancer.passOver((pipe) => pipe === a || pipe === b);
  send(balancer, 1);
  balancer.passOver((pipe) => pipe === a || pipe === b || pipe === c);
  send(balancer, 2);
  assert.deepEqual([fromA, fromB, fromC].map(takeAll), [["0"], ["1"], ["0"]]);
  for (const end of [fromA, fromB, fromC]) end.close();
  balancer.passOver(() => true);
  assert.equal(send(balancer, 1), 0);
});
