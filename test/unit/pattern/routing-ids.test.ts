// SPDX-License-Identifier: MIT
/** Routing ids: a table by octets, and ids for peers that announce none. */
import assert from "node:assert/strict";
import test from "node:test";
import { RoutingIds, randomUint32 } from "../../../src/pattern/routing-ids.ts";
import { octets } from "../../support/pattern-host.ts";

test("a value is found by equal octets in another array", () => {
  const ids = new RoutingIds<string>();
  ids.add(octets("peer"), "one");
  ids.add(octets(""), "two");
  assert.equal(ids.get(octets("peer")), "one");
  assert.equal(ids.get(octets("")), "two");
  assert.equal(ids.get(octets("pee")), undefined);
  assert.equal(ids.size, 2);
});

test("the table does not change when the application writes into its array", () => {
  const ids = new RoutingIds<string>();
  const id = octets("peer");
  ids.add(id, "one");
  id[0] = 0;
  assert.equal(ids.get(octets("peer")), "one");
});

test("an id is taken out only in the name of its holder", () => {
  const ids = new RoutingIds<string>();
  ids.add(octets("peer"), "one");
  ids.delete(octets("peer"), "two");
  ids.delete(octets("other"), "one");
  assert.equal(ids.size, 1);
  ids.delete(octets("peer"), "one");
  assert.equal(ids.get(octets("peer")), undefined);
  assert.equal(ids.size, 0);
});

test("many ids live together", () => {
  const ids = new RoutingIds<number>();
  for (let i = 0; i < 20_000; i += 1) ids.add(octets(`id-${i}`), i);
  for (let i = 0; i < 20_000; i += 2) ids.delete(octets(`id-${i}`), i);
  for (let i = 0; i < 20_000; i += 1) assert.equal(ids.get(octets(`id-${i}`)), i % 2 === 0 ? undefined : i);
  assert.equal(
    ids.some((value) => value === 19_999),
    true,
  );
  assert.equal(
    ids.some((value) => value === 0),
    false,
  );
});

test("generated ids are five octets, begin with a zero, count up, and are never in use", () => {
  const ids = new RoutingIds<string>();
  const first = ids.generate();
  assert.equal(first.length, 5);
  assert.equal(first[0], 0);
  const second = ids.generate();
  const number = (id: Uint8Array): number => new DataView(id.buffer, id.byteOffset).getUint32(1);
  assert.equal(number(second), (number(first) + 1) >>> 0);
  const next = Uint8Array.from(second);
  new DataView(next.buffer).setUint32(1, (number(second) + 1) >>> 0);
  ids.add(next, "taken");
  assert.equal(number(ids.generate()), (number(second) + 2) >>> 0);
});

test("a made-up id is found by its number and by its octets, and has the type it is asked for in", () => {
  const ids = new RoutingIds<string>();
  const numbers = Array.from({ length: 600 }, (_, i) => ids.addNumber(`peer ${i}`));
  const spelt = numbers.map((number, i) => ids.spell(number, i % 3 === 0 ? new Uint8Array(1) : Buffer.from("x")));
  assert.equal(ids.size, 600);
  for (const [i, id] of spelt.entries()) {
    assert.equal(id.length, 5);
    assert.equal(id[0], 0);
    assert.equal(Buffer.isBuffer(id), i % 3 !== 0);
    assert.equal(ids.get(Uint8Array.from(id)), `peer ${i}`);
  }
  ids.deleteNumber(numbers[1] as number, "somebody else");
  assert.equal(ids.get(spelt[1] as Uint8Array), "peer 1");
  ids.deleteNumber(numbers[1] as number, "peer 1");
  assert.equal(ids.get(spelt[1] as Uint8Array), undefined);
  ids.delete(spelt[2] as Uint8Array, "peer 2");
  assert.equal(ids.get(spelt[2] as Uint8Array), undefined);
  assert.equal(ids.size, 598);
});

test("random numbers have 32 bits and differ", () => {
  const numbers = new Set(Array.from({ length: 16 }, randomUint32));
  assert.ok(numbers.size > 1);
  for (const number of numbers) assert.ok(Number.isInteger(number) && number >= 0 && number < 2 ** 32);
});
