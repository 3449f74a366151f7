// SPDX-License-Identifier: MIT
/** Messages and commands through an armour that writes its flags before the body and turns it round: what matters here is order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ArmouredChannel } from "../../../src/engine/armoured-channel.ts";
import type { Message } from "../../../src/pipe/message.ts";
import type { Armour } from "../../../src/security/mechanism.ts";
import { CommandFrame, type DecoderLimits } from "../../../src/wire/frame.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { CountingPool } from "../wire/pool.ts";

const armour = (): Armour => ({
  flags: 0,
  seal: (body, flags, encoder) => encoder.frame(Uint8Array.of(flags, ...body.toReversed()), 0),
  open(frame) {
    (this as { flags: number }).flags = frame[0] as number;
    return frame.subarray(1).toReversed();
  },
});

function channel(limits: Partial<DecoderLimits> = {}): ArmouredChannel {
  return new ArmouredChannel(armour(), { maxMessageSize: -1, maxFrames: 100, ...limits });
}

/** The bodies of the frames that `write` adds. */
function frames(write: (encoder: ZmtpV2Encoder) => void): Uint8Array[] {
  const encoder = new ZmtpV2Encoder(new CountingPool());
  write(encoder);
  const decoder = new ZmtpV2Decoder({ maxMessageSize: -1, maxFrames: 100 });
  for (const chunk of encoder.take()) decoder.push(Buffer.from(chunk));
  const bodies: Uint8Array[] = [];
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
    assert.ok(!(item instanceof CommandFrame));
    assert.equal(item.length, 1);
    bodies.push(item[0] as Uint8Array);
  }
  return bodies;
}

const texts = (message: Message): string[] => message.map((part) => Buffer.from(part).toString());
const message = (...parts: string[]): Message => parts.map((part) => Buffer.from(part));

test("a message travels as a frame for each part, and comes out whole with the last", () => {
  const receiver = channel();
  for (const parts of [["one"], ["", "two", "three"], [""]]) {
    const sent = frames((encoder) => channel().message(message(...parts), encoder));
    assert.equal(sent.length, parts.length);
    const got = sent.map((frame) => receiver.open(frame));
    assert.ok(got.slice(0, -1).every((each) => each === undefined));
    assert.deepEqual(texts(got.at(-1) as Message), parts);
  }
});

test("a command is one, also between the parts of a message", () => {
  const receiver = channel();
  const [first, last] = frames((encoder) => channel().message(message("a", "b"), encoder));
  const [command] = frames((encoder) => channel().command(Buffer.from("\x04PING"), encoder));
  assert.equal(receiver.open(first as Uint8Array), undefined);
  const got = receiver.open(command as Uint8Array);
  assert.ok(got instanceof CommandFrame);
  assert.equal(Buffer.from(got.body).toString(), "\x04PING");
  assert.deepEqual(texts(receiver.open(last as Uint8Array) as Message), ["a", "b"]);
});

test("a message that never ends is refused", () => {
  const receiver = channel({ maxFrames: 3 });
  const sent = frames((encoder) => channel().message(message("a", "b", "c", "d"), encoder));
  assert.throws(
    () => {
      for (const frame of sent) receiver.open(frame);
    },
    { code: "EMSGSIZE" },
  );
});
