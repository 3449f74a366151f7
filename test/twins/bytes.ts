// SPDX-License-Identifier: MIT
/** Octets, plainly: the twin of `src/base/bytes.ts`, for tests to hold equal to it. */

/** A queue of octets as one list of numbers. */
export class PlainByteQueue {
  octets: number[] = [];

  push(chunk: Uint8Array): void {
    this.octets = [...this.octets, ...chunk];
  }

  peek(index: number): number | undefined {
    return this.octets[index];
  }

  consume(count: number): number[] {
    return this.octets.splice(0, count);
  }
}

export function plainHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function plainEqual(a: Uint8Array, b: Uint8Array): boolean {
  return plainHex(a) === plainHex(b);
}

/** The big-endian unsigned integer in these octets. */
export function plainUint(bytes: Uint8Array): bigint {
  return BigInt(`0x0${plainHex(bytes)}`);
}
