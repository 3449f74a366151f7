// SPDX-License-Identifier: MIT
/**
 * The peers of a ROUTER or STREAM by routing id. A hash table over octets: making a string of each id, to look it up in a
 * Map, would cost more than the rest of a send. Also makes the ids of peers that announce none (RFC 28 §ROUTER).
 */
import { allocateLike, copyBytes, EMPTY, equalBytes, speciesOf, writeUint32 } from "../base/bytes.ts";

interface Entry<T> {
  /** Our own copy: the application holds the octets that it is given. */
  readonly id: Uint8Array;
  readonly value: T;
  next: Entry<T> | undefined;
}

/** Octets of a made-up id, and how many are spelt in memory that they share: an array of its own would take twice as much. */
const LENGTH = 5;
const IDS_PER_BLOCK = 256;

/** Values by routing id. */
export class RoutingIds<T> {
  /** Number of ids. */
  size = 0;
  /** Ids of the form that `generate` gives, by their number. Most peers announce no id, and these need no copy of theirs. */
  private readonly numbered = new Map<number, T>();
  private readonly buckets = new Map<number, Entry<T>>();
  // Peers choose their ids: without a secret start they could choose ones that all fall into one bucket.
  private readonly seed = randomUint32();
  private nextId = randomUint32() | 0;
  /** Where made-up ids are spelt, and how far it is filled. */
  private block: Uint8Array = EMPTY;
  private filled = 0;

  /** The value of an id; undefined when there is none. */
  get(id: Uint8Array): T | undefined {
    if (isNumbered(id)) return this.numbered.get(this.numberIn(id));
    let entry = this.buckets.get(this.hash(id));
    while (entry !== undefined && !equalBytes(entry.id, id)) entry = entry.next;
    return entry?.value;
  }

  /** Adds an id that is not there. */
  add(id: Uint8Array, value: T): void {
    this.size += 1;
    if (isNumbered(id)) {
      this.numbered.set(this.numberIn(id), value);
      return;
    }
    const hash = this.hash(id);
    this.buckets.set(hash, { id: copyBytes(id), value, next: this.buckets.get(hash) });
  }

  /** Takes an id out, if it is the given value's. */
  delete(id: Uint8Array, value: T): void {
    if (isNumbered(id)) {
      this.deleteKey(this.numberIn(id), value);
      return;
    }
    const hash = this.hash(id);
    let before: Entry<T> | undefined;
    for (let entry = this.buckets.get(hash); entry !== undefined; before = entry, entry = entry.next) {
      if (!equalBytes(entry.id, id)) continue;
      if (entry.value !== value) return;
      if (before !== undefined) before.next = entry.next;
      else if (entry.next !== undefined) this.buckets.set(hash, entry.next);
      else this.buckets.delete(hash);
      this.size -= 1;
      return;
    }
  }

  /** True when the test holds for some value. */
  some(test: (value: T) => boolean): boolean {
    for (const value of this.numbered.values()) if (test(value)) return true;
    for (const first of this.buckets.values()) {
      for (let entry: Entry<T> | undefined = first; entry !== undefined; entry = entry.next) {
        if (test(entry.value)) return true;
      }
    }
    return false;
  }

  /** An id that is not in use: a zero, which applications must not begin theirs with, and a counter from a random start. */
  generate(): Uint8Array {
    return this.spell(this.freeNumber(), EMPTY);
  }

  /** Adds an id as `generate` makes them, and gives its number: most are never looked at before their peer says something. */
  addNumber(value: T): number {
    const number = this.freeNumber();
    this.numbered.set(this.seed ^ number, value);
    this.size += 1;
    return number;
  }

  /** The id with a number, in the type that `sample` has. */
  spell(number: number, sample: Uint8Array): Uint8Array {
    if (this.filled === this.block.length || this.block.constructor !== sample.constructor) {
      this.block = allocateLike(sample, LENGTH * IDS_PER_BLOCK);
      this.filled = 0;
    }
    const { block, filled } = this;
    this.filled += LENGTH;
    writeUint32(block, filled + 1, number);
    return new (speciesOf(block))(block.buffer, block.byteOffset + filled, LENGTH);
  }

  /** Takes an id out by its number, if it is the given value's. */
  deleteNumber(number: number, value: T): void {
    this.deleteKey(this.seed ^ number, value);
  }

  private freeNumber(): number {
    for (;;) {
      const number = this.nextId;
      this.nextId = (number + 1) | 0;
      if (!this.numbered.has(this.seed ^ number)) return number;
    }
  }

  private deleteKey(key: number, value: T): void {
    if (this.numbered.get(key) !== value) return;
    this.numbered.delete(key);
    this.size -= 1;
  }

  /** Mixed with the secret, as the hash of other ids is. */
  private numberIn(id: Uint8Array): number {
    const high = ((id[1] as number) << 24) | ((id[2] as number) << 16);
    return this.seed ^ high ^ (((id[3] as number) << 8) | (id[4] as number));
  }

  /** FNV-1a, 32 bits. */
  private hash(id: Uint8Array): number {
    let hash = this.seed | 0;
    for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ (id[i] as number), 16777619);
    return hash;
  }
}

function isNumbered(id: Uint8Array): boolean {
  return id.length === LENGTH && id[0] === 0;
}

/** A random number of 32 bits. */
export function randomUint32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
