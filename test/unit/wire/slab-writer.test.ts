// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { BY_REFERENCE, SlabWriter } from "../../../src/wire/slab-writer.ts";
import { CountingPool } from "./pool.ts";

/** A writer of bodies without headers. */
class BodyWriter extends SlabWriter {
  add(body: Uint8Array): void {
    this.body(body);
  }
}

test("bodies are copied below a size and kept as they are from it on", () => {
  const writer = new BodyWriter(new CountingPool());
  const copied = Buffer.alloc(BY_REFERENCE - 1, 1);
  const kept = Buffer.alloc(BY_REFERENCE, 2);
  writer.add(copied);
  writer.add(kept);
  const expected = Buffer.concat([copied, kept]);
  copied.fill(9);
  const chunks = writer.take();
  assert.equal(chunks[1], kept);
  assert.ok(Buffer.concat(chunks).equals(expected));
});

test("a full slab is followed by another, and both come back", () => {
  const pool = new CountingPool();
  const writer = new BodyWriter(pool);
  for (let i = 0; i < 9; i += 1) writer.add(Buffer.alloc(10000, i));
  assert.equal(writer.pending, 90000);
  assert.equal(pool.lent.size, 2);
  assert.equal(writer.take().length, 2);
  writer.recycle();
  assert.equal(pool.lent.size, 0);
});

test("recycle keeps the slab that holds what was not taken, and gives it back later", () => {
  const pool = new CountingPool();
  const writer = new BodyWriter(pool);
  writer.add(Buffer.from("first"));
  writer.take();
  writer.add(Buffer.from("second"));
  writer.recycle();
  assert.equal(pool.lent.size, 1);
  assert.equal(Buffer.concat(writer.take()).toString(), "second");
  writer.recycle();
  assert.equal(pool.lent.size, 0);
});

test("a slab that filled up after a take is not given back before it was taken itself", () => {
  const pool = new CountingPool();
  const writer = new BodyWriter(pool);
  writer.add(Buffer.alloc(15000, 1));
  writer.take();
  for (let i = 2; i < 7; i += 1) writer.add(Buffer.alloc(15000, i));
  writer.recycle();
  assert.equal(pool.lent.size, 2);
  const expected = Buffer.concat([2, 3, 4, 5, 6].map((i) => Buffer.alloc(15000, i)));
  assert.ok(Buffer.concat(writer.take()).equals(expected));
  writer.recycle();
  assert.equal(pool.lent.size, 0);
});

test("large bodies alone need no slab", () => {
  const pool = new CountingPool();
  const writer = new BodyWriter(pool);
  writer.add(Buffer.alloc(100000));
  assert.equal(writer.take().length, 1);
  writer.recycle();
  assert.equal(pool.lent.size, 0);
});

test("a pool of slabs that are too small is an error, not lost octets", () => {
  const writer = new BodyWriter({ take: () => new Uint8Array(100), give: () => {} });
  assert.throws(() => writer.add(Buffer.alloc(101)), RangeError);
});
