// SPDX-License-Identifier: MIT
/**
 * ZMTP 3 as octets, said plainly (RFC 37 §Formal Grammar), for the peers in `wire-peer.ts` and what tests write and expect.
 * A second spelling of what `src/wire/` does, so that no code under test judges itself.
 */
import assert from "node:assert/strict";

/** One frame as it came. */
export interface WireFrame {
  readonly flags: number;
  readonly body: Buffer;
}

/** Flags of a frame. */
export const MORE = 1;
export const LONG = 2;
export const COMMAND = 4;

/** Octets from text, one each. */
export function octets(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** The 64 octets that open a connection. */
export function greeting(
  given: { major?: number; minor?: number; mechanism?: string; asServer?: number } = {},
): Buffer {
  const { major = 3, minor = 1, mechanism = "NULL", asServer = 0 } = given;
  const bytes = Buffer.alloc(64);
  bytes[0] = 0xff;
  bytes.set([0x7f, major, minor], 9);
  bytes.write(mechanism, 12, "latin1");
  bytes[32] = asServer;
  return bytes;
}

/** A frame on the wire. */
export function encodeFrame(flags: number, body: Buffer): Buffer {
  if (body.length < 256 && (flags & LONG) === 0) return Buffer.concat([Buffer.from([flags, body.length]), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** A command frame on the wire. */
export function encodeCommand(name: string, data: Buffer | string = ""): Buffer {
  const bytes = typeof data === "string" ? octets(data) : data;
  return encodeFrame(COMMAND, Buffer.concat([Buffer.from([name.length]), octets(name), bytes]));
}

/** Properties as READY carries them. */
export function encodeProperties(properties: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(properties).flatMap(([name, value]) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return [Buffer.from([name.length]), octets(name), length, octets(value)];
    }),
  );
}

/** Properties out of READY. */
export function parseProperties(data: Buffer): Record<string, string> {
  const properties: Record<string, string> = {};
  for (let at = 0; at < data.length; ) {
    const valueAt = at + 1 + (data[at] as number) + 4;
    const end = valueAt + data.readUInt32BE(valueAt - 4);
    properties[data.toString("latin1", at + 1, valueAt - 4)] = data.toString("latin1", valueAt, end);
    at = end;
  }
  return properties;
}

/** Name and data of a command. */
export function parseCommand(frame: WireFrame): { name: string; data: Buffer } {
  assert.equal(frame.flags & COMMAND, COMMAND, "a command frame");
  const length = frame.body[0] as number;
  return { name: frame.body.toString("latin1", 1, 1 + length), data: frame.body.subarray(1 + length) };
}
