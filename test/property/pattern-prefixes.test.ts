// SPDX-License-Identifier: MIT
/** Laws of the prefix tree: it is a list of prefixes, and as small as one that holds these can be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type PrefixNode, PrefixTree } from "../../src/pattern/prefix-tree.ts";
import { octets, text } from "../support/pattern-host.ts";
import { PlainPrefixes } from "../twins/prefixes.ts";
import { runs } from "./runs.ts";
import { anyTopic } from "./topics.ts";

const step = fc.record({ do: fc.constantFrom("set", "set", "unset", "look"), topic: anyTopic, which: fc.nat(999) });

/** All nodes, with a value or without. */
function count(tree: PrefixTree<number>): number {
  const { root } = tree as unknown as { root: PrefixNode<number> };
  let nodes = 0;
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes += 1;
    for (const child of node.children) {
      assert.equal(child.parent, node);
      assert.equal(child.first, child.label.charCodeAt(0));
      waiting.push(child);
    }
    if (node.table !== undefined) assert.equal(node.table.filter(Boolean).length, node.children.length);
    // A node without a value is there because several go on from it.
    assert.ok(node === root || node.value !== undefined || node.children.length > 1);
  }
  return nodes;
}

test("a prefix tree is a list of prefixes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const tree = new PrefixTree<number>();
      const plain = new PlainPrefixes<number>();
      let number = 0;
      for (const { do: verb, topic, which } of steps) {
        number += 1;
        if (verb === "set") {
          tree.at(octets(topic)).value = number;
          plain.values.set(topic, number);
        } else if (verb === "unset") {
          // One that is there, more often than not.
          const known = [...plain.values.keys()];
          const victim = known.length === 0 || which % 4 === 0 ? topic : (known[which % known.length] as string);
          const node = tree.find(octets(victim));
          assert.equal(node?.value, plain.values.get(victim));
          plain.values.delete(victim);
          if (node === undefined) continue;
          node.value = undefined;
          tree.prune(node);
        } else {
          const visited: number[] = [];
          tree.visitPrefixes(octets(topic), (value) => visited.push(value));
          const prefixes = plain.prefixesOf(topic);
          assert.deepEqual(
            visited,
            prefixes.map((prefix) => plain.values.get(prefix)),
          );
          assert.equal(tree.hasPrefixOf(octets(topic)), prefixes.length > 0);
          assert.equal(
            tree.longestPrefixOf(octets(topic))?.value,
            prefixes.length === 0 ? undefined : plain.values.get(prefixes.at(-1) as string),
          );
          assert.equal(tree.find(octets(topic))?.value, plain.values.get(topic));
        }
        assert.ok(count(tree) <= 2 * plain.values.size + 1);
      }
      const nodes = tree.nodes().map((node): [string, number | undefined] => [text(tree.topicOf(node)), node.value]);
      assert.deepEqual(new Map(nodes), plain.values);
    }),
    runs(300),
  );
});
