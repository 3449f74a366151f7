// SPDX-License-Identifier: MIT
/**
 * Millions of messages a second through the codecs of `wire/`, without network: encoding into slabs flushed at 64 KiB,
 * and decoding from chunks of 64 KiB. `node --import tsx bench/micro/wire.ts [milliseconds per figure]`
 */
import { parseArgs } from "node:util";
import type { CommandFrame, Decoder, Encoder, SlabPool } from "../../src/wire/frame.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../../src/wire/zmtp-v1.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";

const CHUNK = 65536;
const SIZES = [1, 16, 64, 256, 1024, 65536];
/** Milliseconds. */
const SLICE = 10;
const duration = Number(parseArgs({ allowPositionals: true }).positionals[0] ?? 300);

class OneSlabPool implements SlabPool {
  private readonly slabs: Uint8Array[] = [];

  take(): Uint8Array {
    return this.slabs.pop() ?? new Uint8Array(CHUNK);
  }

  give(slab: Uint8Array): void {
    this.slabs.push(slab);
  }
}

/** Millions a second of what `batch` says it did: the best slice of all, as other work on the machine only slows it. */
function rate(batch: () => number): string {
  let best = 0;
  const end = performance.now() + duration;
  for (let start = performance.now(); start < end; ) {
    let count = 0;
    let now = start;
    for (; now - start < SLICE; now = performance.now()) count += batch();
    best = Math.max(best, count / (now - start) / 1000);
    start = now;
  }
  return best.toFixed(2).padStart(8);
}

function encodeBatch(encoder: Encoder, body: Uint8Array): number {
  let count = 0;
  while (encoder.pending < CHUNK) {
    encoder.message([body]);
    count += 1;
  }
  encoder.take();
  encoder.recycle();
  return count;
}

/** A stream of whole messages, cut into chunks as a runtime reads them. */
function chunksOf(encoder: Encoder, body: Uint8Array): Buffer[] {
  for (let octets = 0; octets < CHUNK * 16; octets += body.length + 2) encoder.message([body]);
  const stream = Buffer.concat(encoder.take());
  const chunks: Buffer[] = [];
  for (let i = 0; i < stream.length; i += CHUNK)
    chunks.push(Buffer.from(new Uint8Array(stream.subarray(i, i + CHUNK)).buffer));
  return chunks;
}

/** What was decoded last stays alive for a while, as in a pipe. */
const kept: (Uint8Array[] | CommandFrame)[] = Array.from({ length: 1024 }, () => []);

function decodeBatch(decoder: Decoder, chunks: readonly Uint8Array[]): number {
  let count = 0;
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) {
      kept[count & 1023] = message;
      count += 1;
    }
  }
  return count;
}

const limits = { maxMessageSize: -1, maxFrames: 1024 };
const versions = [
  { name: "v2", encoder: () => new ZmtpV2Encoder(new OneSlabPool()), decoder: () => new ZmtpV2Decoder(limits) },
  { name: "v1", encoder: () => new ZmtpV1Encoder(new OneSlabPool()), decoder: () => new ZmtpV1Decoder(limits) },
];
console.log("millions of messages a second\n\nframing   octets   encode   decode");
for (const version of versions) {
  for (const size of SIZES) {
    const body = Buffer.alloc(size, 0x55);
    const encoder = version.encoder();
    const encoded = rate(() => encodeBatch(encoder, body));
    const chunks = chunksOf(version.encoder(), body);
    const decoder = version.decoder();
    const decoded = rate(() => decodeBatch(decoder, chunks));
    console.log(`${version.name.padEnd(8)} ${String(size).padStart(7)} ${encoded} ${decoded}`);
  }
}
