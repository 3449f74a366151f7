// SPDX-License-Identifier: MIT
/** Subscriptions: who holds what, what is first and last, and a subscriber that leaves with all it holds. */
import assert from "node:assert/strict";
import test from "node:test";
import { OwnSubscriptions, Subscriptions } from "../../../src/pattern/subscriptions.ts";
import { octets, text } from "../../support/pattern-host.ts";

const a = { name: "a" };
const b = { name: "b" };
const c = { name: "c" };

function matched(subscriptions: Subscriptions<{ name: string }>, topic: string): string[] {
  const found: string[] = [];
  subscriptions.match(octets(topic), (pipe) => found.push(pipe.name));
  return found.sort();
}

test("a topic is new when nobody had it", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  assert.equal(subscriptions.add(octets("foo"), a), true);
  assert.equal(subscriptions.add(octets("foo"), b), false);
  assert.equal(subscriptions.add(octets("foobar"), a), true);
  assert.equal(subscriptions.size, 2);
});

test("a pipe that adds a topic twice holds it once", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  subscriptions.add(octets("foo"), a);
  assert.equal(subscriptions.add(octets("foo"), a), false);
  subscriptions.add(octets("foo"), b);
  assert.equal(subscriptions.add(octets("foo"), a), false);
  assert.equal(subscriptions.remove(octets("foo"), a), "valuesRemain");
  assert.equal(subscriptions.remove(octets("foo"), a), "notFound");
  assert.equal(subscriptions.remove(octets("foo"), b), "lastRemoved");
  assert.equal(subscriptions.size, 0);
});

test("what nobody holds cannot be removed", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  assert.equal(subscriptions.remove(octets(""), a), "notFound");
  subscriptions.add(octets("foobar"), a);
  subscriptions.add(octets("fox"), a);
  for (const topic of ["foo", "fo", "foobarx", "bar", ""]) {
    assert.equal(subscriptions.remove(octets(topic), a), "notFound", topic);
  }
  assert.equal(subscriptions.remove(octets("foobar"), b), "notFound");
  assert.equal(subscriptions.size, 2);
});

test("each pipe is found once, however many of its topics match", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  for (const topic of ["", "f", "foo"]) subscriptions.add(octets(topic), a);
  subscriptions.add(octets("foo"), b);
  subscriptions.add(octets("foo"), c);
  subscriptions.add(octets("bar"), c);
  assert.deepEqual(matched(subscriptions, "foo!"), ["a", "b", "c"]);
  assert.deepEqual(matched(subscriptions, "foo!"), ["a", "b", "c"]);
  assert.deepEqual(matched(subscriptions, "fo"), ["a"]);
  assert.deepEqual(matched(subscriptions, "bar"), ["a", "c"]);
});

test("a pipe that leaves takes its topics with it and tells which were the last", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  for (const topic of ["foo", "bar", ""]) subscriptions.add(octets(topic), a);
  subscriptions.add(octets("bar"), b);
  subscriptions.add(octets("bar"), c);
  const removed: [string, boolean][] = [];
  subscriptions.removePipe(a, (topic, wasLast) => removed.push([text(topic), wasLast]));
  assert.deepEqual(removed.sort(), [
    ["", true],
    ["bar", false],
    ["foo", true],
  ]);
  assert.equal(subscriptions.size, 1);
  assert.deepEqual(matched(subscriptions, "bar"), ["b", "c"]);
  subscriptions.removePipe(a, () => assert.fail("it has left"));
  subscriptions.removePipe(b);
  subscriptions.removePipe(c);
  assert.equal(subscriptions.size, 0);
  assert.deepEqual(matched(subscriptions, "bar"), []);
});

test("own subscriptions are counted", () => {
  const own = new OwnSubscriptions();
  assert.equal(own.add(octets("foo")), true);
  assert.equal(own.add(octets("foo")), false);
  assert.equal(own.size, 1);
  assert.equal(own.remove(octets("foo")), "valuesRemain");
  assert.equal(own.matches(octets("foobar")), true);
  assert.equal(own.remove(octets("foo")), "lastRemoved");
  assert.equal(own.remove(octets("foo")), "notFound");
  assert.equal(own.matches(octets("foobar")), false);
  assert.equal(own.size, 0);
});

test("own subscriptions list each topic once", () => {
  const own = new OwnSubscriptions();
  for (const topic of ["b", "", "ab", "b", "abc"]) own.add(octets(topic));
  assert.deepEqual(own.topics().map(text).sort(), ["", "ab", "abc", "b"]);
});

test("nothing is made before the first subscription", () => {
  const [subscriptions, own] = [new Subscriptions<object>(), new OwnSubscriptions()];
  assert.equal(subscriptions.remove(octets("a"), a), "notFound");
  subscriptions.removePipe(a, () => assert.fail("it has none"));
  assert.equal(subscriptions.audience(octets("a")), undefined);
  assert.equal(own.remove(octets("a")), "notFound");
  assert.equal(own.matches(octets("a")), false);
  assert.deepEqual(own.topics(), []);
  for (const each of [subscriptions, own]) assert.equal((each as unknown as { tree: unknown }).tree, undefined);
});

test("a pipe that subscribes and cancels for ever takes no memory by and by", () => {
  const subscriptions = new Subscriptions<object>();
  for (let i = 0; i < 20; i += 1) subscriptions.add(octets(`kept ${i}`), a);
  const { holders } = subscriptions as unknown as { holders: Map<object, { nodes: number[] }> };
  for (let i = 0; i < 10_000; i += 1) {
    subscriptions.add(octets(`passing ${i % 3}`), a);
    subscriptions.remove(octets(`passing ${i % 3}`), a);
  }
  assert.ok((holders.get(a)?.nodes.length as number) < 60);
  let left = 0;
  subscriptions.removePipe(a, (topic, wasLast) => {
    assert.match(text(topic), /^kept/);
    assert.equal(wasLast, true);
    left += 1;
  });
  assert.equal(left, 20);
  assert.equal(holders.size, 0);
});

test("a pipe that comes after another has left gets nothing of what that one had", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  for (let i = 0; i < 100; i += 1) subscriptions.add(octets(`a${i}`), a);
  subscriptions.add(octets("shared"), a);
  subscriptions.add(octets("shared"), b);
  subscriptions.removePipe(a);
  subscriptions.add(octets("c"), c);
  assert.deepEqual(matched(subscriptions, "a1"), []);
  assert.deepEqual(matched(subscriptions, "shared"), ["b"]);
  assert.deepEqual(matched(subscriptions, "c"), ["c"]);
  assert.equal(subscriptions.size, 2);
});

test("a pipe with a hundred thousand subscriptions leaves with each of them once", () => {
  const subscriptions = new Subscriptions<{ name: string }>();
  for (let i = 0; i < 100_000; i += 1) subscriptions.add(octets(`topic ${i}`), a);
  for (let i = 0; i < 100_000; i += 1000) subscriptions.add(octets(`topic ${i}`), b);
  let [left, last] = [0, 0];
  subscriptions.removePipe(a, (_, wasLast) => {
    left += 1;
    if (wasLast) last += 1;
  });
  assert.deepEqual([left, last], [100_000, 99_900]);
  assert.equal(subscriptions.size, 100);
  assert.deepEqual(matched(subscriptions, "topic 5000!"), ["b"]);
  assert.deepEqual(matched(subscriptions, "topic 5001"), []);
});
