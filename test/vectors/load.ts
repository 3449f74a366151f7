// SPDX-License-Identifier: MIT
/**
 * Reads the vectors of this folder: `{ name, source, hex, expect }`. Octets are written as hexadecimal digits with blanks
 * anywhere between two of them; `5a*300` stands for 300 times the octet before the star.
 */
import { readFileSync } from "node:fs";

/** One vector; `E` is what its file expects. */
export interface Vector<E> {
  name: string;
  source: string;
  hex: string;
  expect: E;
  /** False where no encoder of ours writes these octets for what they mean. */
  canonical?: boolean;
}

/** All vectors of `<file>.json`. */
export function loadVectors<E>(file: string): Vector<E>[] {
  return JSON.parse(readFileSync(new URL(`${file}.json`, import.meta.url), "utf8")) as Vector<E>[];
}

/** The octets that a vector spells. */
export function octets(text: string): Buffer {
  const parts = text.split(/\s+/).map((token) => {
    const [digits, times] = token.split("*");
    const bytes = Buffer.from(digits ?? "", "hex");
    if (bytes.length * 2 !== digits?.length) throw new Error(`not hexadecimal: ${token}`);
    return times === undefined ? bytes : Buffer.alloc(Number(times), bytes);
  });
  return Buffer.concat(parts);
}

/** The same octets in one chunk, in two at each index (at most about 300 of them, spread evenly), and one by one. */
export function* splits(bytes: Buffer): Generator<Buffer[]> {
  yield [bytes];
  const step = Math.max(1, Math.floor(bytes.length / 300));
  for (let i = 1; i < bytes.length; i += i < 300 ? 1 : step) yield [bytes.subarray(0, i), bytes.subarray(i)];
  yield Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}
