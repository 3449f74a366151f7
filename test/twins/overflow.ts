// SPDX-License-Identifier: MIT
/** A queue that makes room, plainly: the twin of what `whenFull`, keys and octets make of a pipe. */

/** What a message is to a queue. */
export interface PlainMessage {
  readonly text: string;
  readonly key: string | undefined;
}

/** A bounded list. It is asked, and tells nobody; room comes in steps, as with every pipe. */
export class PlainQueue {
  items: PlainMessage[] = [];
  dropped = 0;
  replaced = 0;
  private readonly limit: number;
  private readonly octetLimit: number;
  /** Read since the writer heard of it. */
  private unsaid = 0;

  constructor(limit: number, octetLimit: number) {
    this.limit = limit;
    this.octetLimit = octetLimit;
  }

  /** True: it waits now, or what waited gave way. */
  write(message: PlainMessage): boolean {
    const same = message.key === undefined ? -1 : this.items.findIndex(({ key }) => key === message.key);
    if (same >= 0) {
      this.items[same] = message;
      this.replaced += 1;
      return true;
    }
    if (!this.hasRoom()) return false;
    this.items.push(message);
    return true;
  }

  send(message: PlainMessage, rule: "wait" | "dropNewest" | "dropOldest"): boolean {
    if (this.write(message)) return true;
    if (rule === "wait") return false;
    while (rule === "dropOldest" && this.items.length > 0) {
      this.items.shift();
      this.dropped += 1;
      if (this.write(message)) return true;
    }
    this.dropped += 1;
    return true;
  }

  read(): string | undefined {
    const message = this.items.shift();
    if (message === undefined) return undefined;
    this.unsaid += 1;
    if (this.unsaid >= Math.max(1, (this.limit + 1) >> 1)) this.unsaid = 0;
    return message.text;
  }

  private hasRoom(): boolean {
    const octets = this.items.reduce((sum, { text }) => sum + text.length, 0);
    return (
      (this.limit === 0 || this.items.length + this.unsaid < this.limit) &&
      (this.octetLimit === 0 || octets < this.octetLimit)
    );
  }
}
