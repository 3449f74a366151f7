// SPDX-License-Identifier: MIT
/** Random numbers from a seed: the same seed gives the same inputs, on every machine. */

/** A stream of numbers (sfc32). */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #count = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** Any unsigned number of 32 bits. */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A number from 0 to `limit` − 1. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.next() % limit;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  octet(): number {
    return this.next() & 0xff;
  }

  /** A length: most are short, some are at the limits of the encodings. */
  length(most = 300): number {
    switch (this.below(8)) {
      case 0:
        return Math.min(most, this.pick([0, 1, 16, 255, 256, 257, 63, 64, 65]));
      case 1:
        return this.below(most + 1);
      case 2:
        return this.below(Math.min(most, 64) + 1);
      default:
        return this.below(Math.min(most, 9) + 1);
    }
  }

  octets(length: number = this.length()): Uint8Array {
    const all = new Uint8Array(length);
    const isPlain = this.oneIn(2);
    for (let i = 0; i < length; i += 1) all[i] = isPlain ? this.below(10) : this.octet();
    return all;
  }
}
