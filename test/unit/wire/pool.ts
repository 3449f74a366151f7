// SPDX-License-Identifier: MIT
/** A pool of slabs that knows how many are lent, and fills each one it gets back so that late readers see it. */
import assert from "node:assert/strict";
import type { SlabPool } from "../../../src/wire/frame.ts";

export class CountingPool implements SlabPool {
  readonly lent: Set<Uint8Array> = new Set();
  private readonly size: number;

  constructor(size = 65536) {
    this.size = size;
  }

  take(least: number): Uint8Array {
    const slab = new Uint8Array(Math.max(least, this.size));
    this.lent.add(slab);
    return slab;
  }

  give(slab: Uint8Array): void {
    assert.ok(this.lent.delete(slab), "a slab came back that was not lent");
    slab.fill(0xdd);
  }
}
