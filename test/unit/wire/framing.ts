// SPDX-License-Identifier: MIT
/** What both framings must do, run by `zmtp-v1.test.ts` and `zmtp-v2.test.ts` on their codecs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../../../src/base/errors.ts";
import {
  CommandFrame,
  type Decoder,
  type DecoderLimits,
  type Encoder,
  type SlabPool,
} from "../../../src/wire/frame.ts";
import type { Item, Limits, Reading } from "../../twins/frames.ts";
import { loadVectors, octets, splits } from "../../vectors/load.ts";
import { CountingPool } from "./pool.ts";

/** One framing: our codecs, and their plain twins. */
export interface Framing {
  readonly name: string;
  createEncoder(pool: SlabPool): Encoder;
  createDecoder(limits: DecoderLimits): Decoder;
  encodePlainly(items: readonly Item[]): Buffer;
  decodePlainly(stream: Buffer, limits: Limits): Reading;
}

export const UNLIMITED: Limits = { maxMessageSize: -1, maxFrames: 1024 };

/** What the encoder makes of items. */
export function encode(framing: Framing, items: readonly Item[]): Buffer {
  const encoder = framing.createEncoder(new CountingPool());
  for (const item of items) put(encoder, item);
  return Buffer.concat(encoder.take());
}

/** Adds an item to an encoder. */
export function put(encoder: Encoder, item: Item): void {
  if ("command" in item) encoder.frame(item.command, 4);
  else encoder.message(item.message);
}

/** What the decoder makes of chunks. */
export function decode(framing: Framing, chunks: readonly Buffer[], limits: Limits = UNLIMITED): Reading {
  const decoder = framing.createDecoder(limits);
  const items: Item[] = [];
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
        items.push(item instanceof CommandFrame ? { command: item.body } : { message: item });
      }
    }
    return { items };
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `not a ProtocolError: ${error}`);
    return { items, error: error.code === "EMSGSIZE" ? "EMSGSIZE" : "EPROTO" };
  }
}

/** A reading as text, to compare and to print. */
export function spell(reading: Reading): object {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const items = reading.items.map((item) =>
    "command" in item ? { command: hex(item.command) } : item.message.map(hex),
  );
  return { items, error: reading.error };
}

/** Registers the tests of one framing. */
export function testFraming(framing: Framing): void {
  testVectors(framing);
  testLimits(framing);
  testEncoder(framing);
  testDecoder(framing);
}

interface Expectation {
  items: ({ command: string } | string[])[];
  error?: Reading["error"];
}

function testVectors(framing: Framing): void {
  for (const vector of loadVectors<Expectation>(framing.name)) {
    test(`${vector.name} (${vector.source})`, () => {
      const bytes = octets(vector.hex);
      const items = vector.expect.items.map(
        (item): Item => (Array.isArray(item) ? { message: item.map(octets) } : { command: octets(item.command) }),
      );
      const expected = spell({ items, ...(vector.expect.error && { error: vector.expect.error }) });
      for (const chunks of splits(bytes)) assert.deepEqual(spell(decode(framing, chunks)), expected);
      assert.deepEqual(spell(framing.decodePlainly(bytes, UNLIMITED)), expected, "the twin");
      if (vector.canonical === false) return;
      assert.equal(encode(framing, items).toString("hex"), bytes.toString("hex"));
      assert.equal(framing.encodePlainly(items).toString("hex"), bytes.toString("hex"), "the twin");
    });
  }
}

