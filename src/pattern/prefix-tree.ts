// SPDX-License-Identifier: MIT
/**
 * Prefix tree: numbers under strings of octets, found for every prefix of a topic in time proportional to the topic alone,
 * however many prefixes there are (RFC 29: "prefix match on the first part"). The base of `subscriptions.ts`.
 *
 * A node stands for up to sixteen octets below its parent, so a topic of twenty has two. All nodes lie in one typed array,
 * and `prefix-index.ts` finds a child by its parent and octets: two cache misses where it is there and one where it is not.
 * A tree of objects pays several for each octet that others share. A node knows how long its children are, so that only
 * these lengths are tried: at most one for each octet of the topic. Nothing recurses.
 */
import { BLOCK, isNode, KEY, LANES, lengthOf, PARENT, PrefixIndex, SHAPE } from "./prefix-index.ts";

/** The node of the empty topic. */
const ROOT = 0;
/** No node. */
const NOWHERE = -1;
// The rest of a node's lanes. A free node has the complement of the next free one for its parent, and no value.
const VALUE = 6;
const CHILDREN = 7;

/** Up to so many nodes are looked at one after the other: as fast as an index, and saves the memory for one. */
const FEW = 4;
// Once only one node in so many is in use, the others are given back.
const SPARSE = 4;
// Below so many nodes nothing is worth tidying up.
const LEAST = 64;
const ALL = 0x3fffffff;
/** No other lengths than that of a block. */
const WHOLE = 1 << (BLOCK - 1);

/** Numbers by prefix; 0 is none. Nodes are numbers as well, and stay the same until `renumbered` is called. */
export class PrefixTree {
  /** Called with the new number of each node by its old one, -1 for those that are gone, when the tree has shrunk. */
  renumbered: ((numbers: Int32Array) => void) | undefined = undefined;
  /** How many prefixes the last search found, and the longest of them; -1 when there was none. */
  found = 0;
  longest: number = NOWHERE;
  private visit: ((node: number) => void) | undefined = undefined;
  private nodes = new Int32Array((FEW + 1) * LANES);
  private index: PrefixIndex | undefined = undefined;
  /** Beside the index: the lengths of the root's children by their first octet, so that most others are told at once. */
  private firsts: Uint16Array | undefined = undefined;
  /** Nodes in use, but the root. */
  private count = 0;
  /** One more than the largest number of a node. */
  private end = 1;
  /** The first of the free nodes. */
  private free = 0;
  /** Removals since the nodes were last told which lengths their children have. */
  private removals = 0;

  /** The node of exactly this topic, made where it is missing: it wants a value then. */
  at(topic: Uint8Array): number {
    let node: number = ROOT;
    for (let start = 0; start < topic.length; start += BLOCK) {
      const length = Math.min(BLOCK, topic.length - start);
      node = this.childOf(node, topic, start, length) || this.addChild(node, topic, start, length);
    }
    return node;
  }

  /** The node of exactly this topic; -1 when there is none. Its value may be 0. */
  find(topic: Uint8Array): number {
    let node: number = ROOT;
    for (let start = 0; start < topic.length; start += BLOCK) {
      node = this.childOf(node, topic, start, Math.min(BLOCK, topic.length - start));
      if (node === 0) return NOWHERE;
    }
    return node;
  }

  /** The value of a node; 0 also for what is a node no more. */
  value(node: number): number {
    return this.nodes[node * LANES + VALUE] ?? 0;
  }

  setValue(node: number, value: number): void {
    this.nodes[node * LANES + VALUE] = value;
  }

  /** True when some prefix of the topic has a value. */
  hasPrefixOf(topic: Uint8Array): boolean {
    this.search(topic, 1, undefined);
    return this.found > 0;
  }

  /** Finds the prefixes of the topic that have a value: sets `found` and `longest`. */
  findPrefixes(topic: Uint8Array): void {
    this.search(topic, ALL, undefined);
  }

  /** Calls back with the node of every prefix of the topic that has a value, the topic itself included. */
  visitPrefixes(topic: Uint8Array, visit: (node: number) => void): void {
    this.search(topic, ALL, visit);
  }

