// SPDX-License-Identifier: MIT
/**
 * Prefix tree: values under strings of octets, found for every prefix of a topic in time proportional to the topic alone.
 * A node holds a whole run of octets, so there are at most two nodes for each value however long the topics are, and
 * nothing recurses. The base of both kinds of `subscriptions.ts` (RFC 29: "prefix match on the first part").
 */

/** A place in the tree. `value` is undefined where octets merely part ways. */
export class PrefixNode<T> {
  value: T | undefined = undefined;
  parent: PrefixNode<T> | undefined;
  /** The octets between the parent and here, one a character: a string takes a third of the memory of a Uint8Array. */
  label: string;
  /** First octet of the label. */
  first: number;
  children: PrefixNode<T>[] = NO_CHILDREN;
  /** The children by first octet, once there are many. */
  table: (PrefixNode<T> | undefined)[] | undefined = undefined;

  constructor(parent: PrefixNode<T> | undefined, label: string) {
    this.parent = parent;
    this.label = label;
    this.first = label.length === 0 ? -1 : label.charCodeAt(0);
  }
}

// Leaves share one empty list; it is replaced, never filled.
const NO_CHILDREN: PrefixNode<never>[] = [];
// Up to here a look at each child beats a table of 256, in memory and (measured) in time.
const MOST_WITHOUT_TABLE = 12;
const SHORT = 256;
// Arguments of one call are limited by the stack.
const CHUNK = 4096;

/** Values by prefix. The user sets `value` of the nodes it gets, and calls `prune` when it has taken one away. */
export class PrefixTree<T> {
  private readonly root = new PrefixNode<T>(undefined, "");

  /** The node of exactly this topic, made where it is missing. */
  at(topic: Uint8Array): PrefixNode<T> {
    let node = this.root;
    let start = 0;
    while (start < topic.length) {
      const child = childOf(node, topic[start] as number);
      if (child === undefined) {
        const leaf = new PrefixNode(node, textOf(topic, start, topic.length));
        adopt(node, leaf);
        return leaf;
      }
      const shared = sharedLength(child.label, topic, start);
      node = shared === child.label.length ? child : split(child, shared);
      start += shared;
    }
    return node;
  }

  /** The node of exactly this topic; undefined when there is none. Its value may be undefined. */
  find(topic: Uint8Array): PrefixNode<T> | undefined {
    let node = this.root;
    let start = 0;
    while (start < topic.length) {
      const child = childOf(node, topic[start] as number);
      if (child === undefined || !continues(child.label, topic, start)) return undefined;
      start += child.label.length;
      node = child;
    }
    return node;
  }

  /** Calls back with the value of every prefix of the topic, the shortest first, the topic itself included. */
  visitPrefixes(topic: Uint8Array, visit: (value: T) => void): void {
    let node = this.root;
    let start = 0;
    for (;;) {
      if (node.value !== undefined) visit(node.value);
      if (start === topic.length) return;
      const child = childOf(node, topic[start] as number);
      if (child === undefined || !continues(child.label, topic, start)) return;
      start += child.label.length;
      node = child;
    }
  }

  /** The node of the longest prefix of the topic that has a value. */
  longestPrefixOf(topic: Uint8Array): PrefixNode<T> | undefined {
    let node = this.root;
    let found = node.value === undefined ? undefined : node;
    let start = 0;
    while (start < topic.length) {
      const child = childOf(node, topic[start] as number);
      if (child === undefined || !continues(child.label, topic, start)) break;
      start += child.label.length;
      node = child;
      if (node.value !== undefined) found = node;
    }
    return found;
  }

  /** True when some prefix of the topic has a value. */
  hasPrefixOf(topic: Uint8Array): boolean {
    let node = this.root;
    let start = 0;
    while (node.value === undefined) {
      if (start === topic.length) return false;
      const child = childOf(node, topic[start] as number);
      if (child === undefined || !continues(child.label, topic, start)) return false;
      start += child.label.length;
      node = child;
    }
    return true;
  }

  /** Takes out a node whose value is gone, where nothing else needs it. */
  prune(node: PrefixNode<T>): void {
    const parent = node.parent;
    if (node.value !== undefined || parent === undefined || node.children.length > 1) return;
    if (node.children.length === 1) {
      merge(node);
      return;
    }
    disown(parent, node);
    if (parent.value === undefined && parent.parent !== undefined && parent.children.length === 1) merge(parent);
  }

