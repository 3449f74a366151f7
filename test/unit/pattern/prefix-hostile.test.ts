// SPDX-License-Identifier: MIT
/**
 * Subscriptions that somebody chose to make matching slow. What is counted is how often a search looks at its topic, at a
 * node or at the index; nothing is timed.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { PrefixTree } from "../../../src/pattern/prefix-tree.ts";
import { octets } from "../../support/pattern-host.ts";

interface Insides {
  nodes: Int32Array;
  index: { slots: Int32Array } | undefined;
}

/** Looks for each octet of the topic, and for the start of it: what a block of sixteen takes, and twice that. */
const PER_OCTET = 24;

/** How often a search for the prefixes of a topic looks anywhere. */
function looks(tree: PrefixTree, topic: Uint8Array, isAnyEnough = false): number {
  let count = 0;
  const counted = <T extends object>(array: T): T =>
    new Proxy(array, {
      get(target, key) {
        if (key !== "length") count += 1;
        return Reflect.get(target, key);
      },
    });
  const insides = tree as unknown as Insides;
  const { nodes, index } = insides;
  const slots = index?.slots;
  insides.nodes = counted(nodes);
  if (index !== undefined && slots !== undefined) index.slots = counted(slots);
  if (isAnyEnough) assert.equal(tree.hasPrefixOf(counted(topic)), true);
  else tree.findPrefixes(counted(topic));
  insides.nodes = nodes;
  if (index !== undefined && slots !== undefined) index.slots = slots;
  return count;
}

function add(tree: PrefixTree, topic: Uint8Array): void {
  tree.setValue(tree.at(topic), 1);
}

test("a topic that goes another way costs the same beside one prefix of a kind and a million", () => {
  const tree = new PrefixTree();
  const prefix = octets("site/00/rack/000/sensor/temperature");
  const miss = octets("site/00/rack/000/sensor/humidity");
  add(tree, prefix);
  for (let i = 0; i < 10; i += 1) add(tree, octets(`${i}`));
  const few = looks(tree, miss);
  const other = prefix.slice();
  for (let i = 0; i < 1 << 20; i += 1) {
    // A million that differ from the first and from one another in an octet or three.
    other[5] = i & 0x7f;
    other[14] = (i >> 7) & 0x7f;
    other[34] = i >> 14;
    add(tree, other);
  }
  // One more way to go wrong at each place, but not a million.
  assert.ok(looks(tree, miss) < few + 100, `${looks(tree, miss)}, ${few}`);
  assert.ok(looks(tree, prefix) < 35 * PER_OCTET, String(looks(tree, prefix)));
});

for (const [order, sign] of [
  ["shortest", 1],
  ["longest", -1],
] as const) {
  test(`four thousand prefixes of one another, the ${order} first, cost no more than the topic has octets`, () => {
    const tree = new PrefixTree();
    const long = new Uint8Array(4000).fill(97);
    const lengths = Array.from({ length: long.length }, (_, i) => (i + 1) * sign).sort((a, b) => a - b);
    for (const length of lengths) add(tree, long.subarray(0, Math.abs(length)));
    const count = looks(tree, long);
    assert.equal(tree.found, long.length);
    assert.ok(count < PER_OCTET * long.length, String(count));
    // Where any is enough the short ones are.
    assert.ok(looks(tree, long, true) < 16 * PER_OCTET, String(looks(tree, long, true)));
  });
}

test("prefixes of one octet up to a hundred thousand cost no more than the topic has octets", () => {
  const tree = new PrefixTree();
  const long = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 7);
  let held = 0;
  for (let length = 1; length < long.length; length += 1 + (length >> 3)) {
    add(tree, long.subarray(0, length));
    // And one beside it, which goes along up to the last octet.
    const other = long.slice(0, length + 1);
    other[length] = 255 - (long[length] as number);
    add(tree, other);
    held += 1;
  }
  assert.ok(looks(tree, long) < PER_OCTET * long.length, String(looks(tree, long)));
  tree.findPrefixes(long);
  assert.equal(tree.found, held);
  // Whoever leaves early pays for the way up to there.
  const early = long.slice();
  early[20] = 255 - (long[20] as number);
  assert.ok(looks(tree, early) < 40 * PER_OCTET, String(looks(tree, early)));
});

test("prefixes of every length that lead elsewhere slow a long topic at its first octets only", () => {
  const tree = new PrefixTree();
  for (let length = 1; length <= 3000; length += 1) {
    const other = new Uint8Array(length + 1).fill(length % 200);
    other[0] = 200;
    add(tree, other);
  }
  const topic = new Uint8Array(60_000).fill(200);
  assert.ok(looks(tree, topic) < 16 * PER_OCTET, String(looks(tree, topic)));
  // And not at all where the first octet is another.
  topic[0] = 201;
  assert.ok(looks(tree, topic) < 10, String(looks(tree, topic)));
});

test("a length that nobody uses any more is not looked for any more", () => {
  const tree = new PrefixTree();
  const topic = octets("yxxxxxxxxxxxxxxx");
  for (let i = 0; i < 200; i += 1) add(tree, octets(`y${String(i).padStart(5, "0")}`));
  const before = looks(tree, topic);
  for (let length = 7; length <= 16; length += 1) add(tree, octets("y".repeat(length)));
  assert.ok(looks(tree, topic) > before);
  for (let length = 7; length <= 16; length += 1) remove(tree, octets("y".repeat(length)));
  add(tree, octets("k?????"));
  remove(tree, octets("k?????"));
  // It is learned by and by: after as many have gone as are there.
  for (let i = 0; i < 300; i += 1) {
    add(tree, octets("y?????"));
    remove(tree, octets("y?????"));
  }
  assert.ok(looks(tree, topic) <= before + 2, `${looks(tree, topic)}, ${before}`);
  assert.ok(looks(tree, octets("kxxxxxxxxxxxxxxx")) < 10);
});

function remove(tree: PrefixTree, topic: Uint8Array): void {
  const node = tree.find(topic);
  tree.setValue(node, 0);
  tree.prune(node);
}
