// SPDX-License-Identifier: MIT
/** Prefix tree: splitting and joining of runs, many children, very long topics. */
import assert from "node:assert/strict";
import test from "node:test";
import { type PrefixNode, PrefixTree } from "../../../src/pattern/prefix-tree.ts";
import { octets, text } from "../../support/pattern-host.ts";

function put(tree: PrefixTree<string>, ...topics: string[]): void {
  for (const topic of topics) tree.at(octets(topic)).value = topic;
}

function take(tree: PrefixTree<string>, topic: string): void {
  const node = tree.find(octets(topic));
  assert.ok(node !== undefined, topic);
  node.value = undefined;
  tree.prune(node);
}

function prefixesOf(tree: PrefixTree<string>, topic: string): string[] {
  const found: string[] = [];
  tree.visitPrefixes(octets(topic), (value) => found.push(value));
  return found;
}

function all(tree: PrefixTree<string>): string[] {
  return tree
    .nodes()
    .map((node) => text(tree.topicOf(node)))
    .sort();
}

test("an empty tree has a prefix of nothing", () => {
  const tree = new PrefixTree<string>();
  assert.deepEqual(prefixesOf(tree, "a"), []);
  assert.equal(tree.hasPrefixOf(octets("")), false);
  assert.equal(tree.find(octets("a")), undefined);
  assert.deepEqual(all(tree), []);
});

test("the empty prefix is a prefix of everything", () => {
  const tree = new PrefixTree<string>();
  put(tree, "");
  assert.deepEqual(prefixesOf(tree, ""), [""]);
  assert.equal(tree.hasPrefixOf(octets("xyz")), true);
  take(tree, "");
  assert.equal(tree.hasPrefixOf(octets("xyz")), false);
});

test("prefixes are found from the shortest to the whole topic", () => {
  const tree = new PrefixTree<string>();
  put(tree, "abcd", "ab", "", "abx", "b");
  assert.deepEqual(prefixesOf(tree, "abcde"), ["", "ab", "abcd"]);
  assert.deepEqual(prefixesOf(tree, "abc"), ["", "ab"]);
  assert.deepEqual(prefixesOf(tree, "a"), [""]);
  assert.deepEqual(prefixesOf(tree, "abxy"), ["", "ab", "abx"]);
});

test("topics that part ways in the middle of a run are kept apart", () => {
  const tree = new PrefixTree<string>();
  put(tree, "weather.oslo", "weather.bergen", "weather");
  assert.deepEqual(all(tree), ["weather", "weather.bergen", "weather.oslo"]);
  assert.equal(tree.hasPrefixOf(octets("weathe")), false);
  assert.deepEqual(prefixesOf(tree, "weather.bergen.now"), ["weather", "weather.bergen"]);
});

test("taking topics out leaves the others, whatever the order", () => {
  const topics = ["", "a", "ab", "abc", "abd", "b", "abcdef", "abcdeg"];
  for (let turn = 0; turn < topics.length; turn += 1) {
    const tree = new PrefixTree<string>();
    put(tree, ...topics);
    const order = [...topics.slice(turn), ...topics.slice(0, turn)];
    while (order.length > 0) {
      take(tree, order.shift() as string);
      assert.deepEqual(all(tree), [...order].sort());
    }
  }
});

test("the tree never has more than two nodes for each value, and none is left at the end", () => {
  const tree = new PrefixTree<string>();
  const topics = ["abc", "abd", "ab", "xyz", "xyzw", "x", "abcdefgh", "abcdefgi"];
  put(tree, ...topics);
  for (const [i, topic] of topics.entries()) {
    take(tree, topic);
    assert.ok(countNodes(tree) <= 2 * (topics.length - i - 1), topic);
  }
  assert.equal(countNodes(tree), 0);
});

/** Nodes below the root. */
function countNodes(tree: PrefixTree<string>): number {
  const waiting = [(tree as unknown as { root: PrefixNode<string> }).root];
  let count = -1;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    count += 1;
    waiting.push(...node.children);
  }
  return count;
}

test("a node keeps its place in the user's hands while others come and go around it", () => {
  const tree = new PrefixTree<string>();
  const node = tree.at(octets("abcdef"));
  node.value = "kept";
  put(tree, "abc", "abcx", "ab");
  take(tree, "abc");
  take(tree, "abcx");
  take(tree, "ab");
  assert.equal(text(tree.topicOf(node)), "abcdef");
  assert.equal(tree.find(octets("abcdef")), node);
});

test("all 256 octets can follow one another", () => {
  const tree = new PrefixTree<string>();
  const topics = Array.from({ length: 256 }, (_, octet) => `x${String.fromCharCode(octet)}`);
  put(tree, ...topics);
  for (const topic of topics) assert.deepEqual(prefixesOf(tree, `${topic}!`), [topic]);
  for (const topic of topics.slice(0, 250)) take(tree, topic);
  assert.deepEqual(all(tree), topics.slice(250).sort());
  for (const topic of topics.slice(250)) assert.deepEqual(prefixesOf(tree, topic), [topic]);
});

test("a topic of a million octets costs no stack", () => {
  const tree = new PrefixTree<string>();
  const long = new Uint8Array(1 << 20).fill(97);
  tree.at(long).value = "long";
  tree.at(long.subarray(0, 1 << 19)).value = "half";
  const found: string[] = [];
  tree.visitPrefixes(long, (value) => found.push(value));
  assert.deepEqual(found, ["half", "long"]);
  assert.equal(tree.hasPrefixOf(long.subarray(1)), true);
  const node = tree.find(long);
  assert.ok(node !== undefined);
  assert.deepEqual(tree.topicOf(node), long);
});

test("a chain of ten thousand nested topics costs no stack", () => {
  const tree = new PrefixTree<number>();
  const long = new Uint8Array(10_000).fill(97);
  for (let length = 1; length <= long.length; length += 1) tree.at(long.subarray(0, length)).value = length;
  let count = 0;
  tree.visitPrefixes(long, () => {
    count += 1;
  });
  assert.equal(count, 10_000);
  assert.equal(tree.nodes().length, 10_000);
});
