// SPDX-License-Identifier: MIT
/** Prefix tree: topics of several nodes, few and many of them, memory that is given back. Hostile ones: prefix-hostile. */
import assert from "node:assert/strict";
import test from "node:test";
import { PrefixTree } from "../../../src/pattern/prefix-tree.ts";
import { octets, text } from "../../support/pattern-host.ts";

/** Values are 1 and up, in order. */
function treeOf(...topics: string[]): PrefixTree {
  const tree = new PrefixTree();
  for (const [i, topic] of topics.entries()) tree.setValue(tree.at(octets(topic)), i + 1);
  return tree;
}

function take(tree: PrefixTree, topic: string): void {
  const node = tree.find(octets(topic));
  assert.ok(node >= 0, topic);
  tree.setValue(node, 0);
  tree.prune(node);
}

function prefixesOf(tree: PrefixTree, topic: string): string[] {
  const found: string[] = [];
  tree.visitPrefixes(octets(topic), (node) => found.push(text(tree.topicOf(node))));
  const byLength = found.sort((a, b) => a.length - b.length);
  tree.findPrefixes(octets(topic));
  assert.equal(tree.found, found.length);
  assert.equal(tree.longest < 0 ? undefined : text(tree.topicOf(tree.longest)), byLength.at(-1));
  assert.equal(tree.hasPrefixOf(octets(topic)), found.length > 0);
  return byLength;
}

function all(tree: PrefixTree): string[] {
  return tree
    .all()
    .map((node) => text(tree.topicOf(node)))
    .sort();
}

/** Lanes of the nodes, and slots of the index. */
function sizeOf(tree: PrefixTree): number {
  const { nodes, index } = tree as unknown as { nodes: Int32Array; index: { slots: Int32Array } | undefined };
  return nodes.length + (index?.slots.length ?? 0);
}

test("an empty tree has a prefix of nothing", () => {
  const tree = new PrefixTree();
  assert.deepEqual(prefixesOf(tree, "a"), []);
  assert.deepEqual(prefixesOf(tree, ""), []);
  assert.equal(tree.find(octets("a")), -1);
  assert.deepEqual(all(tree), []);
});

test("the empty prefix is a prefix of everything", () => {
  const tree = treeOf("");
  assert.deepEqual(prefixesOf(tree, ""), [""]);
  assert.deepEqual(prefixesOf(tree, "xyz"), [""]);
  take(tree, "");
  assert.deepEqual(prefixesOf(tree, "xyz"), []);
});

for (const [name, others] of [
  ["few", []],
  ["many", Array.from({ length: 100 }, (_, i) => `other${i}`)],
] as const) {
  test(`all prefixes of a topic are found among ${name}`, () => {
    const tree = treeOf("abcd", "ab", "", "abx", ...others);
    assert.deepEqual(prefixesOf(tree, "abcde"), ["", "ab", "abcd"]);
    assert.deepEqual(prefixesOf(tree, "abc"), ["", "ab"]);
    assert.deepEqual(prefixesOf(tree, "a"), [""]);
    assert.deepEqual(prefixesOf(tree, "abxy"), ["", "ab", "abx"]);
  });

  test(`a prefix of every length up to 70 is found among ${name}`, () => {
    const long = Array.from({ length: 70 }, (_, i) => String.fromCharCode(40 + i)).join("");
    for (let length = 1; length <= long.length; length += 1) {
      const prefix = long.slice(0, length);
      const tree = treeOf(prefix, ...others);
      assert.deepEqual(prefixesOf(tree, `${long}!`), [prefix]);
      assert.deepEqual(prefixesOf(tree, long.slice(0, length - 1)), []);
      // Another octet at any place is another topic.
      for (let i = 0; i < length; i += 1) {
        const other = `${prefix.slice(0, i)}\x80${prefix.slice(i + 1)}`;
        assert.equal(tree.find(octets(other)), -1);
        assert.deepEqual(prefixesOf(tree, other), []);
      }
      take(tree, prefix);
      assert.deepEqual(all(tree), [...others].sort());
    }
  });
}