  /** Takes out a node whose value is gone, and those on the way to it, where nothing else needs them. */
  prune(node: number): void {
    const { nodes } = this;
    let lost = node;
    while (lost !== ROOT && nodes[lost * LANES + VALUE] === 0 && nodes[lost * LANES + CHILDREN] === 0) {
      const base = lost * LANES;
      const parent = nodes[base + PARENT] as number;
      this.index?.remove(nodes, lost);
      nodes.fill(0, base, base + LANES);
      nodes[base + PARENT] = ~this.free;
      this.free = lost;
      this.count -= 1;
      this.removals += 1;
      nodes[parent * LANES + CHILDREN] = (nodes[parent * LANES + CHILDREN] as number) - 1;
      lost = parent;
    }
    if (this.end > LEAST && this.count < this.end / SPARSE) this.shrink();
    else if (this.removals > LEAST + this.count) this.learnLengths();
  }

  /** All nodes with a value. */
  all(): number[] {
    const found: number[] = [];
    for (let node: number = ROOT; node < this.end; node += 1) {
      if (this.value(node) !== 0) found.push(node);
    }
    return found;
  }

  /** The topic that leads to a node. */
  topicOf(node: number): Uint8Array {
    const { nodes } = this;
    let length = 0;
    for (let step = node; step !== ROOT; step = nodes[step * LANES + PARENT] as number) length += lengthOf(nodes, step);
    const topic = new Uint8Array(length);
    for (let step = node; step !== ROOT; step = nodes[step * LANES + PARENT] as number) {
      const key = step * LANES + KEY;
      const size = lengthOf(nodes, step);
      length -= size;
      for (let i = 0; i < size; i += 1) topic[length + i] = (nodes[key + (i >> 2)] as number) >>> ((i & 3) << 3);
    }
    return topic;
  }

  /** Finds prefixes until there are as many as are wanted, or some more. */
  private search(topic: Uint8Array, wanted: number, visit: ((node: number) => void) | undefined): void {
    const { nodes, index } = this;
    this.visit = visit;
    this.found = 0;
    this.longest = NOWHERE;
    if (nodes[VALUE] !== 0) this.reach(ROOT);
    let lengths = (nodes[SHAPE] as number) >>> 8;
    if (lengths === 0 || topic.length === 0) return;
    if (this.firsts !== undefined) lengths &= this.firsts[topic[0] as number] as number;
    for (let node: number = ROOT, start = 0; this.found < wanted; start += BLOCK) {
      const rest = topic.length - start;
      if (rest < BLOCK) lengths &= (1 << rest) - 1;
      if (lengths === 0) return;
      node =
        index === undefined
          ? this.reachFew(node, topic, start)
          : this.reachChildren(index, node, topic, start, lengths);
      if (node === 0) return;
      lengths = (nodes[node * LANES + SHAPE] as number) >>> 8;
    }
  }

  /** Reaches the children whose octets the topic has here, of these lengths; the one that is as long as a block, or 0. */
  private reachChildren(index: PrefixIndex, node: number, topic: Uint8Array, start: number, lengths: number): number {
    const { nodes } = this;
    let state = index.start(node);
    if (lengths === WHOLE) {
      // The same as below without the loop: 19 ns a search for 23, among 1000 nodes 25 for 34.
      state = index.addFour(index.addFour(state, topic, start), topic, start + 4);
      state = index.addFour(index.addFour(state, topic, start + 8), topic, start + 12);
      const child = index.find(nodes, state, node, topic, start, BLOCK);
      if (child !== 0) this.reach(child);
      return child;
    }
    let left = lengths;
    for (let at = start; ; at += 4, left >>>= 4) {
      // Octet by octet only for prefixes that end within a word of four.
      if ((left & 7) !== 0) {
        let part = state;
        for (let i = 0; i < 3 && left >>> i !== 0; i += 1) {
          part = index.add(part, i, topic[at + i] as number);
          if (((left >>> i) & 1) === 0) continue;
          const child = index.find(nodes, part, node, topic, start, at + i + 1 - start);
          if (child !== 0) this.reach(child);
        }
      }
      if (left < 8) return 0;
      state = index.addFour(state, topic, at);
      if ((left & 8) === 0) continue;
      const length = at + 4 - start;
      const child = index.find(nodes, state, node, topic, start, length);
      if (child !== 0) this.reach(child);
      if (length === BLOCK) return child;
    }
  }

