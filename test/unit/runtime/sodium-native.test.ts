// SPDX-License-Identifier: MIT
/** sodium-native in the place of WebAssembly: the same boxes, for long messages and short ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SodiumLibrary } from "../../../src/runtime/sodium.ts";
import { FastSodium } from "../../../src/runtime/sodium-native.ts";
import type { CurveCrypto } from "../../../src/security/curve-crypto.ts";
import { loadedLibrary } from "../../support/curve.ts";

const library = new SodiumLibrary();
await library.load();
const native = library.crypto as CurveCrypto;
const skip = native instanceof FastSodium ? false : "sodium-native is not installed for this system";
const { crypto: wasm } = await loadedLibrary();

test("what one seals, the other opens, in place and apart", { skip }, () => {
  const direction = { key: wasm.random(32), prefix: Buffer.from("CurveZMQMESSAGES") };
  for (const length of [0, 100, 2047, 2048, 2049, 70_000]) {
    for (const [from, to] of [
      [native, wasm],
      [wasm, native],
      [native, native],
    ] as const) {
      const body = Buffer.alloc(length, 7);
      const frame = Buffer.alloc(33 + length);
      frame[15] = 9;
      from.sealMessage(direction, 1, body, frame, 16);
      const apart = Buffer.alloc(length);
      assert.equal(to.openMessage(direction, Buffer.from(frame), 16, apart), 1);
      assert.ok(apart.equals(body));
      const inPlace = Buffer.from(frame);
      assert.equal(to.openMessage(direction, inPlace, 16, inPlace.subarray(33)), 1);
      assert.ok(inPlace.subarray(33).equals(body));
      for (const at of [15, 16, 32, frame.length - 1]) {
        const touched = Buffer.from(frame);
        touched[at] = (touched[at] as number) ^ 0x80;
        assert.equal(to.openMessage(direction, touched, 16, touched.subarray(33)), -1, `octet ${at}`);
      }
    }
  }
});
