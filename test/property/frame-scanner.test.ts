// SPDX-License-Identifier: MIT
/** Laws of counting before decoding: the scanner equals its twin, and what it counted is there when it is read later. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import { CommandFrame } from "../../src/wire/frame.ts";
import { FrameScanner } from "../../src/wire/frame-scanner.ts";
import { ZmtpV2Decoder } from "../../src/wire/zmtp-v2.ts";
import { countPlainly } from "../twins/frame-scanner.ts";
import type { Item, Limits, Reading } from "../twins/frames.ts";
import { decodeV2, encodeV2 } from "../twins/zmtp-v2.ts";
import { spell } from "../unit/wire/framing.ts";
import { runs } from "./runs.ts";

const EDGES = [0, 1, 64, 65, 254, 255, 256, 257, 65535, 65536, 70000];
const size = fc.oneof({ weight: 6, arbitrary: fc.nat(20) }, fc.nat(400), fc.constantFrom(...EDGES));
const part = fc.tuple(size, fc.nat(255)).map(([length, seed]) => Buffer.alloc(length, Buffer.of(seed, 1, 2, 3, 4)));
const message: fc.Arbitrary<Item> = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => ({ message: parts }));
const command: fc.Arbitrary<Item> = part.map((body) => ({ command: body }));
const items = fc.array(fc.oneof({ weight: 9, arbitrary: message }, { weight: 1, arbitrary: command }), {
  maxLength: 40,
});
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5000 })), { minLength: 1 });
const maxMessageSize = fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.nat(300));

/** The stream in chunks of these lengths over and over, each with memory of its own, as from a network. */
function cut(stream: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < stream.length; i += 1) {
    const length = lengths[i % lengths.length] as number;
    chunks.push(Buffer.from(new Uint8Array(stream.subarray(at, at + length)).buffer));
    at += length;
  }
  return chunks;
}

test("the scanner equals its twin, wherever a stream is cut", () => {
  fc.assert(
    fc.property(items, cuts, maxMessageSize, (given, lengths, largest) => {
      const limits = { maxMessageSize: largest, maxFrames: 2 ** 40 };
      const chunks = cut(encodeV2(given), lengths);
      const scanner = new FrameScanner(limits);
      assert.deepEqual(
        chunks.map((chunk) => scanner.scan(chunk)),
        countPlainly(chunks, limits),
      );
    }),
    runs(300),
  );
});

test("random octets are counted as the twin counts them", () => {
  const octet = fc.oneof(fc.nat(9), fc.nat(255));
  const octets = fc.array(octet, { maxLength: 400 }).map((values) => Buffer.from(values));
  fc.assert(
    fc.property(octets, cuts, maxMessageSize, (stream, lengths, largest) => {
      const limits = { maxMessageSize: largest, maxFrames: 2 ** 40 };
      const chunks = cut(stream, lengths);
      const scanner = new FrameScanner(limits);
      assert.deepEqual(
        chunks.map((chunk) => scanner.scan(chunk)),
        countPlainly(chunks, limits),
      );
    }),
    runs(300),
  );
});

/** Reads a stream as an engine does that counts: `late` says how many of the counted messages stay unread after each chunk. */
function readLate(chunks: readonly Buffer[], late: readonly number[], limits: Limits): Reading {
  const scanner = new FrameScanner(limits);
  const decoder = new ZmtpV2Decoder(limits);
  const items: Item[] = [];
  let counted = 0;
  const readUntil = (left: number): void => {
    for (; counted > left; counted -= 1) items.push({ message: decoder.message() });
  };
  try {
    chunks.forEach((chunk, i) => {
      decoder.push(chunk);
      const found = scanner.scan(chunk);
      if (found >= 0) {
        counted += found;
        readUntil(late[i % late.length] as number);
        return;
      }
      readUntil(0);
      for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
        items.push(item instanceof CommandFrame ? { command: item.body } : { message: item });
      }
    });
    readUntil(0);
    return { items };
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `not a ProtocolError: ${error}`);
    return { items, error: error.code === "EMSGSIZE" ? "EMSGSIZE" : "EPROTO" };
  }
}

test("what is counted and read later, one message at a time, is what a decoder gives at once", () => {
  const late = fc.array(fc.nat(30), { minLength: 1 });
  const maxFrames = fc.constantFrom(3, 1000, 1_000_000);
  fc.assert(
    fc.property(items, cuts, late, maxMessageSize, maxFrames, (given, lengths, unread, largest, frames) => {
      const limits = { maxMessageSize: largest, maxFrames: frames };
      const stream = encodeV2(given);
      assert.deepEqual(spell(readLate(cut(stream, lengths), unread, limits)), spell(decodeV2(stream, limits)));
    }),
    runs(300),
  );
});
