// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allocateLike,
  ByteQueue,
  concatBytes,
  copyBytes,
  decodeText,
  EMPTY,
  encodeText,
  equalBytes,
  readUint32,
  readUint64,
  toHex,
  writeUint32,
  writeUint64,
} from "../../../src/base/bytes.ts";

/** A queue of chunks with these lengths, whose octets count up from 0. */
function queueOf(...lengths: number[]): ByteQueue {
  const queue = new ByteQueue();
  let next = 0;
  for (const length of lengths) queue.push(Buffer.from(Array.from({ length }, () => next++ & 0xff)));
  return queue;
}

test("small chunks that wait in great number are put together", () => {
  const queue = queueOf(...Array.from({ length: 5000 }, () => 1));
  const { rest } = queue as unknown as { rest: Uint8Array[] };
  assert.ok(rest.length < 25, `${rest.length} chunks`);
  assert.deepEqual([queue.length, queue.peek(4999)], [5000, 4999 & 0xff]);
  const expected = Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff);
  assert.deepEqual(new Uint8Array(queue.consume(5000)), expected);
  assert.equal((queue as unknown as { block: unknown }).block, undefined, "nothing is kept");
});

test("what is taken out of chunks that were put together stays as it is, while more are added and taken", () => {
  const queue = queueOf(...Array.from({ length: 40 }, () => 1));
  const taken: Uint8Array[] = [];
  for (let next = 40; next < 4000; next += 3) {
    queue.push(Buffer.from([next & 0xff, (next + 1) & 0xff, (next + 2) & 0xff]));
    if (next % 2 === 0) taken.push(queue.consume(5));
  }
  while (queue.length > 0) taken.push(queue.consume(Math.min(queue.length, 700)));
  const all = concatBytes(taken);
  assert.ok(all.every((octet, i) => octet === (i & 0xff)));
  assert.ok(Buffer.isBuffer(taken[100]), "of the type that they were");
});

test("a queue peeks across chunks and past its end", () => {
  const queue = queueOf(2, 0, 1, 3);
  assert.equal(queue.length, 6);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].map((i) => queue.peek(i)),
    [0, 1, 2, 3, 4, 5, undefined],
  );
  queue.consume(1);
  assert.equal(queue.peek(0), 1);
  assert.equal(queue.peek(5), undefined);
  assert.equal(new ByteQueue().peek(0), undefined);
});

test("a queue gives a view within a chunk and a copy across a seam", () => {
  const chunk = Buffer.from([1, 2, 3, 4]);
  const queue = new ByteQueue();
  queue.push(chunk);
  queue.push(Buffer.from([5, 6]));
  const view = queue.consume(2);
  assert.equal(view.buffer, chunk.buffer);
  assert.deepEqual([...view], [1, 2]);
  const joined = queue.consume(3);
  assert.notEqual(joined.buffer, chunk.buffer);
  assert.deepEqual([...joined], [3, 4, 5]);
  assert.ok(view instanceof Buffer && joined instanceof Buffer);
  assert.equal(queue.length, 1);
});

test("a queue gives no more than it has", () => {
  const queue = queueOf(2, 2);
  assert.throws(() => queue.consume(5), RangeError);
  assert.equal(queue.length, 4);
  assert.deepEqual([...queue.consume(4)], [0, 1, 2, 3]);
  assert.equal(queue.consume(0).length, 0);
});

test("a queue skips over chunks, and lets go of them", () => {
  const queue = queueOf(3, 3, 3);
  queue.skip(4);
  assert.equal(queue.peek(0), 4);
  queue.skip(2);
  assert.equal(queue.head[queue.position], 6);
  queue.skip(3);
  assert.equal(queue.length, 0);
  assert.equal(queue.head, EMPTY);
});

test("a queue gives up all its chunks, and starts again", () => {
  const queue = queueOf(3, 2);
  queue.skip(1);
  assert.deepEqual(queue.takeAll().map(toHex), ["0102", "0304"]);
  assert.equal(queue.length, 0);
  queue.push(Buffer.from([9]));
  assert.equal(queue.peek(0), 9);
  queue.clear();
  assert.equal(queue.length, 0);
  assert.equal(queue.peek(0), undefined);
});

test("a queue that is never empty does not grow", () => {
  const queue = queueOf(10);
  for (let i = 0; i < 10000; i += 1) {
    queue.push(Buffer.alloc(10, i));
    queue.skip(10);
  }
  assert.ok((queue as unknown as { rest: unknown[] }).rest.length < 10);
});

test("integers, most significant octet first", () => {
  const bytes = Buffer.alloc(10);
  for (const value of [0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff]) {
    writeUint32(bytes, 1, value);
    assert.equal(bytes.readUInt32BE(1), value);
    assert.equal(readUint32(bytes, 1), value);
  }
  for (const value of [0, 1, 0xffffffff, 0x100000000, 0x123456789abcd, Number.MAX_SAFE_INTEGER]) {
    writeUint64(bytes, 1, value);
    assert.equal(bytes.readBigUInt64BE(1), BigInt(value));
    assert.equal(readUint64(bytes, 1), value);
  }
});

test("a 64-bit integer without an exact number is refused", () => {
  for (const value of [2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n]) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    assert.throws(() => readUint64(bytes, 0), { code: "EMSGSIZE" });
  }
});

test("text, hexadecimal, equality", () => {
  assert.equal(toHex(encodeText("aé")), "61c3a9");
  assert.equal(decodeText(encodeText("aé")), "aé");
  assert.equal(decodeText(Buffer.of(0x61, 0xff)), "a\ufffd");
  assert.equal(decodeText(Buffer.of(0xef, 0xbb, 0xbf, 0x61)), "\ufeffa");
  assert.ok(equalBytes(Buffer.from("ab"), new Uint8Array([97, 98])));
  assert.ok(!equalBytes(Buffer.from("ab"), Buffer.from("ac")));
  assert.ok(!equalBytes(Buffer.from("ab"), Buffer.from("abc")));
  assert.ok(equalBytes(EMPTY, Buffer.alloc(0)));
});

test("a copy has memory of its own, and its type", () => {
  const buffer = Buffer.from("hello").subarray(1, 4);
  const copy = copyBytes(buffer);
  buffer.fill(0);
  assert.ok(copy instanceof Buffer);
  assert.equal(copy.toString(), "ell");
  assert.equal(copy.buffer.byteLength, 3);
  assert.ok(!(copyBytes(new Uint8Array(2)) instanceof Buffer));
  assert.ok(allocateLike(buffer, 7) instanceof Buffer);
});

test("chunks are joined", () => {
  assert.equal(toHex(concatBytes([Buffer.of(1), EMPTY, Buffer.of(2, 3)])), "010203");
  assert.equal(concatBytes([]).length, 0);
  assert.equal(concatBytes([Buffer.of(1), Buffer.of(2)], 2).length, 2);
  assert.ok(concatBytes([Buffer.of(1)]) instanceof Buffer);
});
