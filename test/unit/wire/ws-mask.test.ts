// SPDX-License-Identifier: MIT
/** Masks, wherever a payload lies in memory and however long it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyMask } from "../../../src/wire/ws-mask.ts";

test("each octet has its own of the four, and nothing around them is touched", () => {
  const key = [0x9c, 0x3a, 0x5e, 0x17];
  for (const length of [0, 1, 3, 4, 63, 64, 65, 66, 67, 200]) {
    for (const start of [0, 1, 2, 3]) {
      for (const offset of [0, 1, 2, 3]) {
        const octets = new Uint8Array(new ArrayBuffer(256 + 8), offset, 256);
        for (let i = 0; i < 256; i += 1) octets[i] = i;
        const wanted = octets.slice();
        for (let i = 0; i < length; i += 1) wanted[start + i] = (start + i) ^ (key[i % 4] as number);
        applyMask(octets, start, start + length, 0x9c3a5e17);
        assert.deepEqual(octets, wanted, `${length} octets from ${start}, memory from ${offset}`);
      }
    }
  }
});

test("twice is as before", () => {
  const octets = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const before = octets.slice();
  applyMask(octets, 1, 999, -5);
  assert.notDeepEqual(octets, before);
  applyMask(octets, 1, 999, -5);
  assert.deepEqual(octets, before);
});
