// SPDX-License-Identifier: MIT
/**
 * Prefix index: finds the nodes of a `prefix-tree.ts` by their parent and octets. A hash table with open addressing in one
 * typed array, at most half full, so that a look costs one cache miss, and one more where something is found.
 *
 * Subscribers choose the octets. The hash is made of random tables (simple tabulation), one table for each place in a word
 * of four octets, so nobody who does not know them can choose octets that collide.
 */

/** Lanes of a node: 32 octets, half a cache line. */
export const LANES = 8;
export const PARENT = 0;
/** The octets, four to a lane, the first the lowest. */
export const KEY = 1;
/** How many octets, in the low eight bits. Above them a bit for each length that children have, the lowest for one octet. */
export const SHAPE = 5;
/** Most octets of a node. */
export const BLOCK = 16;

const LEAST_SLOTS = 16;
// Where hashes are random, a million nodes stay below 70. Further means that somebody knows the tables: they are renewed.
const FURTHEST = 256;

/** Nodes by parent and octets. */
export class PrefixIndex {
  private readonly tables: Int32Array<ArrayBuffer> = crypto.getRandomValues(new Int32Array(1024));
  /** The number of a node in the low bits, as many of its hash as there is room for above; 0 is free. */
  private slots = new Int32Array(0);
  /** The bits of a slot that are the node's number; also the last slot. */
  private mask = 0;

  /** Most nodes that it has room for. */
  get room(): number {
    return this.slots.length / 2;
  }

  /** The state from which the octets of a child are hashed. */
  start(parent: number): number {
    return Math.imul(parent, 0x9e3779b1);
  }

  /** Adds an octet to a state: the one at this place in a word of four. */
  add(state: number, place: number, octet: number): number {
    return state ^ (this.tables[(place << 8) | octet] as number);
  }

  /** Adds a whole word, after which the next begins. */
  addFour(state: number, topic: Uint8Array, at: number): number {
    const tables = this.tables;
    return mix(
      state ^
        (tables[topic[at] as number] as number) ^
        (tables[256 | (topic[at + 1] as number)] as number) ^
        (tables[512 | (topic[at + 2] as number)] as number) ^
        (tables[768 | (topic[at + 3] as number)] as number),
    );
  }

  /** The hash of octets below a parent. */
  hash(parent: number, topic: Uint8Array, start: number, length: number): number {
    let state = this.start(parent);
    let at = start;
    for (const end = start + length - 3; at < end; at += 4) state = this.addFour(state, topic, at);
    for (let place = 0; at < start + length; at += 1, place += 1) state = this.add(state, place, topic[at] as number);
    return state;
  }

  /** The node with this hash below a parent, with these octets; 0 when there is none. */
  find(nodes: Int32Array, hash: number, parent: number, topic: Uint8Array, start: number, length: number): number {
    const { slots, mask } = this;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] as number;
      if (slot === 0) return 0;
      if (((slot ^ hash) & ~mask) !== 0) continue;
      const node = slot & mask;
      if (isNode(nodes, node, parent, topic, start, length)) return node;
    }
  }

  /** Takes a node in. There must be room. */
  insert(nodes: Int32Array, node: number): void {
    if (this.place(node, this.hashOf(nodes, node)) < FURTHEST) return;
    crypto.getRandomValues(this.tables);
    const known = this.slots.filter((slot) => slot !== 0);
    this.slots.fill(0);
    for (const slot of known) this.place(slot & this.mask, this.hashOf(nodes, slot & this.mask));
  }

  /** Makes the index anew for nodes that were renumbered, or for more or fewer of them: all that have an octet. */
  rebuild(nodes: Int32Array, end: number, count: number): void {
    this.slots = new Int32Array(slotsFor(count));
    this.mask = this.slots.length - 1;
    for (let node = 1; node < end; node += 1) {
      if (lengthOf(nodes, node) > 0) this.insert(nodes, node);
    }
  }

  /** Takes a node out; those behind it that this brings nearer to their place move up, so that no gap is in their way. */
  remove(nodes: Int32Array, node: number): void {
    const { slots, mask } = this;
    let gap = this.hashOf(nodes, node) & mask;
    while (((slots[gap] as number) & mask) !== node) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const slot = slots[at] as number;
      const home = this.hashOf(nodes, slot & mask) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      slots[gap] = slot;
      gap = at;
    }
    slots[gap] = 0;
  }

  /** Puts a node into the first free slot; how far that is from where it should be. */
  private place(node: number, hash: number): number {
    const { slots, mask } = this;
    let at = hash & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = (hash & ~mask) | node;
    return (at - hash) & mask;
  }

  /** The hash of a node's octets, as `hash` gives it. */
  private hashOf(nodes: Int32Array, node: number): number {
    const tables = this.tables;
    const base = node * LANES;
    const length = lengthOf(nodes, node);
    let state = this.start(nodes[base + PARENT] as number);
    for (let i = 0; i < length; i += 1) {
      const octet = ((nodes[base + KEY + (i >> 2)] as number) >>> ((i & 3) << 3)) & 0xff;
      state ^= tables[((i & 3) << 8) | octet] as number;
      if ((i & 3) === 3) state = mix(state);
    }
    return state;
  }
}

/** How many octets a node has; 0 for the root, and for one that is not in use. */
export function lengthOf(nodes: Int32Array, node: number): number {
  return (nodes[node * LANES + SHAPE] as number) & 0xff;
}

/** True when a node is the one below this parent with these octets. */
export function isNode(
  nodes: Int32Array,
  node: number,
  parent: number,
  topic: Uint8Array,
  start: number,
  length: number,
): boolean {
  const base = node * LANES;
  if (nodes[base + PARENT] !== parent || lengthOf(nodes, node) !== length) return false;
  // From the end, for what is near to one another in a tree begins alike.
  let lane = base + KEY + (length >> 2);
  let at = start + length;
  for (let rest = length & 3; rest > 0; rest -= 1) {
    at -= 1;
    if ((((nodes[lane] as number) >>> ((rest - 1) << 3)) & 0xff) !== topic[at]) return false;
  }
  while (at > start) {
    lane -= 1;
    at -= 4;
    if (nodes[lane] !== wordAt(topic, at)) return false;
  }
  return true;
}

function wordAt(topic: Uint8Array, at: number): number {
  return (
    (topic[at] as number) |
    ((topic[at + 1] as number) << 8) |
    ((topic[at + 2] as number) << 16) |
    ((topic[at + 3] as number) << 24)
  );
}

/** Slots for so many nodes and as many to come, at most half full then. */
function slotsFor(count: number): number {
  let slots = LEAST_SLOTS;
  while (slots < 4 * count) slots *= 2;
  return slots;
}

/** Spreads the bits of a word's hash before the next word's are added. */
function mix(state: number): number {
  const product = Math.imul(state, 0x85ebca6b);
  return (product << 15) | (product >>> 17);
}
