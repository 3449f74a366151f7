// SPDX-License-Identifier: MIT
/**
 * Messages made from a seed, and their digest, so that two processes compare content without shipping it to each other.
 * The peers in C, Python and Java hold the same three functions; `interop/peers.test.ts` proves that all of them agree.
 *
 * Octet `i` of part `p` of message `m` is `block[(offset + i + ⌊i / length⌋) mod length]`, with `block` drawn from
 * xorshift32 and `offset = 7919·seed + 131·m + 31·p`: tiles can be copied whole, and yet no two of them are equal.
 */
import { createHash, type Hash } from "node:crypto";

/** A prime, so that no power-of-two mix-up of chunks goes unseen. */
const blockLength = 65521;

/** Two copies of the block on end: every rotation of it is one slice. */
const doubledBlock: Buffer = makeBlock();

function makeBlock(): Buffer {
  const doubled = Buffer.alloc(2 * blockLength);
  let state = 0x9e3779b9;
  for (let index = 0; index < blockLength; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    doubled[index] = doubled[index + blockLength] = state >>> 24;
  }
  return doubled;
}

/** What a run of messages looks like: `shapes` are the part sizes of one message each, taken in turns. */
export interface Corpus {
  readonly seed: number;
  readonly count: number;
  readonly shapes: readonly (readonly number[])[];
}

/** What a receiver says about the messages it got. */
export interface Summary {
  readonly messages: number;
  readonly parts: number;
  readonly octets: number;
  readonly digest: string;
}

/** `0/255,1x1000` is a message of one empty part, then one of 1001 parts. */
export function formatShapes(shapes: Corpus["shapes"]): string {
  return shapes.map((sizes) => formatSizes(sizes)).join("/");
}

function formatSizes(sizes: readonly number[]): string {
  const runs: string[] = [];
  for (let start = 0; start < sizes.length; ) {
    let end = start;
    while (sizes[end] === sizes[start] && end < sizes.length) end++;
    runs.push(end - start === 1 ? `${sizes[start]}` : `${sizes[start]}x${end - start}`);
    start = end;
  }
  return runs.join(",");
}

/** The inverse of {@link formatShapes}. */
export function parseShapes(text: string): number[][] {
  return text.split("/").map((sizes) =>
    sizes.split(",").flatMap((run) => {
      const [size, times] = run.split("x");
      return new Array<number>(Number(times ?? 1)).fill(Number(size));
    }),
  );
}

/** The content of one part. */
export function makePart(seed: number, message: number, part: number, size: number): Buffer {
  const octets = Buffer.allocUnsafe(size);
  const offset = 7919 * seed + 131 * message + 31 * part;
  for (let tile = 0, position = 0; position < size; tile++, position += blockLength) {
    const start = (offset + tile) % blockLength;
    doubledBlock.copy(octets, position, start, start + Math.min(blockLength, size - position));
  }
  return octets;
}

/** Message number `message` of a corpus. */
export function makeMessage(corpus: Corpus, message: number): Buffer[] {
  const sizes = corpus.shapes[message % corpus.shapes.length] ?? [];
  return sizes.map((size, part) => makePart(corpus.seed, message, part, size));
}

/** Adds messages up. */
export class Summarizer {
  readonly #hash: Hash = createHash("sha256");
  #messages = 0;
  #parts = 0;
  #octets = 0;

  add(parts: readonly Uint8Array[]): void {
    this.#messages++;
    this.#number(parts.length);
    for (const part of parts) {
      this.#parts++;
      this.#octets += part.length;
      this.#number(part.length);
      this.#hash.update(part);
    }
  }

  /** For byte streams, which have no messages: adds the content alone. */
  addBytes(bytes: Uint8Array): void {
    this.#octets += bytes.length;
    this.#hash.update(bytes);
  }

  get octets(): number {
    return this.#octets;
  }

  finish(): Summary {
    return {
      messages: this.#messages,
      parts: this.#parts,
      octets: this.#octets,
      digest: this.#hash.digest("hex"),
    };
  }

  #number(value: number): void {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(value);
    this.#hash.update(octets);
  }
}

/** The summary that a receiver of the whole corpus must arrive at. */
export function summarize(corpus: Corpus): Summary {
  const summarizer = new Summarizer();
  for (let message = 0; message < corpus.count; message++) summarizer.add(makeMessage(corpus, message));
  return summarizer.finish();
}

/** The same for a byte stream: the parts' content on end. */
export function summarizeBytes(corpus: Corpus): Summary {
  const summarizer = new Summarizer();
  for (let message = 0; message < corpus.count; message++) {
    for (const part of makeMessage(corpus, message)) summarizer.addBytes(part);
  }
  return summarizer.finish();
}
