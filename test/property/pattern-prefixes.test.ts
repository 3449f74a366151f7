// SPDX-License-Identifier: MIT
/** Laws of the prefix tree: it is a list of prefixes, its numbers hold, and it has as many nodes as these prefixes need. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { lengthOf } from "../../src/pattern/prefix-index.ts";
import { PrefixTree } from "../../src/pattern/prefix-tree.ts";
import { octets, text } from "../support/pattern-host.ts";
import { PlainPrefixes } from "../twins/prefixes.ts";
import { runs } from "./runs.ts";
import { anyTopic } from "./topics.ts";

const step = fc.record({ do: fc.constantFrom("set", "set", "unset", "look"), topic: anyTopic, which: fc.nat(999) });
/** Also with so many others that come at once, and go at once, that the tree grows and shrinks. */
const crowd = fc.record({ do: fc.constantFrom("come", "go"), topic: fc.constant(""), which: fc.nat(999) });

interface Insides {
  readonly nodes: Int32Array;
  readonly index: { readonly slots: Int32Array } | undefined;
  readonly count: number;
  readonly end: number;
}

/** Every node has octets, and what is in use is what the prefixes need: one node for each different block on their ways. */
function checkNodes(tree: PrefixTree, prefixes: Iterable<string>): void {
  const { nodes, index, count, end } = tree as unknown as Insides;
  const ways = new Set<string>();
  for (const prefix of prefixes) {
    for (let length = 16; length < prefix.length; length += 16) ways.add(prefix.slice(0, length));
    if (prefix !== "") ways.add(prefix);
  }
  assert.equal(count, ways.size);
  let inUse = 0;
  for (let node = 1; node < end; node += 1) if (lengthOf(nodes, node) > 0) inUse += 1;
  assert.equal(inUse, count);
  assert.ok(end <= 64 || count >= end / 4, "much that is not in use is given back");
  if (index === undefined) return;
  assert.equal(index.slots.filter((slot) => slot !== 0).length, count);
  assert.ok(count <= index.slots.length / 2);
}

test("a prefix tree is a list of prefixes", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 8, arbitrary: step }, crowd), { maxLength: 80 }), (steps) => {
      const tree = new PrefixTree();
      const plain = new PlainPrefixes<number>();
      let number = 0;
      const set = (topic: string): void => {
        number += 1;
        tree.setValue(tree.at(octets(topic)), number);
        plain.values.set(topic, number);
      };
      const unset = (topic: string): void => {
        const node = tree.find(octets(topic));
        assert.equal(tree.value(node), plain.values.get(topic) ?? 0);
        plain.values.delete(topic);
        if (node < 0) return;
        tree.setValue(node, 0);
        tree.prune(node);
      };
      for (const { do: verb, topic, which } of steps) {
        if (verb === "set") {
          set(topic);
        } else if (verb === "unset") {
          // One that is there, more often than not.
          const known = [...plain.values.keys()];
          unset(known.length === 0 || which % 4 === 0 ? topic : (known[which % known.length] as string));
        } else if (verb === "come") {
          for (let i = 0; i < 60; i += 1) set(`${i % 7}/${"a".repeat((i * 5) % 40)}`);
        } else if (verb === "go") {
          for (const known of [...plain.values.keys()]) if (/^\d\//.test(known)) unset(known);
        } else {
          const visited: number[] = [];
          tree.visitPrefixes(octets(topic), (node) => visited.push(tree.value(node)));
          const prefixes = plain.prefixesOf(topic).map((prefix) => plain.values.get(prefix) as number);
          assert.deepEqual(visited.sort(), prefixes.slice().sort());
          assert.equal(tree.hasPrefixOf(octets(topic)), prefixes.length > 0);
          tree.findPrefixes(octets(topic));
          assert.equal(tree.found, prefixes.length);
          assert.equal(tree.value(tree.longest), prefixes.at(-1) ?? 0);
          assert.equal(tree.value(tree.find(octets(topic))), plain.values.get(topic) ?? 0);
        }
        checkNodes(tree, plain.values.keys());
      }
      const values = tree.all().map((node): [string, number] => [text(tree.topicOf(node)), tree.value(node)]);
      assert.deepEqual(new Map(values), plain.values);
    }),
    runs(150),
  );
});
