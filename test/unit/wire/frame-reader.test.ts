// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader } from "../../../src/wire/frame-reader.ts";

/** A reader of bodies whose sizes are known. */
class BodyReader extends FrameReader {
  read(size: number): Uint8Array {
    return this.join(0, size);
  }

  end(): void {
    this.leave();
  }
}

/** A chunk with memory of its own, whose octets count up. */
function chunk(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => i).buffer);
}

function readerOf(...chunks: Uint8Array[]): BodyReader {
  const reader = new BodyReader({ maxMessageSize: -1, maxFrames: 8 });
  for (const each of chunks) reader.push(each);
  return reader;
}

test("a body above 64 octets is a view of its chunk", () => {
  const data = chunk(65536);
  const reader = readerOf(data);
  reader.read(10);
  const body = reader.read(65);
  assert.equal(body.buffer, data.buffer);
  assert.equal(body[0], 10);
});

test("a single small body is copied out of a large chunk", () => {
  const data = chunk(65536);
  const reader = readerOf(data);
  for (let i = 0; i < 100; i += 1) {
    const [small, large] = [reader.read(10), reader.read(500)];
    assert.equal(small.buffer.byteLength, 10);
    assert.equal(small[0], (i * 510) & 0xff);
    assert.equal(large.buffer, data.buffer);
  }
});

test("a run of small bodies shares blocks of 4 KiB", () => {
  const reader = readerOf(chunk(65536));
  const buffers = new Set<ArrayBufferLike>();
  for (let i = 0; i < 6553; i += 1) {
    const body = reader.read(10);
    assert.deepEqual(
      [...body],
      Array.from({ length: 10 }, (_, j) => (i * 10 + j) & 0xff),
    );
    buffers.add(body.buffer);
  }
  assert.ok(buffers.size < 30);
  for (const buffer of buffers) assert.ok(buffer.byteLength <= 4096);
});

test("small bodies are views of a chunk that is no longer than a block", () => {
  const data = chunk(4096);
  assert.equal(readerOf(data).read(10).buffer, data.buffer);
});

test("a small body of a chunk that lies in larger memory does not pin it", () => {
  const inside = chunk(65536).subarray(1000, 1100);
  assert.equal(readerOf(inside).read(10).buffer.byteLength, 10);
});

test("a body across chunks is one copy", () => {
  const reader = readerOf(chunk(100), chunk(200), chunk(50));
  reader.read(90);
  const body = reader.read(230);
  assert.equal(body.buffer.byteLength, 230);
  const expected = [...chunk(100).subarray(90), ...chunk(200), ...chunk(50).subarray(0, 20)];
  assert.deepEqual([...body], expected);
  assert.equal(reader.buffered, 30);
});

test("a reader that has left holds no chunk", () => {
  const data = chunk(65536);
  const reader = readerOf(data);
  reader.read(65536);
  reader.end();
  const held = Object.values(reader).flatMap((value) => (value instanceof Uint8Array ? [value.buffer] : [value]));
  assert.ok(!held.includes(data.buffer));
});
