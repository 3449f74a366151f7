// SPDX-License-Identifier: MIT
/** RFC 26 §MESSAGE as it is written: one box for each frame, put together from its parts. The plain twin of `security/curve-armour.ts`. */
import type { CurveCrypto } from "../../src/security/curve-crypto.ts";

/** "MESSAGE" with its length before it, the count, and the box of flags and body. */
export function sealPlainly(
  crypto: CurveCrypto,
  key: Uint8Array,
  prefix: string,
  count: bigint,
  flags: number,
  body: Uint8Array,
): Buffer {
  const short = Buffer.alloc(8);
  short.writeBigUInt64BE(count);
  const nonce = Buffer.concat([Buffer.from(prefix), short]);
  const box = crypto.seal(Buffer.concat([Buffer.of(flags), body]), nonce, key);
  return Buffer.concat([Buffer.from("\x07MESSAGE"), short, box]);
}

/** The other way; undefined where a peer must not send this. `last` is the count before. */
export function openPlainly(
  crypto: CurveCrypto,
  key: Uint8Array,
  prefix: string,
  last: bigint,
  frame: Buffer,
): { flags: number; body: Buffer; count: bigint } | undefined {
  if (frame.subarray(0, 8).toString("latin1") !== "\x07MESSAGE" || frame.length < 33) return undefined;
  const count = frame.readBigUInt64BE(8);
  if (count <= last) return undefined;
  const content = crypto.open(frame.subarray(16), Buffer.concat([Buffer.from(prefix), frame.subarray(8, 16)]), key);
  return content === undefined
    ? undefined
    : { flags: content[0] as number, body: Buffer.from(content.subarray(1)), count };
}
