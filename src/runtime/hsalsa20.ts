// SPDX-License-Identifier: MIT
/**
 * HSalsa20 with an input of zeros: what NaCl makes of a product of X25519 before it is a key (`crypto_box_beforenm`). Used by
 * `x25519.ts`. It is the one primitive of our own, because neither `node:crypto` nor this build of libsodium exports it; why
 * that is worth it: docs/decisions/0013.
 *
 * Only additions, rotations and exclusive ors of 32 bits, and no memory whose address depends on the key. A product is given to
 * it once or twice at most: one of its two keys lives no longer than the connection.
 */

/** "expand 32-byte k", the constant of Salsa20. */
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const ROUNDS = 20;

/** A quarter of a round. `words`: Salsa20's matrix. */
function quarter(words: Int32Array, a: number, b: number, c: number, d: number): void {
  let x = words[a] as number;
  let y = words[b] as number;
  let z = words[c] as number;
  let w = words[d] as number;
  let sum = (x + w) | 0;
  y ^= (sum << 7) | (sum >>> 25);
  sum = (y + x) | 0;
  z ^= (sum << 9) | (sum >>> 23);
  sum = (z + y) | 0;
  w ^= (sum << 13) | (sum >>> 19);
  sum = (w + z) | 0;
  x ^= (sum << 18) | (sum >>> 14);
  words[a] = x;
  words[b] = y;
  words[c] = z;
  words[d] = w;
}

/** The key that belongs to 32 octets. */
export function hsalsa20(product: Uint8Array): Uint8Array {
  const input = new DataView(product.buffer, product.byteOffset, 32);
  const words = new Int32Array(16);
  for (let i = 0; i < 4; i += 1) {
    words[5 * i] = SIGMA[i] as number;
    words[1 + i] = input.getInt32(4 * i, true);
    words[6 + i] = 0;
    words[11 + i] = input.getInt32(16 + 4 * i, true);
  }
  for (let i = 0; i < ROUNDS; i += 2) {
    quarter(words, 0, 4, 8, 12);
    quarter(words, 5, 9, 13, 1);
    quarter(words, 10, 14, 2, 6);
    quarter(words, 15, 3, 7, 11);
    quarter(words, 0, 1, 2, 3);
    quarter(words, 5, 6, 7, 4);
    quarter(words, 10, 11, 8, 9);
    quarter(words, 15, 12, 13, 14);
  }
  const key = new Uint8Array(32);
  const output = new DataView(key.buffer);
  for (let i = 0; i < 4; i += 1) {
    output.setInt32(4 * i, words[5 * i] as number, true);
    output.setInt32(16 + 4 * i, words[6 + i] as number, true);
  }
  words.fill(0);
  return key;
}