function testLimits(framing: Framing): void {
  const message = (...sizes: number[]): Buffer =>
    encode(framing, [{ message: sizes.map((size) => Buffer.alloc(size)) }]);

  test("a frame of exactly the largest size passes", () => {
    for (const size of [0, 1, 64, 200, 253, 254, 255, 256, 70000]) {
      const reading = decode(framing, [message(size)], { maxMessageSize: size, maxFrames: 1 });
      assert.equal(reading.error, undefined, `${size}`);
      assert.equal(reading.items.length, 1, `${size}`);
    }
  });

  test("a frame above the largest size is refused as soon as its header is there", () => {
    for (const size of [1, 64, 200, 253, 254, 255, 256, 70000]) {
      const whole = message(size);
      for (const chunk of [whole, whole.subarray(0, whole.length - size)]) {
        const reading = decode(framing, [chunk], { maxMessageSize: size - 1, maxFrames: 1 });
        assert.equal(reading.error, "EMSGSIZE", `${size}`);
        assert.equal(reading.items.length, 0, `${size}`);
      }
    }
  });

  test("the size limit is for each frame, not for the message", () => {
    const reading = decode(framing, [message(10, 10, 10)], { maxMessageSize: 10, maxFrames: 3 });
    assert.equal(reading.items.length, 1);
  });

  test("a message of exactly the largest number of frames passes, another frame is refused before it is there", () => {
    assert.equal(decode(framing, [message(1, 2, 3)], { maxMessageSize: -1, maxFrames: 3 }).items.length, 1);
    const cut = message(1, 2, 3, 4).subarray(0, -6);
    assert.equal(decode(framing, [cut], { maxMessageSize: -1, maxFrames: 3 }).error, "EMSGSIZE");
  });
}

function testEncoder(framing: Framing): void {
  test("a frame whose body is written in its place is as any other, in a slab or in memory of its own", () => {
    for (const size of [0, 1, 253, 254, 255, 256, 16_384, 70_000, 90_000]) {
      for (const flags of [0, 1]) {
        const body = Buffer.alloc(size, size % 251);
        const [plain, blank] = [0, 1].map(() => framing.createEncoder(new CountingPool(98_304))) as [Encoder, Encoder];
        for (let i = 0; i < 3; i += 1) {
          plain.frame(body, flags);
          const at = blank.blank(size, flags);
          blank.room.set(body, at);
        }
        assert.equal(blank.pending, plain.pending);
        assert.ok(Buffer.concat(blank.take()).equals(Buffer.concat(plain.take())), `${size} octets`);
        blank.recycle();
        assert.equal(blank.room.length, 0, "an idle encoder pins nothing");
      }
    }
  });

  test("an idle encoder holds no slab", () => {
    const pool = new CountingPool();
    const encoder = framing.createEncoder(pool);
    assert.deepEqual(encoder.take(), []);
    encoder.recycle();
    assert.equal(pool.lent.size, 0);
    encoder.message([Buffer.from("hello")]);
    assert.equal(encoder.pending, 7);
    assert.equal(pool.lent.size, 1);
    encoder.take();
    assert.equal(encoder.pending, 0);
    encoder.recycle();
    assert.equal(pool.lent.size, 0);
  });

  test("what was taken stays untouched until it is recycled, while more is added", () => {
    const pool = new CountingPool(256);
    const encoder = framing.createEncoder(pool);
    const items = (text: string): Item[] =>
      Array.from({ length: 40 }, (_, i) => ({ message: [Buffer.from(`${text}${i}`)] }));
    for (const item of items("first")) put(encoder, item);
    const first = encoder.take();
    for (const item of items("second")) put(encoder, item);
    assert.equal(Buffer.concat(first).toString("hex"), framing.encodePlainly(items("first")).toString("hex"));
    encoder.recycle();
    for (const item of items("third")) put(encoder, item);
    const rest = encoder.take();
    const expected = framing.encodePlainly([...items("second"), ...items("third")]);
    assert.equal(Buffer.concat(rest).toString("hex"), expected.toString("hex"));
    encoder.recycle();
    assert.equal(pool.lent.size, 0);
  });

  test("a large body goes out by reference, in its place", () => {
    const encoder = framing.createEncoder(new CountingPool());
    const large = Buffer.alloc(100000, 7);
    const message = [Buffer.from("before"), large, Buffer.from("after")];
    encoder.message(message);
    const expected = framing.encodePlainly([{ message }]);
    assert.equal(encoder.pending, expected.length);
    const chunks = encoder.take();
    assert.ok(chunks.includes(large));
    assert.ok(Buffer.concat(chunks).equals(expected));
  });

  test("small messages share one chunk", () => {
    const encoder = framing.createEncoder(new CountingPool());
    for (let i = 0; i < 1000; i += 1) encoder.message([Buffer.alloc(20), Buffer.alloc(40)]);
    assert.equal(encoder.take().length, 1);
  });
}

