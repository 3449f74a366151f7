// SPDX-License-Identifier: MIT
/**
 * Messages that take each other's place while they wait, by a key that the application makes of them (`conflate: { key }`).
 * Used by `local-pipe.ts`, which keeps the last message of each key where the first one stood.
 */
import type { Message } from "./message.ts";

/** What `conflate` takes besides true and false. */
export interface ConflateByKey {
  /** The key of a message: of those with the same one, the last is kept. Text and octets are told apart. */
  key(message: Message): string | Uint8Array;
}

/** Tells which messages take each other's place. */
export interface Keyer {
  /** Undefined: the message takes nobody's place, and nobody takes its. */
  keyOf(message: Message): string | undefined;
}

/** A message that waits under its key. */
export class Keyed {
  readonly key: string;
  message: Message;

  constructor(key: string, message: Message) {
    this.key = key;
    this.message = message;
  }
}

/** For messages that are sent: the caller gets what the application's function throws. */
export class SendingKeyer implements Keyer {
  private readonly conflate: ConflateByKey;
  private last: Message | undefined = undefined;
  private lastKey = "";

  constructor(conflate: ConflateByKey) {
    this.conflate = conflate;
  }

  /** Makes the key, before any pipe has the message. @throws whatever the application's function throws; TypeError */
  prepare(message: Message): void {
    this.last = undefined;
    this.lastKey = keyOf(this.conflate, message);
    this.last = message;
  }

  keyOf(message: Message): string {
    if (this.last !== message) this.prepare(message);
    return this.lastKey;
  }
}

/** For messages that are received: one whose key cannot be made waits for itself alone. */
export class ReceivingKeyer implements Keyer {
  private readonly conflate: ConflateByKey;
  private readonly failed: (error: unknown) => void;
  /** A pipe asks more than once, and it shall be told once. */
  private last: Message | undefined = undefined;
  private lastKey: string | undefined = undefined;

  constructor(conflate: ConflateByKey, failed: (error: unknown) => void) {
    this.conflate = conflate;
    this.failed = failed;
  }

  keyOf(message: Message): string | undefined {
    if (message === this.last) return this.lastKey;
    this.last = message;
    this.lastKey = undefined;
    try {
      this.lastKey = keyOf(this.conflate, message);
    } catch (error) {
      this.failed(error);
    }
    return this.lastKey;
  }
}

/** Octets become one character each, behind one that no text begins with. */
function keyOf(conflate: ConflateByKey, message: Message): string {
  const key = conflate.key(message);
  if (typeof key === "string") return key;
  if (!(key instanceof Uint8Array)) throw new TypeError("conflate: the key of a message must be a string or octets");
  let text = "\udfff";
  for (const octet of key) text += String.fromCharCode(octet);
  return text;
}
