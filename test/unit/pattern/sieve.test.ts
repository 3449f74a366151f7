// SPDX-License-Identifier: MIT
/** Sieve: what passes, and the one that is read ahead. */
import assert from "node:assert/strict";
import test from "node:test";
import { Sieve } from "../../../src/pattern/sieve.ts";
import { octets } from "../../support/pattern-host.ts";

const [a, b, c] = [octets("a"), octets("b"), octets("c")];

test("messages of several parts are dropped whole, the others come in order", () => {
  const waiting = [[a, b], [a], [b, c, c], [c, b], [b]];
  const sieve = new Sieve(() => waiting.shift());
  assert.deepEqual([sieve.read(), sieve.read(), sieve.read()], [[a], [b], undefined]);
});

test("asking whether there is a message takes none, and is sure", () => {
  const waiting = [[a, b], [a], [b, c]];
  const sieve = new Sieve(() => waiting.shift());
  assert.deepEqual([sieve.canRead(), sieve.canRead()], [true, true]);
  assert.deepEqual(sieve.read(), [a]);
  assert.deepEqual([sieve.canRead(), sieve.read()], [false, undefined]);
  waiting.push([c]);
  assert.deepEqual([sieve.canRead(), sieve.read()], [true, [c]]);
});

test("what passes can be said", () => {
  const waiting = [[a], [a, b], [c]];
  const sieve = new Sieve(
    () => waiting.shift(),
    (message) => message.length === 2,
  );
  assert.deepEqual([sieve.read(), sieve.read()], [[a, b], undefined]);
});
