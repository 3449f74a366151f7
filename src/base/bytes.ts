// SPDX-License-Identifier: MIT
/**
 * Octets: a queue of chunks as they come from the network, big-endian integers, text, and the small operations that
 * every codec needs. Arrays keep their type wherever they are cut or joined: what came in as a Buffer goes out as one.
 */
import { ZmqError } from "./errors.ts";

/** A shared array without octets. */
export const EMPTY: Uint8Array = new Uint8Array(0);

/** What a list without chunks is, all alike: it is replaced, never filled, so that an idle connection holds no lists. */
export const NO_CHUNKS: never[] = [];
Object.freeze(NO_CHUNKS);

const encoder = new TextEncoder();
// A byte order mark is data like any other: without the option it would vanish.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The UTF-8 octets of a text. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text that UTF-8 octets spell; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Octets in lower-case hexadecimal, two digits each. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** True when both hold the same octets. Not for secrets: it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** What `subarray` makes views of `sample` with. Not its constructor: a Buffer's warns that it is deprecated. */
export function speciesOf(sample: Uint8Array): Uint8ArrayConstructor {
  return (sample.constructor as { [Symbol.species]?: Uint8ArrayConstructor })[Symbol.species] ?? Uint8Array;
}

/** A new array of `length` zeros, of the type that `sample` has. */
export function allocateLike(sample: Uint8Array, length: number): Uint8Array {
  return new (speciesOf(sample))(length);
}

/** A true copy, with memory of its own. `slice` would not do: a Buffer's is a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = allocateLike(bytes, bytes.length);
  copy.set(bytes);
  return copy;
}

/** All chunks in one new array. `total` is the sum of their lengths, where the caller knows it. */
export function concatBytes(chunks: readonly Uint8Array[], total: number = lengthOf(chunks)): Uint8Array {
  const joined = allocateLike(chunks[0] ?? EMPTY, total);
  let position = 0;
  for (const chunk of chunks) {
    joined.set(chunk, position);
    position += chunk.length;
  }
  return joined;
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  let total = 0;
  for (const chunk of chunks) total += chunk.length;
  return total;
}

/** The unsigned 32-bit integer at `offset`, most significant octet first. */
export function readUint32(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset] as number) * 0x1000000 +
    (((bytes[offset + 1] as number) << 16) | ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number))
  );
}

/** Writes an unsigned 32-bit integer at `offset`, most significant octet first. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/**
 * The unsigned 64-bit integer at `offset`, most significant octet first.
 * @throws ZmqError `EMSGSIZE` when it is above 2^53 − 1 and has no exact number
 */
export function readUint64(bytes: Uint8Array, offset: number): number {
  const high = readUint32(bytes, offset);
  if (high > 0x1fffff) throw new ZmqError("EMSGSIZE", "a 64-bit integer above 2^53 - 1 cannot be represented");
  return high * 0x100000000 + readUint32(bytes, offset + 4);
}

/** Writes an unsigned 64-bit integer (at most 2^53 − 1) at `offset`, most significant octet first. */
export function writeUint64(bytes: Uint8Array, offset: number, value: number): void {
  writeUint32(bytes, offset, Math.floor(value / 0x100000000));
  writeUint32(bytes, offset + 4, value >>> 0);
}

/**
 * Behind MANY chunks that wait, chunks of less than SMALL octets are put together in blocks: a chunk that the network gives
 * takes 250 octets besides its own, and a peer can see to it that each holds a single one.
 */
const MANY = 16;
const SMALL = 512;
const BLOCK = 2048;

/**
 * Chunks in the order they came, read as one stream. `head` and `position` are open to the decoders, whose fast path
 * reads within the head chunk; whoever moves `position` keeps `length` in step and calls `advance` at the chunk's end.
 */
export class ByteQueue {
  /** The chunk that holds the next octet; empty only when the queue is. */
  head: Uint8Array = EMPTY;
  /** Where in `head` the next octet is. */
  position = 0;
  /** Number of octets in the queue. */
  length = 0;
  /** The chunks after `head`, from index `first` on. */
  private rest: Uint8Array[] = NO_CHUNKS;
  private first = 0;
  /** Where small chunks are put together: the memory of the last chunk, which is filled up to its end. */
  private block: ArrayBufferLike | undefined = undefined;

