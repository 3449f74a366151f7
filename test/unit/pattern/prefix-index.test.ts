// SPDX-License-Identifier: MIT
/** Prefix index: nodes are found by parent and octets, also when their hashes collide. */
import assert from "node:assert/strict";
import test from "node:test";
import { BLOCK, isNode, KEY, LANES, lengthOf, PARENT, PrefixIndex, SHAPE } from "../../../src/pattern/prefix-index.ts";
import { octets } from "../../support/pattern-host.ts";

/** Nodes below the root with these octets, numbered from 1. */
function nodesOf(...topics: string[]): Int32Array {
  const nodes = new Int32Array((topics.length + 1) * LANES);
  for (const [i, topic] of topics.entries()) {
    const base = (i + 1) * LANES;
    nodes[base + SHAPE] = topic.length;
    nodes[base + PARENT] = 0;
    for (const [at, octet] of octets(topic).entries()) {
      const lane = base + KEY + (at >> 2);
      nodes[lane] = (nodes[lane] as number) | (octet << ((at & 3) * 8));
    }
  }
  return nodes;
}

function find(index: PrefixIndex, nodes: Int32Array, topic: string, parent = 0): number {
  const given = octets(topic);
  return index.find(nodes, index.hash(parent, given, 0, given.length), parent, given, 0, given.length);
}

const topics = Array.from({ length: 500 }, (_, i) => `${i}-${"x".repeat(i % 12)}`);

test("every node is found, and nothing else is", () => {
  const nodes = nodesOf(...topics);
  const index = new PrefixIndex();
  index.rebuild(nodes, topics.length + 1, topics.length);
  for (const [i, topic] of topics.entries()) {
    assert.equal(find(index, nodes, topic), i + 1);
    assert.equal(find(index, nodes, topic, 1), 0, "another parent");
    assert.equal(find(index, nodes, `${topic}!`), 0);
  }
});

test("nodes that are taken out leave no gap in the way of others", () => {
  const nodes = nodesOf(...topics);
  const index = new PrefixIndex();
  index.rebuild(nodes, topics.length + 1, topics.length / 2);
  for (const [i, topic] of topics.entries()) {
    if (i % 3 === 0) continue;
    index.remove(nodes, i + 1);
    assert.equal(find(index, nodes, topic), 0);
  }
  for (const [i, topic] of topics.entries()) assert.equal(find(index, nodes, topic), i % 3 === 0 ? i + 1 : 0);
});

test("octets within a topic are found where they are", () => {
  const nodes = nodesOf("abcdefg");
  const index = new PrefixIndex();
  index.rebuild(nodes, 2, 1);
  const topic = octets("..abcdefg..");
  assert.equal(index.find(nodes, index.hash(0, topic, 2, 7), 0, topic, 2, 7), 1);
  assert.equal(isNode(nodes, 1, 0, topic, 2, 7), true);
  assert.equal(isNode(nodes, 1, 0, topic, 1, 7), false);
  assert.equal(isNode(nodes, 1, 0, topic, 2, 6), false);
});

test("whoever knows the tables gains little: when too many hashes collide, others are made", () => {
  const nodes = nodesOf(...topics);
  const index = new PrefixIndex();
  const { tables } = index as unknown as { tables: Int32Array };
  tables.fill(0);
  index.rebuild(nodes, topics.length + 1, topics.length);
  assert.ok(tables.some((entry) => entry !== 0));
  for (const [i, topic] of topics.entries()) assert.equal(find(index, nodes, topic), i + 1);
});

test("few hashes that collide are told apart by the octets", () => {
  const nodes = nodesOf(...topics.slice(0, 50));
  const index = new PrefixIndex();
  (index as unknown as { tables: Int32Array }).tables.fill(0);
  index.rebuild(nodes, 51, 50);
  for (const [i, topic] of topics.slice(0, 50).entries()) assert.equal(find(index, nodes, topic), i + 1);
  for (let i = 0; i < 50; i += 2) index.remove(nodes, i + 1);
  for (const [i, topic] of topics.slice(0, 50).entries())
    assert.equal(find(index, nodes, topic), i % 2 === 0 ? 0 : i + 1);
});

test("two indexes have different tables", () => {
  const [a, b] = [new PrefixIndex(), new PrefixIndex()];
  const topic = octets("a topic of 16 oc");
  assert.equal(topic.length, BLOCK);
  // The same by chance once in four thousand million times; twice is out of the question.
  const hashes = (index: PrefixIndex): number[] => [0, 1].map((parent) => index.hash(parent, topic, 0, BLOCK));
  assert.notDeepEqual(hashes(a), hashes(b));
});

test("the root has no octets", () => {
  assert.equal(lengthOf(nodesOf("a"), 0), 0);
  assert.equal(lengthOf(nodesOf("abc"), 1), 3);
});
