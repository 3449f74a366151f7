// SPDX-License-Identifier: MIT
/**
 * Sieve: passes on the messages that a type has a use for and drops the others whole, such as those of several parts where
 * RFC 41, 48, 49, 51 and 52 allow one. To answer whether there is a message it reads one ahead. Above a fair queue.
 */
import type { Message } from "../pipe/message.ts";

/** What comes, without what is of no use. */
export class Sieve {
  private readonly take: () => Message | undefined;
  private readonly passes: (message: Message) => boolean;
  /** Read ahead. */
  private next: Message | undefined = undefined;

  constructor(take: () => Message | undefined, passes: (message: Message) => boolean = isSingle) {
    this.take = take;
    this.passes = passes;
  }

  /** The next message; undefined: there is none. */
  read(): Message | undefined {
    const { next } = this;
    if (next === undefined) return this.find();
    this.next = undefined;
    return next;
  }

  /** True when `read` would give a message. */
  canRead(): boolean {
    this.next ??= this.find();
    return this.next !== undefined;
  }

  private find(): Message | undefined {
    for (;;) {
      const message = this.take();
      if (message === undefined || this.passes(message)) return message;
    }
  }
}

function isSingle(message: Message): boolean {
  return message.length === 1;
}
