// SPDX-License-Identifier: MIT
/** What travels through a pipe: whole messages, runs of them, and subscriptions. Above `wire/` nothing is smaller. */
import type { Run } from "./run.ts";

/** All parts of one message, in order. A message has at least one part; a part may be empty. */
export type Message = Uint8Array[];

/**
 * A message with a frame in front of another's. The short ones are written out: whoever pushes onto a literal gets an array
 * with room for seventeen.
 */
export function prepend(frame: Uint8Array, message: readonly Uint8Array[]): Message {
  if (message.length === 1) return [frame, message[0] as Uint8Array];
  if (message.length === 2) return [frame, message[0] as Uint8Array, message[1] as Uint8Array];
  return [frame, ...message];
}

/** What a subscriber wants from now on, or no longer: a topic's prefix (RFC 29, 37) or a group (RFC 48). */
export class Subscription {
  readonly kind: "subscribe" | "cancel" | "join" | "leave";
  readonly topic: Uint8Array;
  /** True when it counts towards the high-water mark of the pipe it is in: it came from the network. */
  isCounted = false;

  constructor(kind: Subscription["kind"], topic: Uint8Array) {
    this.kind = kind;
    this.topic = topic;
  }
}

/** One thing in a pipe. A run only where the reader has said that it takes runs. */
export type PipeItem = Message | Subscription | Run;

/**
 * The subscription that a frame spells the way ZMTP 3.0 and older do: 1 or 0, then the topic (RFC 23 §PUB-SUB).
 * Undefined when the frame is ordinary data.
 */
export function subscriptionIn(frame: Uint8Array): Subscription | undefined {
  const first = frame[0];
  if (first !== 0 && first !== 1) return undefined;
  return new Subscription(first === 1 ? "subscribe" : "cancel", frame.subarray(1));
}