  /** Adds a chunk at the end. The queue keeps the chunk itself, and a copy only of small ones where many wait. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.length === 0) {
      this.head = chunk;
      this.position = 0;
    } else if (this.rest === NO_CHUNKS) {
      this.rest = [chunk];
    } else if (chunk.length < SMALL && this.rest.length - this.first >= MANY) {
      this.gather(chunk);
    } else {
      this.rest.push(chunk);
    }
    this.length += chunk.length;
  }

  private gather(chunk: Uint8Array): void {
    const { rest } = this;
    const last = rest[rest.length - 1] as Uint8Array;
    const end = last.byteOffset + last.length;
    if (last.buffer !== this.block || end + chunk.length > BLOCK) {
      const block = allocateLike(chunk, BLOCK);
      block.set(chunk);
      this.block = block.buffer;
      rest.push(block.subarray(0, chunk.length));
      return;
    }
    const Species = speciesOf(last);
    new Species(last.buffer, end, chunk.length).set(chunk);
    rest[rest.length - 1] = new Species(last.buffer, last.byteOffset, last.length + chunk.length);
  }

  /** The octet at `index`, counted from the next one, which stays where it is; undefined past the end. */
  peek(index: number): number | undefined {
    let offset = this.position + index;
    if (offset < this.head.length) return this.head[offset];
    if (index >= this.length) return undefined;
    offset -= this.head.length;
    for (let i = this.first; ; i += 1) {
      const chunk = this.rest[i] as Uint8Array;
      if (offset < chunk.length) return chunk[offset];
      offset -= chunk.length;
    }
  }

  /**
   * Takes `count` octets, at most `length`: a view where they lie in one chunk, a copy only across a seam, which goes into
   * what `allocate` gives.
   */
  consume(count: number, allocate?: (length: number) => Uint8Array): Uint8Array {
    const { head, position } = this;
    if (position + count <= head.length) {
      const view = head.subarray(position, position + count);
      this.skip(count);
      return view;
    }
    if (count > this.length) throw new RangeError(`cannot take ${count} of ${this.length} octets`);
    const joined = allocate === undefined ? allocateLike(head, count) : allocate(count);
    let filled = head.length - position;
    joined.set(head.subarray(position), 0);
    this.advance();
    for (; count - filled >= this.head.length && filled < count; this.advance()) {
      joined.set(this.head, filled);
      filled += this.head.length;
    }
    if (filled < count) {
      this.position = count - filled;
      joined.set(this.head.subarray(0, this.position), filled);
    }
    this.length -= count;
    return joined;
  }

  /** Drops `count` octets, at most `length`. */
  skip(count: number): void {
    this.length -= count;
    let left = count;
    while (left >= this.head.length - this.position && this.head.length > 0) {
      left -= this.head.length - this.position;
      this.advance();
    }
    this.position += left;
  }

  /** Goes on to the next chunk. */
  advance(): void {
    this.position = 0;
    if (this.first === this.rest.length) {
      this.head = EMPTY;
      this.block = undefined;
      return;
    }
    this.head = this.rest[this.first] as Uint8Array;
    this.rest[this.first] = EMPTY;
    this.first += 1;
    // Cut off what is used up only when it is at least half, so that each chunk is moved once at most on average.
    if (this.first * 2 >= this.rest.length) {
      this.rest.splice(0, this.first);
      this.first = 0;
    }
  }

  /** Takes all octets, as chunks. */
  takeAll(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    while (this.length > 0) chunks.push(this.consume(this.head.length - this.position));
    return chunks;
  }

  /** Forgets all octets. */
  clear(): void {
    this.head = EMPTY;
    this.position = 0;
    this.length = 0;
    this.rest = NO_CHUNKS;
    this.first = 0;
    this.block = undefined;
  }
}
