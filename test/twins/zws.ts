// SPDX-License-Identifier: MIT
/** ZWS 2.0 over WebSocket, plainly: the twin of `src/wire/zws.ts`, for tests to hold equal to it. */
import { type Item, isTooLarge, type Limits, type Reading } from "./frames.ts";

/** The octets of messages and commands; masked with four octets where a client sends them. */
export function encodeZws(items: readonly Item[], mask?: number): Buffer {
  const frames: Buffer[] = [];
  for (const item of items) {
    if ("command" in item) frames.push(frame(2, item.command, mask));
    else item.message.forEach((part, i) => frames.push(frame(i < item.message.length - 1 ? 1 : 0, part, mask)));
  }
  return Buffer.concat(frames);
}

function frame(flags: number, body: Uint8Array, mask: number | undefined): Buffer {
  const payload = Buffer.concat([Buffer.of(flags), body]);
  const bit = mask === undefined ? 0 : 0x80;
  let header: Buffer;
  if (payload.length < 126) {
    header = Buffer.of(0x82, bit + payload.length);
  } else if (payload.length < 65536) {
    header = Buffer.of(0x82, bit + 126, 0, 0);
    header.writeUInt16BE(payload.length, 2);
  } else {
    header = Buffer.alloc(10);
    header.set([0x82, bit + 127]);
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (mask === undefined) return Buffer.concat([header, payload]);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(mask >>> 0);
  return Buffer.concat([header, key, masked(payload, key)]);
}

function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((octet, i) => octet ^ (key[i % 4] as number)));
}

/** What a stream carries, as far as it goes. */
export function decodeZws(stream: Buffer, limits: Limits, isMasked: boolean): Reading {
  const items: Item[] = [];
  let parts: Uint8Array[] = [];
  /** What came of a message whose last piece has not. */
  let pieces: Buffer | undefined;
  for (let at = 0; ; ) {
    const rest = stream.subarray(at);
    if (rest.length < 2) return { items };
    const [first = 0, second = 0] = rest;
    const opcode = first & 15;
    if (first & 0x70 || (second & 0x80) !== (isMasked ? 0x80 : 0)) return { items, error: "EPROTO" };
    const isLast = (first & 0x80) !== 0;
    if (![0, 2, 8, 9, 10].includes(opcode) || (opcode > 2 && !isLast)) return { items, error: "EPROTO" };
    let size = BigInt(second & 127);
    if (opcode > 2 ? size > 125n : (opcode === 0) !== (pieces !== undefined)) return { items, error: "EPROTO" };
    const start = (size < 126n ? 2 : size === 126n ? 4 : 10) + (isMasked ? 4 : 0);
    if (rest.length < start) return { items };
    if (size === 126n) size = BigInt(rest.readUInt16BE(2));
    else if (size === 127n) size = rest.readBigUInt64BE(2);
    const key = isMasked ? rest.subarray(start - 4, start) : Buffer.alloc(4);
    if (opcode <= 2) {
      const before = pieces ?? Buffer.alloc(0);
      const total = size + BigInt(before.length);
      if (total === 0n && isLast) return { items, error: "EPROTO" };
      const flags = before[0] ?? (rest.length > start ? (rest[start] as number) ^ (key[0] as number) : undefined);
      const isAllowed = total === 0n || !isTooLarge(total - 1n, limits, (flags ?? 0) & 2 ? [] : parts);
      if (!isAllowed && flags !== undefined) return { items, error: "EMSGSIZE" };
    }
    if (BigInt(rest.length - start) < size) return { items };
    const payload = masked(rest.subarray(start, start + Number(size)), key);
    at += start + Number(size);
    if (opcode === 8) return { items };
    if (opcode === 9) items.push({ command: Buffer.from("\x04PING\0\0") });
    else if (opcode === 10) items.push({ command: Buffer.from("\x04PONG") });
    if (opcode > 2) continue;
    const whole = Buffer.concat([pieces ?? Buffer.alloc(0), payload]);
    pieces = isLast ? undefined : whole;
    if (!isLast) continue;
    const flags = whole[0] as number;
    const body = whole.subarray(1);
    if (flags & 2) {
      items.push({ command: body });
      continue;
    }
    if (flags & 1 && parts.length + 1 >= limits.maxFrames) return { items, error: "EMSGSIZE" };
    parts.push(body);
    if (flags & 1) continue;
    items.push({ message: parts });
    parts = [];
  }
}
