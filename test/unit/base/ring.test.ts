// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Ring } from "../../../src/base/ring.ts";

/** All items, taken out in order. */
function drain(ring: Ring<number>): number[] {
  const items: number[] = [];
  for (let item = ring.shift(); item !== undefined; item = ring.shift()) items.push(item);
  return items;
}

test("an empty ring has nothing", () => {
  const ring = new Ring<number>();
  assert.equal(ring.length, 0);
  assert.equal(ring.shift(), undefined);
  assert.equal(ring.peek(), undefined);
  assert.equal(ring.last(), undefined);
  assert.equal(ring.remove(1), false);
});

test("clear forgets all items, and the ring starts again", () => {
  const ring = new Ring<number>();
  for (let i = 0; i < 10; i += 1) ring.push(i);
  ring.clear();
  assert.equal(ring.length, 0);
  ring.push(7);
  assert.deepEqual(drain(ring), [7]);
});

test("remove takes out the first of equal items", () => {
  const ring = new Ring<number>();
  for (const item of [1, 2, 1, 3]) ring.push(item);
  assert.equal(ring.remove(1), true);
  assert.deepEqual(drain(ring), [2, 1, 3]);
});

test("a ring is an array, whatever is done to it", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("push" as const), item: fc.nat(5) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("shift" as const), item: fc.constant(0) }) },
    fc.record({ do: fc.constantFrom("remove" as const, "replaceLast" as const), item: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ring = new Ring<number>();
      const array: number[] = [];
      for (const { do: operation, item } of steps) {
        if (operation === "push") {
          ring.push(item);
          array.push(item);
        } else if (operation === "shift") {
          assert.equal(ring.shift(), array.shift());
        } else if (operation === "remove") {
          const index = array.indexOf(item);
          assert.equal(ring.remove(item), index >= 0);
          if (index >= 0) array.splice(index, 1);
        } else if (array.length > 0) {
          ring.replaceLast(item);
          array[array.length - 1] = item;
        }
        assert.equal(ring.length, array.length);
        assert.equal(ring.peek(), array[0]);
        assert.equal(ring.last(), array.at(-1));
      }
      assert.deepEqual(drain(ring), array);
    }),
  );
});

test("after a burst a ring goes on as before", () => {
  const ring = new Ring<number>();
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 5000; i += 1) ring.push(i);
    for (let i = 0; i < 5000; i += 1) assert.equal(ring.shift(), i);
    assert.deepEqual([ring.length, ring.shift(), ring.peek(), ring.last()], [0, undefined, undefined, undefined]);
  }
});
