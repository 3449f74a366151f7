// SPDX-License-Identifier: MIT
/** Audiences: who is in one, and how long it stays the same object. */
import assert from "node:assert/strict";
import test from "node:test";
import { Audience } from "../../../src/pattern/audience.ts";
import { Subscriptions } from "../../../src/pattern/subscriptions.ts";
import { octets } from "../../support/pattern-host.ts";

interface Named {
  name: string;
}

const [a, b, c] = ["a", "b", "c"].map((name): Named => ({ name })) as [Named, Named, Named];

function subscriptionsOf(...pairs: [string, Named][]): Subscriptions<Named> {
  const subscriptions = new Subscriptions<Named>();
  for (const [topic, pipe] of pairs) subscriptions.add(octets(topic), pipe);
  return subscriptions;
}

function names(audience: Audience<Named> | undefined): string[] | undefined {
  return audience?.pipes.map(({ name }) => name).sort();
}

test("an audience has nothing to send at first", () => {
  const audience = new Audience([a]);
  assert.equal(audience.run, undefined);
  assert.deepEqual(audience.pipes, [a]);
});

test("nobody is no audience", () => {
  const subscriptions = subscriptionsOf(["foo", a]);
  assert.equal(subscriptions.audience(octets("fo")), undefined);
  assert.equal(subscriptions.audience(octets("bar")), undefined);
});

test("each is in an audience once, however many prefixes match", () => {
  const subscriptions = subscriptionsOf(["", a], ["foo", a], ["foo", b], ["fooo", c], ["bar", c]);
  assert.deepEqual(names(subscriptions.audience(octets("foo!"))), ["a", "b"]);
  assert.deepEqual(names(subscriptions.audience(octets("fooo"))), ["a", "b", "c"]);
  assert.deepEqual(names(subscriptions.audience(octets("bar"))), ["a", "c"]);
  assert.deepEqual(names(subscriptions.audience(octets("x"))), ["a"]);
});

test("topics with the same prefixes have the same audience, until a subscription changes", () => {
  const subscriptions = subscriptionsOf(["f", a], ["foo", b]);
  const first = subscriptions.audience(octets("foo1"));
  const other = subscriptions.audience(octets("f1"));
  assert.notEqual(first, other);
  assert.equal(subscriptions.audience(octets("foo2")), first);
  assert.equal(subscriptions.audience(octets("f2")), other);
  subscriptions.add(octets("foo"), b);
  assert.equal(subscriptions.audience(octets("foo3")), first, "repeated: nothing has changed");
  subscriptions.add(octets("foo"), c);
  assert.deepEqual(names(subscriptions.audience(octets("foo4"))), ["a", "b", "c"]);
  subscriptions.remove(octets("foo"), b);
  assert.deepEqual(names(subscriptions.audience(octets("foo5"))), ["a", "c"]);
  subscriptions.removePipe(c);
  assert.deepEqual(names(subscriptions.audience(octets("foo6"))), ["a"]);
});

test("a subscriber alone is one audience for all of its topics", () => {
  const subscriptions = subscriptionsOf(["foo", a], ["bar", a], ["baz", b]);
  const alone = subscriptions.audience(octets("foo"));
  assert.equal(subscriptions.audience(octets("bar")), alone);
  assert.deepEqual(names(subscriptions.audience(octets("baz"))), ["b"]);
  subscriptions.remove(octets("baz"), b);
  assert.equal(subscriptions.audience(octets("foo")), alone);
});

test("more audiences than are remembered are found all the same", () => {
  const subscriptions = new Subscriptions<Named>();
  for (let i = 0; i < 3000; i += 1) {
    subscriptions.add(octets(`${i}.`), a);
    subscriptions.add(octets(`${i}.`), b);
  }
  for (const round of [1, 2]) {
    for (let i = 0; i < 3000; i += 1) {
      assert.deepEqual(names(subscriptions.audience(octets(`${i}.`))), ["a", "b"], String(round));
    }
  }
});

test("an exact audience is of those who have this topic and no prefix of it", () => {
  const subscriptions = subscriptionsOf(["g", a], ["gr", a], ["gr", b], ["gro", c], ["", c]);
  assert.deepEqual(names(subscriptions.exactAudience(octets("gr"))), ["a", "b"]);
  assert.deepEqual(names(subscriptions.exactAudience(octets("gro"))), ["c"]);
  assert.deepEqual(names(subscriptions.exactAudience(octets(""))), ["c"]);
  assert.equal(subscriptions.exactAudience(octets("grou")), undefined);
  const both = subscriptions.exactAudience(octets("gr"));
  assert.equal(subscriptions.exactAudience(octets("gr")), both);
  subscriptions.remove(octets("gr"), a);
  assert.deepEqual(names(subscriptions.exactAudience(octets("gr"))), ["b"]);
});
