// SPDX-License-Identifier: MIT
/** Fair queue: turns, empty pipes, notices between messages, and pipes that leave at any moment. */
import assert from "node:assert/strict";
import test from "node:test";
import { FairQueue } from "../../../src/pattern/fair-queue.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import type { Pipe, PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets, text } from "../../support/pattern-host.ts";

/** Forwards to a fair queue what happens to a pipe. */
function ownerOf(queue: FairQueue): PipeOwner {
  return {
    readActivated: (pipe: Pipe) => queue.activate(pipe),
    closed: (pipe: Pipe) => queue.detach(pipe),
    closing() {},
    writeActivated() {},
    connected() {},
    disconnected() {},
    hiccuped() {},
  };
}

/** Adds a pipe; returns our end and the writer's. */
function add(queue: FairQueue): [LocalPipe, LocalPipe] {
  const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
  near.owner = ownerOf(queue);
  queue.attach(near);
  return [near, far];
}

function put(pipe: LocalPipe, ...messages: string[]): void {
  for (const message of messages) assert.ok(pipe.write([octets(message)]));
}

function takeAll(queue: FairQueue): string[] {
  const all: string[] = [];
  for (let message = queue.read(); message !== undefined; message = queue.read()) all.push(message.map(text).join(" "));
  return all;
}

test("a queue without pipes has nothing to read", () => {
  const queue = new FairQueue();
  assert.equal(queue.canRead(), false);
  assert.equal(queue.read(), undefined);
});

test("each pipe gives one message in its turn", () => {
  const queue = new FairQueue();
  const [[, a], [, b], [, c]] = [add(queue), add(queue), add(queue)];
  put(a, "a1", "a2", "a3");
  put(b, "b1", "b2", "b3");
  put(c, "c1", "c2", "c3");
  assert.deepEqual(takeAll(queue), ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]);
});

test("a pipe with one message among floods waits for one turn of the others at most", () => {
  const queue = new FairQueue();
  const [[, flood], [, calm]] = [add(queue), add(queue)];
  for (let i = 0; i < 100; i += 1) put(flood, `f${i}`);
  assert.equal(takeAll(queue).length, 100);
  for (let i = 0; i < 100; i += 1) put(flood, `f${i}`);
  put(calm, "calm");
  assert.ok(takeAll(queue).indexOf("calm") <= 1);
});

test("an empty pipe is left alone until it says that it has something", () => {
  const queue = new FairQueue();
  const [, far] = add(queue);
  assert.equal(queue.read(), undefined);
  put(far, "late");
  assert.equal(queue.canRead(), true);
  assert.deepEqual(takeAll(queue), ["late"]);
});

test("the queue tells which pipe the last message came from", () => {
  const queue = new FairQueue();
  const [near, far] = add(queue);
  const [otherNear, otherFar] = add(queue);
  put(otherFar, "x");
  queue.read();
  assert.equal(queue.lastPipe, otherNear);
  put(far, "y");
  queue.read();
  assert.equal(queue.lastPipe, near);
});

test("subscriptions among the messages go to the handler", () => {
  const seen: string[] = [];
  const queue = new FairQueue((subscription) => seen.push(text(subscription.topic)));
  const [, far] = add(queue);
  far.writeSubscription(new Subscription("subscribe", octets("t")));
  put(far, "m");
  assert.deepEqual(takeAll(queue), ["m"]);
  assert.deepEqual(seen, ["t"]);
});

test("subscriptions are dropped where nobody handles them", () => {
  const queue = new FairQueue();
  const [, far] = add(queue);
  far.writeSubscription(new Subscription("subscribe", octets("t")));
  put(far, "m");
  assert.deepEqual(takeAll(queue), ["m"]);
});

test("a pipe that is taken out gives nothing more, and the others keep their turns", () => {
  const queue = new FairQueue();
  const [[near, far], [, b], [, c]] = [add(queue), add(queue), add(queue)];
  put(far, "a1");
  put(b, "b1", "b2");
  put(c, "c1", "c2");
  queue.detach(near);
  queue.detach(near);
  assert.equal(near.fairQueueIndex, -1);
  assert.equal(queue.size, 2);
  assert.deepEqual(takeAll(queue).sort(), ["b1", "b2", "c1", "c2"]);
});

test("a pipe that has closed leaves when its last message is read", () => {
  const queue = new FairQueue();
  const [[, a], [, b]] = [add(queue), add(queue)];
  put(a, "a1", "a2");
  put(b, "b1");
  a.close();
  assert.deepEqual(takeAll(queue), ["a1", "b1", "a2"]);
  assert.equal(queue.size, 1);
});

test("being told twice that a pipe has something changes nothing", () => {
  const queue = new FairQueue();
  const [near, far] = add(queue);
  queue.activate(near);
  queue.activate(near);
  put(far, "m");
  assert.deepEqual(takeAll(queue), ["m"]);
  const [stranger] = createPipePair({ inbound: 0, outbound: 0 });
  queue.activate(stranger);
  queue.detach(stranger);
  assert.equal(queue.read(), undefined);
});

test("a notice is read after what was waiting before it, and before what comes later", () => {
  const queue = new FairQueue();
  const [near, far] = add(queue);
  put(far, "1", "2");
  queue.insert(near, [octets("notice")]);
  put(far, "3");
  assert.deepEqual(takeAll(queue), ["1", "2", "notice", "3"]);
});

test("a notice may go before everything that waits", () => {
  const queue = new FairQueue();
  const [near, far] = add(queue);
  put(far, "1");
  queue.insert(near, [octets("notice")], 0);
  assert.deepEqual(takeAll(queue), ["notice", "1"]);
});

test("a notice makes an empty pipe readable, and has no pipe", () => {
  const queue = new FairQueue();
  const [near] = add(queue);
  assert.equal(queue.read(), undefined);
  queue.insert(near, [octets("first")]);
  queue.insert(near, [octets("second")]);
  assert.equal(queue.canRead(), true);
  assert.deepEqual(takeAll(queue), ["first", "second"]);
  assert.equal(queue.lastPipe, undefined);
  assert.equal(queue.canRead(), false);
});

test("a notice outlives its pipe", () => {
  const queue = new FairQueue();
  const [near, far] = add(queue);
  put(far, "1");
  far.close();
  queue.insert(near, [octets("gone")]);
  assert.deepEqual(takeAll(queue), ["1", "gone"]);
  assert.equal(queue.size, 0);
  queue.insert(near, [octets("later")]);
  assert.equal(queue.canRead(), true);
  assert.deepEqual(takeAll(queue), ["later"]);
});

test("a notice is dropped with its pipe when asked to", () => {
  const queue = new FairQueue();
  const [near] = add(queue);
  queue.insert(near, [octets("gone")]);
  queue.detach(near, true);
  assert.equal(queue.canRead(), false);
});

test("a notice does not wait for messages that were taken back", () => {
  const queue = new FairQueue();
  const [near] = add(queue);
  queue.insert(near, [octets("notice")], 5);
  assert.deepEqual(takeAll(queue), ["notice"]);
});
