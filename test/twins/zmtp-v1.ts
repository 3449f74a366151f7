// SPDX-License-Identifier: MIT
/** Framing of ZMTP 1.0, plainly: the twin of `src/wire/zmtp-v1.ts`, for tests to hold equal to it. */
import { type Item, isTooLarge, type Limits, type Reading } from "./frames.ts";

/** The octets of messages; ZMTP 1.0 has no commands. */
export function encodeV1(items: readonly Item[]): Buffer {
  const frames: Buffer[] = [];
  for (const item of items) {
    if ("command" in item) throw new Error("ZMTP 1.0 has no commands");
    item.message.forEach((part, i) => frames.push(frame(i < item.message.length - 1 ? 1 : 0, part)));
  }
  return Buffer.concat(frames);
}

function frame(flags: number, body: Uint8Array): Buffer {
  if (body.length < 254) return Buffer.concat([Buffer.of(body.length + 1, flags), body]);
  const header = Buffer.alloc(10);
  header[0] = 0xff;
  header.writeBigUInt64BE(BigInt(body.length + 1), 1);
  header[9] = flags;
  return Buffer.concat([header, body]);
}

/** What a stream carries, as far as it goes. */
export function decodeV1(stream: Buffer, limits: Limits): Reading {
  const items: Item[] = [];
  let parts: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const isLong = stream[at] === 0xff;
    if (isLong && at + 9 > stream.length) break;
    const length = isLong ? stream.readBigUInt64BE(at + 1) : BigInt(stream.readUInt8(at));
    if (length === 0n) return { items, error: "EPROTO" };
    if (isTooLarge(length - 1n, limits, parts)) return { items, error: "EMSGSIZE" };
    const flagsAt = at + (isLong ? 9 : 1);
    const end = flagsAt + Number(length);
    if (end > stream.length) break;
    parts.push(stream.subarray(flagsAt + 1, end));
    at = end;
    if (stream.readUInt8(flagsAt) & 1) {
      if (parts.length >= limits.maxFrames) return { items, error: "EMSGSIZE" };
      continue;
    }
    items.push({ message: parts });
    parts = [];
  }
  return { items };
}
