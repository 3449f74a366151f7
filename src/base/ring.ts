// SPDX-License-Identifier: MIT
/** A queue in a ring: constant time at both ends, nothing allocated per item. Used by pipes and waiters. */

/** What a ring without items has, all alike: a pipe on which nothing happens holds no memory. `push` grows it first. */
const NONE: never[] = [];

/** A ring with more places gives them back once it is empty. A pipe with the default high-water mark does with so many. */
const KEPT = 1024;

/** First in, first out. It grows by doubling. */
export class Ring<T> {
  private items: (T | undefined)[] = NONE;
  private head = 0;
  /** Number of items in the queue. */
  length = 0;

  /** Adds an item at the end. */
  push(item: T): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length) & (this.items.length - 1)] = item;
    this.length += 1;
  }

  /** Takes the first item; undefined when there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length -= 1;
    if (this.length === 0 && this.items.length > KEPT) this.clear();
    return item;
  }

  /** The first item, left where it is. */
  peek(): T | undefined {
    return this.length === 0 ? undefined : this.items[this.head];
  }

  /** The last item, left where it is. */
  last(): T | undefined {
    return this.length === 0 ? undefined : this.items[(this.head + this.length - 1) & (this.items.length - 1)];
  }

  /** Puts another item in the place of the last one. */
  replaceLast(item: T): void {
    this.items[(this.head + this.length - 1) & (this.items.length - 1)] = item;
  }

  /** Takes one given item out from wherever it stands, in linear time; true when it was there. */
  remove(item: T): boolean {
    const mask = this.items.length - 1;
    for (let i = 0; i < this.length; i += 1) {
      if (this.items[(this.head + i) & mask] !== item) continue;
      for (let j = i; j < this.length - 1; j += 1) {
        this.items[(this.head + j) & mask] = this.items[(this.head + j + 1) & mask];
      }
      this.items[(this.head + this.length - 1) & mask] = undefined;
      this.length -= 1;
      return true;
    }
    return false;
  }

  /** Calls back with each item, from the first to the last. */
  forEach(visit: (item: T) => void): void {
    for (let i = 0; i < this.length; i += 1) visit(this.items[(this.head + i) & (this.items.length - 1)] as T);
  }

  /** Forgets all items. */
  clear(): void {
    this.items = NONE;
    this.head = 0;
    this.length = 0;
  }

  private grow(): void {
    const size = this.items.length;
    const grown: (T | undefined)[] = [];
    for (let i = 0; i < size; i += 1) grown.push(this.items[(this.head + i) & (size - 1)]);
    for (let i = size; i < Math.max(4, size * 2); i += 1) grown.push(undefined);
    this.items = grown;
    this.head = 0;
  }
}
