// SPDX-License-Identifier: MIT
/** HSalsa20: NaCl's known answer; that libsodium makes the same of any keys is in `x25519.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hsalsa20 } from "../../../src/runtime/hsalsa20.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

// "Cryptography in NaCl" (D. J. Bernstein, 2009), section 8: the product of Alice's and Bob's keys, and the key made of it.
const PRODUCT = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
const KEY = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");

test("the key of a product is NaCl's, wherever the product lies", () => {
  assert.deepEqual(Buffer.from(hsalsa20(PRODUCT)), KEY);
  const inside = Buffer.concat([Buffer.alloc(3), PRODUCT, Buffer.alloc(9)]).subarray(3, 35);
  assert.deepEqual(Buffer.from(hsalsa20(inside)), KEY);
  assert.deepEqual(inside, PRODUCT, "untouched");
});

test("one bit of the product changes half of the key", () => {
  const key = hsalsa20(PRODUCT);
  for (let bit = 0; bit < 256; bit += 1) {
    const product = Uint8Array.from(PRODUCT);
    product[bit >> 3] = (product[bit >> 3] as number) ^ (1 << (bit & 7));
    let changed = 0;
    hsalsa20(product).forEach((octet, at) => {
      for (let rest = octet ^ (key[at] as number); rest !== 0; rest &= rest - 1) changed += 1;
    });
    assert.ok(changed > 80 && changed < 176, `bit ${bit} changes ${changed}`);
  }
});