function testDecoder(framing: Framing): void {
  const message = (...sizes: number[]): Item => ({ message: sizes.map((size) => Buffer.alloc(size, size)) });

  test("what came in as a Buffer goes out as one, whole, across a seam, small and in a run", () => {
    const items = [...Array.from({ length: 50 }, () => message(3)), message(100), message(300), message(70000)];
    const stream = encode(framing, items);
    for (const chunks of [[stream], [stream.subarray(0, 1000), stream.subarray(1000)]]) {
      for (const item of decode(framing, chunks).items) {
        assert.ok("message" in item && item.message.every((part) => part instanceof Buffer));
      }
    }
    const plain = new Uint8Array(stream);
    for (const item of decode(framing, [plain as Buffer]).items) {
      assert.ok("message" in item && item.message.every((part) => !(part instanceof Buffer)));
    }
  });

  test("small messages pin at most 4 KiB, whatever chunk they came in", () => {
    const items: Item[] = Array.from({ length: 5000 }, (_, i) => message(i % 65));
    items.splice(2500, 0, message(1000));
    for (const item of decode(framing, [Buffer.from(encode(framing, items))]).items) {
      assert.ok("message" in item);
      for (const part of item.message) if (part.length <= 64) assert.ok(part.buffer.byteLength <= 4096);
    }
  });

  test("buffered counts what is not given out yet", () => {
    const decoder = framing.createDecoder(UNLIMITED);
    const stream = encode(framing, [message(10, 20), message(5)]);
    decoder.push(stream.subarray(0, 20));
    assert.equal(decoder.next(), undefined);
    assert.equal(decoder.buffered, 20 - 2);
    decoder.push(stream.subarray(20));
    assert.ok(decoder.next() !== undefined);
    assert.equal(decoder.buffered, 7);
    assert.ok(decoder.next() !== undefined);
    assert.equal(decoder.next(), undefined);
    assert.equal(decoder.buffered, 0);
  });

  test("an idle decoder holds no chunk, whatever came last", () => {
    for (const last of [message(1), message(100), message(1000)]) {
      const stream = Buffer.from(new Uint8Array(encode(framing, [message(5000), last])).buffer);
      for (const at of [stream.length, stream.length - 1]) {
        const decoder = framing.createDecoder(UNLIMITED);
        const chunks = [stream.subarray(0, at), stream.subarray(at)].map((chunk) =>
          Buffer.from(new Uint8Array(chunk).buffer),
        );
        for (const chunk of chunks) {
          decoder.push(chunk);
          while (decoder.next() !== undefined);
        }
        assert.deepEqual(
          [...memoryOf(decoder)].filter((memory) => memory.byteLength > 4096),
          [],
        );
      }
    }
  });

  test("takeRest gives up what is not decoded", () => {
    const decoder = framing.createDecoder(UNLIMITED);
    const [first, second] = [encode(framing, [message(0)]), encode(framing, [message(9)])];
    decoder.push(Buffer.concat([first, second.subarray(0, 1)]));
    decoder.push(second.subarray(1));
    assert.ok(decoder.next() !== undefined);
    assert.ok(Buffer.concat(decoder.takeRest()).equals(second));
    assert.equal(decoder.buffered, 0);
    assert.equal(decoder.next(), undefined);
  });
}

/** All memory that an object holds, directly or through others. */
function memoryOf(held: unknown, seen = new Set<unknown>()): Set<ArrayBufferLike> {
  const found = new Set<ArrayBufferLike>();
  if (typeof held !== "object" || held === null || seen.has(held)) return found;
  seen.add(held);
  if (held instanceof Uint8Array) return new Set([held.buffer]);
  if (held instanceof ArrayBuffer) return new Set([held]);
  for (const value of Object.values(held)) for (const memory of memoryOf(value, seen)) found.add(memory);
  return found;
}