test("zeros at the end are octets like others", () => {
  const topics = ["a", "a\0", "a\0\0", "a\0\0\0", "a\0\0\0\0", `a${"\0".repeat(15)}`, `a${"\0".repeat(16)}`];
  const tree = treeOf(...topics);
  for (const [i, topic] of topics.entries()) assert.deepEqual(prefixesOf(tree, topic), topics.slice(0, i + 1));
});

test("taking topics out leaves the others, whatever the order", () => {
  const topics = [
    "",
    "a",
    "ab",
    "abc",
    "abd",
    "b",
    "a".repeat(16),
    "a".repeat(17),
    "a".repeat(40),
    `${"a".repeat(39)}b`,
  ];
  for (let turn = 0; turn < topics.length; turn += 1) {
    const tree = treeOf(...topics);
    const order = [...topics.slice(turn), ...topics.slice(0, turn)];
    while (order.length > 0) {
      take(tree, order.shift() as string);
      assert.deepEqual(all(tree), [...order].sort());
    }
  }
});

test("a node keeps its number while others come and go around it", () => {
  const tree = treeOf("abcdef");
  const node = tree.find(octets("abcdef"));
  const others = Array.from({ length: 1000 }, (_, i) => `abc${i}`);
  for (const other of others) tree.setValue(tree.at(octets(other)), 7);
  assert.equal(tree.find(octets("abcdef")), node);
  assert.equal(tree.value(node), 1);
  assert.equal(text(tree.topicOf(node)), "abcdef");
});

test("who keeps numbers of nodes hears of the new ones, and which are gone", () => {
  const tree = new PrefixTree();
  const numbers = new Map<number, string>();
  const topics = Array.from({ length: 2000 }, (_, i) => `${i}.${"long".repeat(i % 12)}`);
  for (const topic of topics) {
    const node = tree.at(octets(topic));
    tree.setValue(node, 9);
    numbers.set(node, topic);
  }
  let times = 0;
  tree.renumbered = (list) => {
    times += 1;
    const old = [...numbers];
    numbers.clear();
    for (const [node, topic] of old) if (list[node] !== -1) numbers.set(list[node] as number, topic);
  };
  for (const topic of topics.slice(0, 1990)) take(tree, topic);
  assert.ok(times > 0);
  const left = new Set(topics.slice(1990));
  for (const [node, topic] of numbers) if (left.delete(topic)) assert.equal(text(tree.topicOf(node)), topic);
  assert.equal(left.size, 0);
});

test("the value of what is a node no more is none", () => {
  const tree = treeOf("a", "b");
  const node = tree.find(octets("b"));
  take(tree, "b");
  assert.equal(tree.value(node), 0);
  assert.equal(tree.value(-1), 0);
  assert.equal(tree.value(1_000_000), 0);
});

test("memory is that of what is there: a loop of topics that come and go takes none", () => {
  const tree = treeOf("kept");
  const small = sizeOf(tree);
  for (let i = 0; i < 10_000; i += 1) {
    tree.setValue(tree.at(octets(`topic ${i} that goes on for a while`)), 1);
    take(tree, `topic ${i} that goes on for a while`);
  }
  assert.equal(sizeOf(tree), small);
});

test("memory is given back once most topics are gone", () => {
  const topics = Array.from({ length: 20_000 }, (_, i) => `topic ${i} that goes on for a while`);
  const tree = treeOf(...topics);
  const large = sizeOf(tree);
  for (const topic of topics.slice(0, 16_000)) take(tree, topic);
  assert.ok(sizeOf(tree) < large, "a fifth is left");
  for (const topic of topics.slice(16_000, 19_990)) take(tree, topic);
  assert.ok(sizeOf(tree) < large / 100, "hardly any is left");
  assert.deepEqual(all(tree), topics.slice(19_990).sort());
  for (const topic of topics.slice(19_990)) assert.deepEqual(prefixesOf(tree, `${topic}!`), [topic]);
});
