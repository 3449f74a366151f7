// SPDX-License-Identifier: MIT
/**
 * Octets read as choices: a target that is no decoder (calls, options, subscriptions) takes its program from its input, so
 * that the same mutations serve all targets. At the end of the input every choice is the first one.
 */

/** A reader of choices. */
export class Choices {
  #position = 0;
  readonly #data: Uint8Array;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Nothing is left to choose from. */
  get isOver(): boolean {
    return this.#position >= this.#data.length;
  }

  octet(): number {
    const octet = this.#data[this.#position] ?? 0;
    this.#position += 1;
    return octet;
  }

  /** A number from 0 to `limit` − 1; limits up to 65536. */
  below(limit: number): number {
    return (limit <= 256 ? this.octet() : this.octet() * 256 + this.octet()) % limit;
  }

  flag(): boolean {
    return (this.octet() & 1) === 1;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** So many octets, or those that are left. */
  octets(length: number): Uint8Array {
    const all = this.#data.slice(this.#position, this.#position + length);
    this.#position += length;
    return all;
  }

  /** A length in one octet, then so many octets. */
  string(most = 255): Uint8Array {
    return this.octets(this.below(most + 1));
  }

  /** The same as a text of one character an octet. */
  text(most = 255): string {
    return String.fromCharCode(...this.string(most));
  }

  rest(): Uint8Array {
    return this.octets(Math.max(0, this.#data.length - this.#position));
  }
}

/** Cuts octets into chunks whose lengths come from a seed; 0: one chunk; 255: octet by octet. */
export function cut(octets: Uint8Array, seed: number): Uint8Array[] {
  if (seed === 0 || octets.length === 0) return octets.length === 0 ? [] : [octets];
  const chunks: Uint8Array[] = [];
  let state = seed;
  for (let at = 0; at < octets.length; ) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const length = seed === 255 ? 1 : 1 + ((state >> 16) % (seed < 64 ? 4 : seed < 128 ? 40 : 400));
    chunks.push(octets.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
