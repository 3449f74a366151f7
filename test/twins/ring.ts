// SPDX-License-Identifier: MIT
/** A queue, plainly: the twin of `src/base/ring.ts`, for tests to hold equal to it. */

export class PlainRing<T> {
  items: T[] = [];

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    return this.items.shift();
  }

  peek(): T | undefined {
    return this.items[0];
  }

  last(): T | undefined {
    return this.items.at(-1);
  }

  replaceLast(item: T): void {
    this.items[this.items.length - 1] = item;
  }

  remove(item: T): boolean {
    const place = this.items.indexOf(item);
    if (place >= 0) this.items.splice(place, 1);
    return place >= 0;
  }

  clear(): void {
    this.items = [];
  }
}
