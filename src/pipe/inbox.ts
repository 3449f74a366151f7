// SPDX-License-Identifier: MIT
/**
 * What waits at one end of a pipe: a ring of items, in which messages with a key can be found by it, and which can be asked
 * for its octets. Held by `pipe-end.ts`.
 */
import { Ring } from "../base/ring.ts";
import { Keyed } from "./keyed.ts";
import { type Message, type PipeItem, Subscription } from "./message.ts";
import type { Backlog } from "./pipe.ts";
import { Run } from "./run.ts";

/** The queue of one direction. */
export class Inbox extends Ring<PipeItem | Keyed> {
  /** What waits with a key. */
  private slots: Map<string, Keyed> | undefined = undefined;

  /** Takes the message out that has waited longest. */
  takeOldest(): Message | undefined {
    const head = this.peek();
    const first = head instanceof Subscription ? this.firstMessage() : head;
    if (first === undefined) return undefined;
    if (first instanceof Run) return this.takeApart(first);
    this.remove(first);
    if (!(first instanceof Keyed)) return first;
    this.forget(first);
    return first.message;
  }

  private firstMessage(): Message | Run | Keyed | undefined {
    let first: Message | Run | Keyed | undefined;
    this.forEach((item) => {
      if (!(item instanceof Subscription)) first ??= item;
    });
    return first;
  }

  /** The first message of a run; the others take its place. */
  private takeApart(run: Run): Message | undefined {
    const [first, ...rest] = run.messages();
    for (let left = this.length; left > 0; left -= 1) {
      const item = this.shift() as PipeItem | Keyed;
      if (item !== run) this.push(item);
      else for (const message of rest) this.push(message);
    }
    return first;
  }

  /** What waits under a key. */
  find(key: string): Keyed | undefined {
    return this.slots?.get(key);
  }

  /** Puts something at the end that can be found. */
  pushKeyed(keyed: Keyed): void {
    this.slots ??= new Map();
    this.slots.set(keyed.key, keyed);
    this.push(keyed);
  }

  /** It was taken out. */
  forget(keyed: Keyed): void {
    this.slots?.delete(keyed.key);
  }

  override clear(): void {
    super.clear();
    this.slots = undefined;
  }

  /** Messages and octets. */
  backlog(): Backlog {
    let messages = 0;
    let octets = 0;
    this.forEach((item) => {
      if (item instanceof Subscription) return;
      messages += item instanceof Run ? item.count : 1;
      octets += item instanceof Run ? item.size : octetsOf(item instanceof Keyed ? item.message : item);
    });
    return { messages, octets };
  }
}

/** Octets of a message's parts. */
export function octetsOf(message: Message): number {
  let octets = 0;
  for (const part of message) octets += part.length;
  return octets;
}
