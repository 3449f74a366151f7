// SPDX-License-Identifier: MIT
/**
 * In the place of `pattern/subscriptions.ts` in browsers: the same, with a table of prefixes by their octets as text. A page has few
 * subscribers; the tree that serves a million prefixes is three times as long. RFC 29.
 */
import { Audience } from "../pattern/audience.ts";
import type { Removal, SubscriptionCount } from "../pattern/subscriptions.ts";

export type { Removal, SubscriptionCount } from "../pattern/subscriptions.ts";

/** One character for each octet. */
function keyOf(topic: Uint8Array): string {
  let key = "";
  for (const octet of topic) key += String.fromCharCode(octet);
  return key;
}

function topicOf(key: string): Uint8Array {
  return Uint8Array.from(key, (character) => character.charCodeAt(0));
}

/** Prefixes of a text that are in a table, the shortest first. */
function* prefixesIn(table: ReadonlyMap<string, unknown>, longest: number, topic: Uint8Array): Generator<string> {
  const key = keyOf(topic.subarray(0, longest));
  for (let length = 0; length <= key.length; length += 1) {
    const prefix = key.slice(0, length);
    if (table.has(prefix)) yield prefix;
  }
}

function longestIn(table: ReadonlyMap<string, unknown>): number {
  let longest = 0;
  for (const { length } of table.keys()) longest = Math.max(longest, length);
  return longest;
}

/** Prefixes, and the pipes that want them. A pipe either holds a prefix or it does not. */
export class Subscriptions<P extends object> {
  private readonly table = new Map<string, Set<P>>();
  private readonly audiences = new Map<string, Audience<P>>();
  private longest = 0;

  get size(): number {
    return this.table.size;
  }

  add(topic: Uint8Array, pipe: P): boolean {
    const key = keyOf(topic);
    const holders = this.table.get(key);
    if (holders?.has(pipe) === true) return false;
    this.audiences.clear();
    this.longest = Math.max(this.longest, key.length);
    if (holders === undefined) this.table.set(key, new Set([pipe]));
    else holders.add(pipe);
    return holders === undefined;
  }

  has(topic: Uint8Array, pipe: P): boolean {
    return this.table.get(keyOf(topic))?.has(pipe) === true;
  }

  held(pipe: P): { readonly count: number; readonly octets: number } {
    const keys = [...this.table].filter(([, holders]) => holders.has(pipe)).map(([key]) => key);
    return { count: keys.length, octets: keys.join("").length };
  }

  remove(topic: Uint8Array, pipe: P): Removal {
    const key = keyOf(topic);
    const holders = this.table.get(key);
    if (holders?.delete(pipe) !== true) return "notFound";
    this.audiences.clear();
    if (holders.size > 0) return "valuesRemain";
    this.table.delete(key);
    this.longest = longestIn(this.table);
    return "lastRemoved";
  }

  removePipe(pipe: P, removed?: (topic: Uint8Array, wasLast: boolean) => void): void {
    for (const key of [...this.table.keys()]) {
      const topic = topicOf(key);
      const removal = this.remove(topic, pipe);
      if (removal !== "notFound") removed?.(topic, removal === "lastRemoved");
    }
  }

  audience(topic: Uint8Array): Audience<P> | undefined {
    const prefixes = [...prefixesIn(this.table, this.longest, topic)];
    // The longest says which the others are.
    return this.gather(prefixes.at(-1), prefixes);
  }

  exactAudience(topic: Uint8Array): Audience<P> | undefined {
    const key = keyOf(topic);
    return this.table.has(key) ? this.gather(key, [key]) : undefined;
  }

  private gather(longest: string | undefined, prefixes: readonly string[]): Audience<P> | undefined {
    if (longest === undefined) return undefined;
    let audience = this.audiences.get(longest);
    if (audience === undefined) {
      audience = new Audience([...new Set(prefixes.flatMap((prefix) => [...(this.table.get(prefix) ?? [])]))]);
      this.audiences.set(longest, audience);
    }
    return audience;
  }

  match(topic: Uint8Array, found: (pipe: P) => void): void {
    for (const pipe of this.audience(topic)?.pipes ?? []) found(pipe);
  }

  get pipeCount(): number {
    return new Set([...this.table.values()].flatMap((holders) => [...holders])).size;
  }

  list(): SubscriptionCount[] {
    return Array.from(this.table, ([key, { size }]) => ({ topic: topicOf(key), count: size }));
  }
}

/** Prefixes that an application asked for, counted. */
export class OwnSubscriptions {
  private readonly table = new Map<string, number>();
  private longest = 0;

  get size(): number {
    return this.table.size;
  }

  add(topic: Uint8Array): boolean {
    const key = keyOf(topic);
    const times = this.table.get(key) ?? 0;
    this.table.set(key, times + 1);
    this.longest = Math.max(this.longest, key.length);
    return times === 0;
  }

  remove(topic: Uint8Array): Removal {
    const key = keyOf(topic);
    const times = this.table.get(key);
    if (times === undefined) return "notFound";
    if (times > 1) {
      this.table.set(key, times - 1);
      return "valuesRemain";
    }
    this.table.delete(key);
    this.longest = longestIn(this.table);
    return "lastRemoved";
  }

  matches(topic: Uint8Array): boolean {
    return prefixesIn(this.table, this.longest, topic).next().done !== true;
  }

  has(topic: Uint8Array): boolean {
    return this.table.has(keyOf(topic));
  }

  topics(): Uint8Array[] {
    return [...this.table.keys()].map(topicOf);
  }
}
