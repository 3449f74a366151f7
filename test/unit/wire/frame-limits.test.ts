// SPDX-License-Identifier: MIT
/** Limits of frames and messages: where decoders stop, before anything is waited for, and what they say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProtocolError } from "../../../src/base/errors.ts";
import { CommandFrame, type DecoderLimits } from "../../../src/wire/frame.ts";
import { tooLarge, tooMany } from "../../../src/wire/frame-limits.ts";
import { FrameScanner } from "../../../src/wire/frame-scanner.ts";
import { ZmtpV1Decoder } from "../../../src/wire/zmtp-v1.ts";
import { ZmtpV2Decoder } from "../../../src/wire/zmtp-v2.ts";

const unlimited: DecoderLimits = { maxMessageSize: -1, maxFrames: 1000 };

/** A frame of ZMTP 2 with a short size, of which only `present` octets have come. */
function frame(size: number, flags = 0, present = size): Buffer {
  return Buffer.concat([Buffer.from([flags, size]), Buffer.alloc(present)]);
}

function failure(act: () => unknown): ProtocolError {
  try {
    act();
  } catch (error) {
    return error as ProtocolError;
  }
  throw new Error("nothing was wrong");
}

test("errors name the option, what it allows and what came", () => {
  const large = tooLarge(11, 0, { ...unlimited, maxMessageSize: 10 });
  assert.match(large.message, /a frame of 11 octets was announced, and 10 are allowed \(maxMessageSize\)/);
  assert.deepEqual([large.code, large.limit], ["EMSGSIZE", { option: "maxMessageSize", value: 10 }]);
  const long = tooLarge(6, 5, { ...unlimited, maxMessageSize: 10, maxOctets: 10 });
  assert.match(long.message, /a message has 11 octets or more, and 10 are allowed \(maxMessageBytes\)/);
  assert.deepEqual(long.limit, { option: "maxMessageBytes", value: 10 });
  assert.deepEqual(tooLarge(2 ** 40, 0, unlimited).limit, { option: "maxMessageSize", value: 0xffffffff });
  const many = tooMany(unlimited);
  assert.match(many.message, /more than 1000 frames \(maxMessageParts\)/);
  assert.deepEqual([many.code, many.limit], ["EMSGSIZE", { option: "maxMessageParts", value: 1000 }]);
});

for (const kind of ["its last frame", "one that others follow"]) {
  test(`a message that would be too long is refused when ${kind} is announced, and not a frame sooner`, () => {
    const decoder = new ZmtpV2Decoder({ ...unlimited, maxOctets: 100 });
    decoder.push(Buffer.concat([frame(60, 1), frame(30, 1), frame(10)]));
    assert.equal((decoder.next() as Uint8Array[]).length, 3);
    decoder.push(Buffer.concat([frame(60, 1), frame(30, 1)]));
    assert.equal(decoder.next(), undefined);
    decoder.push(frame(11, kind === "its last frame" ? 0 : 1, 0));
    assert.deepEqual(failure(() => decoder.next()).limit, { option: "maxMessageBytes", value: 100 });
  });
}

test("a command between the frames of a message does not count", () => {
  const decoder = new ZmtpV2Decoder({ ...unlimited, maxOctets: 100 });
  decoder.push(Buffer.concat([frame(99, 1), frame(50, 4), frame(1)]));
  assert.ok(decoder.next() instanceof CommandFrame);
  assert.equal((decoder.next() as Uint8Array[]).length, 2);
  decoder.push(frame(101, 4, 0));
  assert.deepEqual(failure(() => decoder.next()).limit, { option: "maxMessageBytes", value: 100 });
});

test("the first version of the protocol has the same limits", () => {
  const decoder = new ZmtpV1Decoder({ ...unlimited, maxOctets: 100 });
  decoder.push(Buffer.concat([Buffer.from([91, 1]), Buffer.alloc(90), Buffer.from([12, 0])]));
  assert.deepEqual(failure(() => decoder.next()).limit, { option: "maxMessageBytes", value: 100 });
});

test("a scanner leaves to the decoder what could pass a limit", () => {
  const scanner = new FrameScanner({ ...unlimited, maxOctets: 200 });
  assert.equal(scanner.scan(frame(50)), 1);
  assert.equal(scanner.scan(frame(100, 1)), 0);
  assert.equal(scanner.scan(frame(100, 1)), -1);
});

test("a length that is only claimed takes no memory", () => {
  const taken: number[] = [];
  const allocate = (length: number): Uint8Array => {
    taken.push(length);
    return new Uint8Array(length);
  };
  const decoder = new ZmtpV2Decoder({ ...unlimited, allocate });
  decoder.push(Buffer.from("020000000040000000", "hex")); // LONG, 1 GiB
  for (let i = 0; i < 10; i += 1) decoder.push(Buffer.alloc(1000));
  assert.equal(decoder.next(), undefined);
  assert.deepEqual([taken, decoder.buffered], [[], 10_009]);
});
