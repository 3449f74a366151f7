// SPDX-License-Identifier: MIT
/** What a chunk ends, plainly: the twin of `src/wire/frame-scanner.ts`, for tests to hold equal to it. */
import { isTooLarge, type Limits } from "./frames.ts";

/** A message that ends with a larger frame is not left for later. */
const LARGE = 65535;

/** Where a frame ends in a stream, and what it ends. */
interface End {
  readonly at: number;
  readonly flags: number;
  readonly size: number;
}

/** For each chunk how many messages it ends, or −1. Only for streams whose messages have far fewer frames than are allowed. */
export function countPlainly(chunks: readonly Buffer[], limits: Limits): number[] {
  const { ends, badAt } = framesIn(Buffer.concat(chunks), limits);
  let from = 0;
  return chunks.map((chunk) => {
    const to = from + chunk.length;
    const here = ends.filter(({ at }) => at > from && at <= to);
    const isOdd = here.some(({ flags, size }) => (flags & 4) !== 0 || size > LARGE);
    from = to;
    return isOdd || badAt <= to ? -1 : here.filter(({ flags }) => (flags & 1) === 0).length;
  });
}

/** Frames up to the first one that cannot be counted; `badAt`: where its header ends. */
function framesIn(stream: Buffer, limits: Limits): { ends: End[]; badAt: number } {
  const ends: End[] = [];
  for (let at = 0; at < stream.length; ) {
    const flags = stream.readUInt8(at);
    const header = (flags & 2) === 0 ? 2 : 9;
    if (at + header > stream.length) break;
    const size = (flags & 2) === 0 ? BigInt(stream.readUInt8(at + 1)) : stream.readBigUInt64BE(at + 1);
    if (isTooLarge(size, limits) || (size === 0n && (flags & 4) !== 0)) return { ends, badAt: at + header };
    at += header + Number(size);
    ends.push({ at, flags, size: Number(size) });
  }
  return { ends, badAt: Number.POSITIVE_INFINITY };
}
