// SPDX-License-Identifier: MIT
/**
 * Numbered messages of several parts, and the books kept of them. Everything in a message follows from its lane and its
 * number, so that one which is torn, merged with another or altered cannot be taken for whole. See also `test/soak/numbered.ts`.
 */
import assert from "node:assert/strict";

/** A body that needs the long form of a frame's length. */
const LONG = "abcdefghijklmnopqrstuvwxyz".repeat(11);

/** The parts of a message: with nothing, something, and much behind the first. */
export function makeMessage(lane: string, number: number): string[] {
  const name = `${lane} ${number}.`;
  switch (number % 5) {
    case 0:
      return [name];
    case 1:
      return [name, ""];
    case 2:
      return [name, "x", `end of ${number}`];
    case 3:
      return [name, `${LONG}${number}`];
    default:
      return [name, "", `${number}`.repeat(number % 7), ""];
  }
}

/** The same in one part. */
export function makePart(lane: string, number: number): string {
  return makeMessage(lane, number).join("|");
}

/** The number of a message, whatever envelope is before it. Throws when the rest is not exactly what was made. */
export function readMessage(lane: string, message: readonly (Uint8Array | string)[]): number {
  const parts = message.map((part) => (typeof part === "string" ? part : Buffer.from(part).toString("latin1")));
  const start = parts.findIndex((part) => part.startsWith(`${lane} `));
  const number = Number(/ (\d+)\./.exec(parts[start] ?? "")?.[1]);
  const body = parts.slice(Math.max(start, 0));
  const whole = body.length === 1 ? [makePart(lane, number)] : makeMessage(lane, number);
  assert.deepEqual(body, whole, `a message of ${lane} that nobody sent`);
  return number;
}

/** Whether a message belongs to a lane. */
export function isOfLane(lane: string, message: readonly Uint8Array[]): boolean {
  return message.some((part) => Buffer.from(part).toString("latin1").startsWith(`${lane} `));
}

/** What was accepted from the sender and what came, in order. */
export class Lane {
  readonly name: string;
  readonly accepted: number[] = [];
  readonly received: number[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The number after the last that was tried. */
  next = 0;

  /** A message has come. */
  enter(message: readonly (Uint8Array | string)[]): number {
    const number = readMessage(this.name, message);
    this.received.push(number);
    return number;
  }
}

/** A frame in a stream of octets, with the place behind it. */
interface Frame {
  readonly flags: number;
  readonly body: Buffer;
  readonly end: number;
}

/** The frames of ZMTP 2 and 3 (RFC 37 §Framing) from a place on; one that is cut off is left out. */
export function* framesIn(octets: Buffer, from: number): Generator<Frame> {
  for (let at = from; at + 2 <= octets.length; ) {
    const flags = octets[at] as number;
    const isLong = (flags & 2) !== 0;
    if (isLong && at + 9 > octets.length) return;
    const start = at + (isLong ? 9 : 2);
    const end = start + (isLong ? Number(octets.readBigUInt64BE(at + 1)) : (octets[at + 1] as number));
    if (end > octets.length) return;
    yield { flags, body: octets.subarray(start, end), end };
    at = end;
  }
}

/** A message in a stream, with the place behind it. */
export interface Sighting {
  readonly parts: Buffer[];
  readonly end: number;
}

/** Octets of the greeting. */
export const GREETING = 64;

/** The messages in all that was written to a connection of ZMTP 3, without commands. */
export function messagesIn(octets: Buffer): Sighting[] {
  const messages: Sighting[] = [];
  let parts: Buffer[] = [];
  for (const { flags, body, end } of framesIn(octets, GREETING)) {
    if ((flags & 4) !== 0) continue;
    parts.push(body);
    if ((flags & 1) !== 0) continue;
    messages.push({ parts, end });
    parts = [];
  }
  return messages;
}