  /** All nodes with a value, in no order. The tree may be changed while they are looked at. */
  nodes(): PrefixNode<T>[] {
    const found: PrefixNode<T>[] = [];
    const waiting = [this.root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node.value !== undefined) found.push(node);
      for (const child of node.children) waiting.push(child);
    }
    return found;
  }

  /** The topic that leads to a node. */
  topicOf(node: PrefixNode<T>): Uint8Array {
    let length = 0;
    for (let step: PrefixNode<T> | undefined = node; step !== undefined; step = step.parent)
      length += step.label.length;
    const topic = new Uint8Array(length);
    let end = length;
    for (let step: PrefixNode<T> | undefined = node; step !== undefined; step = step.parent) {
      end -= step.label.length;
      for (let i = 0; i < step.label.length; i += 1) topic[end + i] = step.label.charCodeAt(i);
    }
    return topic;
  }
}

function childOf<T>(node: PrefixNode<T>, octet: number): PrefixNode<T> | undefined {
  if (node.table !== undefined) return node.table[octet];
  const children = node.children;
  for (let i = 0; i < children.length; i += 1) {
    const child = children[i] as PrefixNode<T>;
    if (child.first === octet) return child;
  }
  return undefined;
}

/** True when the topic goes on with the whole label. The first octet is known to be equal. */
function continues(label: string, topic: Uint8Array, start: number): boolean {
  const length = label.length;
  if (length > topic.length - start) return false;
  for (let i = 1; i < length; i += 1) {
    if (label.charCodeAt(i) !== topic[start + i]) return false;
  }
  return true;
}

function sharedLength(label: string, topic: Uint8Array, start: number): number {
  const most = Math.min(label.length, topic.length - start);
  let shared = 1;
  while (shared < most && label.charCodeAt(shared) === topic[start + shared]) shared += 1;
  return shared;
}

function adopt<T>(parent: PrefixNode<T>, child: PrefixNode<T>): void {
  if (parent.children.length === 0) parent.children = [child];
  else parent.children.push(child);
  if (parent.table !== undefined) parent.table[child.first] = child;
  else if (parent.children.length > MOST_WITHOUT_TABLE) {
    const table: (PrefixNode<T> | undefined)[] = new Array(256).fill(undefined);
    for (const each of parent.children) table[each.first] = each;
    parent.table = table;
  }
}

function disown<T>(parent: PrefixNode<T>, child: PrefixNode<T>): void {
  const children = parent.children;
  const last = children.pop() as PrefixNode<T>;
  if (last !== child) children[children.indexOf(child)] = last;
  if (children.length === 0) parent.children = NO_CHILDREN;
  if (parent.table === undefined) return;
  parent.table[child.first] = undefined;
  if (children.length <= MOST_WITHOUT_TABLE / 2) parent.table = undefined;
}

function replace<T>(parent: PrefixNode<T>, child: PrefixNode<T>, other: PrefixNode<T>): void {
  parent.children[parent.children.indexOf(child)] = other;
  if (parent.table !== undefined) parent.table[other.first] = other;
}

/** Puts a node between one and its parent, `length` octets down; the old node stays the one its holders know. */
function split<T>(node: PrefixNode<T>, length: number): PrefixNode<T> {
  const parent = node.parent as PrefixNode<T>;
  const upper = new PrefixNode<T>(parent, copyOf(node.label, 0, length));
  replace(parent, node, upper);
  node.label = copyOf(node.label, length, node.label.length);
  node.first = node.label.charCodeAt(0);
  node.parent = upper;
  upper.children = [node];
  return upper;
}

/** Puts the only child of a node in its place. */
function merge<T>(node: PrefixNode<T>): void {
  const parent = node.parent as PrefixNode<T>;
  const child = node.children[0] as PrefixNode<T>;
  child.label = node.label + child.label;
  child.first = node.first;
  child.parent = parent;
  replace(parent, node, child);
}

function textOf(octets: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK)
    return String.fromCharCode.apply(undefined, octets.subarray(start, end) as unknown as number[]);
  const chunks: string[] = [];
  for (let at = start; at < end; at += CHUNK) chunks.push(textOf(octets, at, Math.min(at + CHUNK, end)));
  return chunks.join("");
}

/** A part of a label. A slice may keep the whole in memory: harmless for a short one, and four times as fast. */
function copyOf(label: string, start: number, end: number): string {
  if (label.length <= SHORT) return label.slice(start, end);
  const octets = new Uint8Array(end - start);
  for (let i = start; i < end; i += 1) octets[i - start] = label.charCodeAt(i);
  return textOf(octets, 0, octets.length);
}
