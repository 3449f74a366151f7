// SPDX-License-Identifier: MIT
/** Framing of ZMTP 2.0 and 3.x, plainly: the twin of `src/wire/zmtp-v2.ts`, for tests to hold equal to it. */
import { type Item, isTooLarge, type Limits, type Reading } from "./frames.ts";

/** The octets of messages and commands. */
export function encodeV2(items: readonly Item[]): Buffer {
  const frames: Buffer[] = [];
  for (const item of items) {
    if ("command" in item) frames.push(frame(4, item.command));
    else item.message.forEach((part, i) => frames.push(frame(i < item.message.length - 1 ? 1 : 0, part)));
  }
  return Buffer.concat(frames);
}

function frame(flags: number, body: Uint8Array): Buffer {
  if (body.length < 256) return Buffer.concat([Buffer.of(flags, body.length), body]);
  const header = Buffer.alloc(9);
  header[0] = flags | 2;
  header.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([header, body]);
}

/** What a stream carries, as far as it goes. */
export function decodeV2(stream: Buffer, limits: Limits): Reading {
  const items: Item[] = [];
  let parts: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const header = readHeader(stream.subarray(at));
    if (header === undefined) return { items };
    if (isTooLarge(header.size, limits, header.flags & 4 ? [] : parts)) return { items, error: "EMSGSIZE" };
    const start = at + header.length;
    const end = start + Number(header.size);
    if (end > stream.length) return { items };
    const body = stream.subarray(start, end);
    at = end;
    if (header.flags & 4) {
      items.push({ command: body });
      continue;
    }
    parts.push(body);
    if (header.flags & 1) {
      if (parts.length >= limits.maxFrames) return { items, error: "EMSGSIZE" };
      continue;
    }
    items.push({ message: parts });
    parts = [];
  }
}

function readHeader(bytes: Buffer): { flags: number; size: bigint; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const flags = bytes.readUInt8(0);
  if (flags & 2) return bytes.length < 9 ? undefined : { flags, size: bytes.readBigUInt64BE(1), length: 9 };
  const size = bytes.readUInt8(1);
  if (flags & 4 && size === 0) {
    // libzmq 4.3.3 and 4.3.4: the size of some subscriptions is in eight octets though LONG is not set.
    const rest = bytes.subarray(2, 9).toString("hex");
    if (/^0000000000010[0-9]$/.test(rest)) return { flags, size: bytes.readBigUInt64BE(1), length: 9 };
    if ("000000000001".startsWith(rest)) return undefined;
  }
  return { flags, size: BigInt(size), length: 2 };
}
