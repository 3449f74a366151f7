// SPDX-License-Identifier: MIT
/** Counting without decoding. That the counts are right wherever a stream is cut, `test/property/frame-scanner.test.ts` says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameScanner } from "../../../src/wire/frame-scanner.ts";
import { command, frame, message } from "../../support/zmtp-octets.ts";

function octets(...hex: string[]): Buffer {
  return Buffer.from(hex.join(""), "hex");
}

function scannerOf(maxMessageSize = -1, maxFrames = 1_000_000): FrameScanner {
  return new FrameScanner({ maxMessageSize, maxFrames });
}

test("a message counts in the chunk that its last octet is in", () => {
  const scanner = scannerOf();
  assert.equal(scanner.scan(octets(message("a"), message("b", "c"), "0005")), 2);
  assert.equal(scanner.scan(Buffer.from("12")), 0);
  assert.equal(scanner.scan(Buffer.from("345")), 1);
  assert.equal(scanner.scan(octets("00")), 0);
  assert.equal(scanner.scan(octets("00")), 1, "an empty message ends with its header");
  assert.equal(scanner.scan(Buffer.alloc(0)), 0);
});

test("reserved flags are ignored", () => {
  assert.equal(scannerOf().scan(octets(frame("a", 0xf8), frame("b", 0xf9), frame("c"))), 2);
});

test("the chunk that a command ends in has to be decoded, and what follows is counted again", () => {
  const stream = octets(message("a"), command("PING", "\0\0"), message("b"));
  const [before, end] = [3, stream.length - 3];
  for (let at = 1; at < stream.length; at += 1) {
    const scanner = scannerOf();
    assert.equal(scanner.scan(stream.subarray(0, at)), at >= end ? -1 : at >= before ? 1 : 0, `to ${at}`);
    assert.equal(scanner.scan(stream.subarray(at)), at < end ? -1 : 1, `from ${at}`);
    assert.equal(scanner.scan(octets(message("c"), message("d"))), 2);
  }
});

test("a message that ends with a frame above 65,535 octets has to be decoded", () => {
  const scanner = scannerOf();
  assert.equal(scanner.scan(octets(message("x".repeat(65535)))), 1);
  assert.equal(scanner.scan(octets(message("x".repeat(65536)))), -1);
  assert.equal(scanner.scan(octets(message("x".repeat(65536))).subarray(0, 65540)), 0);
  assert.equal(scanner.scan(Buffer.from("xxxxx")), -1);
  assert.equal(scanner.scan(octets(message("a"))), 1);
});

for (const [limit, size] of [
  [5, 6],
  [255, 256],
  [70_000, 70_001],
  [0, 1],
] as const) {
  test(`with a limit of ${limit} octets, a frame of ${size} ends the counting as soon as its size is there`, () => {
    const header = octets(message("x".repeat(size))).subarray(0, size < 256 ? 2 : 9);
    const scanner = scannerOf(limit);
    assert.equal(scanner.scan(octets(message("x".repeat(Math.min(limit, 3))))), 1);
    assert.equal(scanner.scan(header.subarray(0, -1)), 0);
    assert.equal(scanner.scan(header.subarray(-1)), -1);
    assert.equal(scanner.scan(octets(message(""))), -1);
  });
}

test("a size of 64 bits is too large, and an empty command may mean something else", () => {
  for (const hex of ["02ffffffffffffffff", "020020000000000000", "0400"]) {
    const scanner = scannerOf();
    assert.equal(scanner.scan(octets(hex)), -1, hex);
    assert.equal(scanner.scan(octets(message("a"))), -1, hex);
  }
});

test("long before a message can have too many frames it is left to the decoder, and counting goes on after it", () => {
  const scanner = scannerOf(-1, 50);
  const frames = octets(frame("", 1), frame("", 1), frame("", 1));
  const found = Array.from({ length: 30 }, () => scanner.scan(frames));
  assert.ok(found.slice(0, 10).every((count) => count === 0));
  assert.ok(found.slice(20).every((count) => count === -1));
  assert.equal(scanner.scan(octets(message("end"))), -1);
  assert.equal(scanner.scan(octets(message("a"))), 1);
});

test("a frame that no decoder could give is looked at as soon as its size has come, also where there is no limit", () => {
  for (const flags of ["02", "07"]) {
    assert.equal(scannerOf().scan(octets(message("a"), `${flags}0000000100000000`)), -1);
    assert.equal(scannerOf().scan(octets(message("a"), `${flags}00000000ffffffff`)), 1);
  }
});
