// SPDX-License-Identifier: MIT
/** Subscriptions: whatever comes and goes, the trees hold what lists of prefixes hold. */
import assert from "node:assert/strict";
import { PrefixTree } from "../../../src/pattern/prefix-tree.ts";
import { OwnSubscriptions, Subscriptions } from "../../../src/pattern/subscriptions.ts";
import { text } from "../../support/pattern-host.ts";
import { PlainOwnSubscriptions, PlainPrefixes, PlainSubscriptions } from "../../twins/prefixes.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";

/** Steps of one input: enough to make trees grow and shrink, few enough for lists. */
const MOST_STEPS = 400;

/** A topic: short, or one of those that share long beginnings. */
function topicFrom(choices: Choices): Uint8Array {
  const octet = choices.octet();
  if (octet < 64) return choices.octets(octet & 7);
  const shared = new Uint8Array((octet & 63) + 1).fill(octet >> 6);
  shared.set(choices.octets(octet & 1), shared.length - 1);
  return shared;
}

interface Pipe {
  readonly name: number;
}

function fuzzSubscriptions(data: Uint8Array): void {
  const choices = new Choices(data);
  const pipes: readonly Pipe[] = Array.from({ length: 8 }, (_, name) => ({ name }));
  const all = new Subscriptions<Pipe>();
  const plain = new PlainSubscriptions<Pipe>();
  const names = (list: readonly Pipe[]): string =>
    list
      .map(({ name }) => name)
      .sort()
      .join();
  for (let steps = 0; !choices.isOver && steps < MOST_STEPS; steps += 1) {
    const what = choices.octet();
    const pipe = pipes[what & 7] as Pipe;
    if (what >= 248) {
      const left: [string, boolean][] = [];
      all.removePipe(pipe, (topic, wasLast) => left.push([text(topic), wasLast]));
      assert.deepEqual(left.sort(), plain.leave(pipe).sort());
      continue;
    }
    const topic = topicFrom(choices);
    const name = text(topic);
    if ((what >> 3) % 3 === 0) assert.equal(all.remove(topic, pipe), plain.remove(name, pipe));
    else if ((what >> 3) % 3 === 1) assert.equal(all.add(topic, pipe), plain.add(name, pipe));
    else {
      const found: Pipe[] = [];
      all.match(topic, (each) => found.push(each));
      assert.equal(names(found), names(plain.match(name)));
      const audience = all.audience(topic);
      assert.equal(audience === undefined ? "" : names([...audience.pipes]), names(plain.match(name)));
    }
    assert.equal(all.size, plain.size);
  }
  const counts = all.list().map(({ topic, count }) => [text(topic), count] as const);
  assert.equal(counts.length, plain.size);
  for (const [topic, count] of counts) assert.equal(count, plain.pairs.filter(([each]) => each === topic).length);
  assert.equal(all.pipeCount, new Set(plain.pairs.map(([, pipe]) => pipe)).size);
}

function fuzzOwn(data: Uint8Array): void {
  const choices = new Choices(data);
  const own = new OwnSubscriptions();
  const plain = new PlainOwnSubscriptions();
  for (let steps = 0; !choices.isOver && steps < MOST_STEPS; steps += 1) {
    const what = choices.octet();
    const topic = topicFrom(choices);
    const name = text(topic);
    if (what % 3 === 0) assert.equal(own.remove(topic), plain.remove(name));
    else if (what % 3 === 1) assert.equal(own.add(topic), plain.add(name));
    else assert.equal(own.matches(topic), plain.matches(name));
    assert.equal(own.has(topic), plain.asked.includes(name));
  }
  assert.deepEqual(own.topics().map(text).sort(), plain.topics.sort());
  assert.equal(own.size, plain.topics.length);
}

function fuzzTree(data: Uint8Array): void {
  const choices = new Choices(data);
  const tree = new PrefixTree();
  const plain = new PlainPrefixes<number>();
  for (let number = 1; !choices.isOver && number < MOST_STEPS; number += 1) {
    const what = choices.octet();
    const topic = topicFrom(choices);
    const name = text(topic);
    if (what % 3 === 0) {
      const node = tree.find(topic);
      assert.equal(tree.value(node), plain.values.get(name) ?? 0);
      plain.values.delete(name);
      if (node < 0) continue;
      tree.setValue(node, 0);
      tree.prune(node);
    } else if (what % 3 === 1) {
      tree.setValue(tree.at(topic), number);
      plain.values.set(name, number);
    } else {
      tree.findPrefixes(topic);
      const prefixes = plain.prefixesOf(name);
      assert.equal(tree.found, prefixes.length);
      assert.equal(tree.value(tree.longest), plain.values.get(prefixes.at(-1) ?? "none") ?? 0);
    }
  }
  const values = tree.all().map((node): [string, number] => [text(tree.topicOf(node)), tree.value(node)]);
  assert.deepEqual(new Map(values), plain.values);
}

/** The targets of `pattern/`'s subscriptions. */
export const prefixTargets: readonly Target[] = [
  {
    name: "subscriptions",
    about: "who wants what, equal to a list of pairs",
    runs: 150,
    generate: (random) => random.octets(random.below(900)),
    fuzz: fuzzSubscriptions,
  },
  {
    name: "own-subscriptions",
    about: "what a subscriber asked for, equal to a list",
    runs: 150,
    generate: (random) => random.octets(random.below(900)),
    fuzz: fuzzOwn,
  },
  {
    name: "prefix-tree",
    about: "values under prefixes, equal to a map that is searched from end to end",
    runs: 150,
    generate: (random) => random.octets(random.below(900)),
    fuzz: fuzzTree,
  },
];
