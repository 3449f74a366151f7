// SPDX-License-Identifier: MIT
/**
 * Numbered messages, and the books that are kept of them: each body says which lane it belongs to and which number it has
 * there, and the rest of its octets follow from both, so that nothing can be lost, doubled, mixed up or damaged unnoticed.
 */

/** Lane and number, before the filling. */
const HEADER = 12;
/** Mostly small, and now and then one that travels by reference. */
const LARGE = 70_000;
const LARGE_EVERY = 4999;

const FILLING = Buffer.from(Uint8Array.from({ length: LARGE + 256 }, (_, i) => i));

/** Octets of the body with this number. */
export function sizeOf(number: number): number {
  return number % LARGE_EVERY === LARGE_EVERY - 1 ? LARGE : HEADER + ((number * 37) % 300);
}

/** Octets of all bodies from one number up to, and not including, another. */
export function sizeOfAll(from: number, to: number): number {
  let size = 0;
  for (let number = from; number < to; number += 1) size += sizeOf(number);
  return size;
}

export function makeBody(lane: number, number: number): Buffer {
  const size = sizeOf(number);
  const body = Buffer.allocUnsafe(size);
  body.writeUInt32LE(lane, 0);
  body.writeDoubleLE(number, 4);
  const start = number & 255;
  FILLING.copy(body, HEADER, start, start + size - HEADER);
  return body;
}

/** The number of a body. Throws when it is not exactly what {@link makeBody} makes. */
export function readBody(lane: number, body: Buffer): number {
  if (body.length < HEADER) throw new Error(`a body of ${body.length} octets`);
  const [itsLane, number] = [body.readUInt32LE(0), body.readDoubleLE(4)];
  if (itsLane !== lane) throw new Error(`number ${number} of lane ${itsLane} came to lane ${lane}`);
  const start = number & 255;
  const isWhole =
    body.length === sizeOf(number) &&
    FILLING.compare(body, HEADER, body.length, start, start + body.length - HEADER) === 0;
  if (!isWhole) throw new Error(`number ${number} of lane ${lane} is damaged`);
  return number;
}

/** What went wrong in one process; the first few say enough. */
export class Faults {
  readonly list: string[] = [];
  count = 0;

  add(what: string): void {
    this.count += 1;
    if (this.list.length < 10) this.list.push(what);
  }
}

/** The book of one receiver: numbers must rise; those left out are counted, or are faults. */
export class Book {
  readonly name: string;
  received = 0;
  last = -1;
  /** Numbers that were left out. */
  missing = 0;
  private readonly lane: number;
  private readonly faults: Faults;
  private readonly mayMiss: boolean;

  constructor(name: string, lane: number, faults: Faults, mayMiss: boolean) {
    this.name = name;
    this.lane = lane;
    this.faults = faults;
    this.mayMiss = mayMiss;
  }

  /** Enters a message; gives its number. */
  enter(body: Buffer): number {
    let number: number;
    try {
      number = readBody(this.lane, body);
    } catch (error) {
      this.faults.add(`${this.name}: ${(error as Error).message}`);
      return -1;
    }
    this.received += 1;
    if (number <= this.last) this.faults.add(`${this.name}: ${number} after ${this.last}`);
    else if (number > this.last + 1) {
      this.missing += number - this.last - 1;
      if (!this.mayMiss) this.faults.add(`${this.name}: ${this.last + 1} to ${number - 1} never came`);
    }
    if (number > this.last) this.last = number;
    return number;
  }
}

/** The book of several receivers that share one lane: each number comes to exactly one of them. */
export class SharedBook {
  readonly name: string;
  /** Numbers above are still to come. */
  high = -1;
  /** Numbers below `high` that have not come: they wait for a receiver that does not read. */
  readonly waiting: Set<number> = new Set();
  private readonly faults: Faults;

  constructor(name: string, faults: Faults) {
    this.name = name;
    this.faults = faults;
  }

  enter(number: number): void {
    if (number > this.high) {
      for (let each = this.high + 1; each < number; each += 1) this.waiting.add(each);
      this.high = number;
    } else if (!this.waiting.delete(number)) {
      this.faults.add(`${this.name}: ${number} came twice`);
    }
  }
}