  /** The same where there is no index: looks at every node. */
  private reachFew(parent: number, topic: Uint8Array, start: number): number {
    const { nodes, end } = this;
    const rest = topic.length - start;
    const first = topic[start];
    let next = 0;
    let most = 0;
    for (let node = 1; node < end; node += 1) {
      if (((nodes[node * LANES + KEY] as number) & 0xff) !== first) continue;
      const length = lengthOf(nodes, node);
      if (length > rest || !isNode(nodes, node, parent, topic, start, length)) continue;
      if (length === BLOCK) next = node;
      const { longest } = this;
      this.reach(node);
      if (length < most) this.longest = longest;
      else if (this.longest === node) most = length;
    }
    return next;
  }

  private reach(node: number): void {
    if (this.value(node) === 0) return;
    this.found += 1;
    this.longest = node;
    this.visit?.(node);
  }

  /** The child with these octets; 0 when there is none. */
  private childOf(parent: number, topic: Uint8Array, start: number, length: number): number {
    const { nodes, index } = this;
    if (index !== undefined)
      return index.find(nodes, index.hash(parent, topic, start, length), parent, topic, start, length);
    for (let node = 1; node < this.end; node += 1) if (isNode(nodes, node, parent, topic, start, length)) return node;
    return 0;
  }

  private addChild(parent: number, topic: Uint8Array, start: number, length: number): number {
    const node = this.takeNode();
    const { nodes } = this;
    const base = node * LANES;
    nodes[base + PARENT] = parent;
    nodes[base + SHAPE] = length;
    for (let i = 0; i < length; i += 1) {
      const lane = base + KEY + (i >> 2);
      nodes[lane] = (nodes[lane] as number) | ((topic[start + i] as number) << ((i & 3) << 3));
    }
    const above = parent * LANES;
    nodes[above + CHILDREN] = (nodes[above + CHILDREN] as number) + 1;
    this.tellLength(node);
    this.count += 1;
    if (this.index !== undefined && this.count <= this.index.room) this.index.insert(nodes, node);
    else if (this.count > FEW) this.buildIndex();
    return node;
  }

  private takeNode(): number {
    const node = this.free;
    if (node !== 0) {
      this.free = ~(this.nodes[node * LANES + PARENT] as number);
      return node;
    }
    if (this.end * LANES === this.nodes.length) {
      const larger = new Int32Array((this.end + (this.end >> 1)) * LANES);
      larger.set(this.nodes);
      this.nodes = larger;
    }
    this.end += 1;
    return this.end - 1;
  }

  private buildIndex(): void {
    if (this.firsts === undefined) {
      this.firsts = new Uint16Array(256);
      this.learnLengths();
    }
    this.index ??= new PrefixIndex();
    this.index.rebuild(this.nodes, this.end, this.count);
  }

  /** Gives back the nodes that are not in use. */
  private shrink(): void {
    const { nodes: old, end } = this;
    const numbers = new Int32Array(end);
    const nodes = new Int32Array((FEW + 1 + this.count + (this.count >> 1)) * LANES);
    let next = 1;
    for (let node = 1; node < end; node += 1) numbers[node] = lengthOf(old, node) === 0 ? NOWHERE : next++;
    for (let node: number = ROOT; node < end; node += 1) {
      const number = numbers[node] as number;
      if (number === NOWHERE) continue;
      nodes.set(old.subarray(node * LANES, (node + 1) * LANES), number * LANES);
      nodes[number * LANES + PARENT] = numbers[old[node * LANES + PARENT] as number] as number;
    }
    this.nodes = nodes;
    this.end = next;
    this.free = 0;
    if (this.count > FEW) this.buildIndex();
    else this.index = this.firsts = undefined;
    this.renumbered?.(numbers);
  }

  /** Forgets the lengths that children had who are gone. */
  private learnLengths(): void {
    const { nodes, end } = this;
    this.removals = 0;
    this.firsts?.fill(0);
    for (let node: number = ROOT; node < end; node += 1) nodes[node * LANES + SHAPE] = lengthOf(nodes, node);
    for (let node = 1; node < end; node += 1) if (lengthOf(nodes, node) > 0) this.tellLength(node);
  }

  /** Tells a node's parent that it has a child of this length. */
  private tellLength(node: number): void {
    const { nodes, firsts } = this;
    const parent = nodes[node * LANES + PARENT] as number;
    const bit = 1 << (lengthOf(nodes, node) - 1);
    nodes[parent * LANES + SHAPE] = (nodes[parent * LANES + SHAPE] as number) | (bit << 8);
    if (parent !== ROOT || firsts === undefined) return;
    const first = (nodes[node * LANES + KEY] as number) & 0xff;
    firsts[first] = (firsts[first] as number) | bit;
  }
}
