// SPDX-License-Identifier: MIT
/**
 * Prefixes, plainly: the twins of `src/pattern/prefix-tree.ts` and `src/pattern/subscriptions.ts`, for tests to hold equal
 * to them. Topics are strings of one character an octet.
 */

/** Values by prefix: a list that is searched from end to end. */
export class PlainPrefixes<T> {
  readonly values: Map<string, T> = new Map();

  /** The prefixes of a topic that have a value, the shortest first. */
  prefixesOf(topic: string): string[] {
    return [...this.values.keys()].filter((prefix) => topic.startsWith(prefix)).sort((a, b) => a.length - b.length);
  }
}

/** What became of a subscription that was to be taken away. */
export type PlainRemoval = "notFound" | "valuesRemain" | "lastRemoved";

/** Who wants what: a list of pairs. */
export class PlainSubscriptions<P> {
  pairs: [string, P][] = [];

  add(topic: string, pipe: P): boolean {
    const isFirst = !this.pairs.some(([each]) => each === topic);
    if (!this.pairs.some(([each, holder]) => each === topic && holder === pipe)) this.pairs.push([topic, pipe]);
    return isFirst;
  }

  remove(topic: string, pipe: P): PlainRemoval {
    const before = this.pairs.length;
    this.pairs = this.pairs.filter(([each, holder]) => each !== topic || holder !== pipe);
    if (this.pairs.length === before) return "notFound";
    return this.pairs.some(([each]) => each === topic) ? "valuesRemain" : "lastRemoved";
  }

  /** Takes a pipe out; its topics, each with whether nobody else had it. */
  leave(pipe: P): [string, boolean][] {
    const left = this.pairs.filter(([, holder]) => holder === pipe).map(([each]) => each);
    this.pairs = this.pairs.filter(([, holder]) => holder !== pipe);
    return left.map((each) => [each, !this.pairs.some(([other]) => other === each)]);
  }

  match(topic: string): P[] {
    return [...new Set(this.pairs.filter(([each]) => topic.startsWith(each)).map(([, pipe]) => pipe))];
  }

  get size(): number {
    return new Set(this.pairs.map(([each]) => each)).size;
  }
}

/** What one subscriber has asked for: a list with one entry for each time. */
export class PlainOwnSubscriptions {
  readonly asked: string[] = [];

  add(topic: string): boolean {
    const isFirst = !this.asked.includes(topic);
    this.asked.push(topic);
    return isFirst;
  }

  remove(topic: string): PlainRemoval {
    const place = this.asked.indexOf(topic);
    if (place < 0) return "notFound";
    this.asked.splice(place, 1);
    return this.asked.includes(topic) ? "valuesRemain" : "lastRemoved";
  }

  matches(topic: string): boolean {
    return this.asked.some((each) => topic.startsWith(each));
  }

  get topics(): string[] {
    return [...new Set(this.asked)];
  }
}
