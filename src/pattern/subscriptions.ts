// SPDX-License-Identifier: MIT
/**
 * What is subscribed to. `Subscriptions` is the publisher's side: which pipes want a topic (PUB, XPUB). `OwnSubscriptions`
 * is the subscriber's: how often its application asked for a topic (SUB, XSUB). Both stand on `prefix-tree.ts`. RFC 29.
 */
import { Audience } from "./audience.ts";
import { type PrefixNode, PrefixTree } from "./prefix-tree.ts";

/** What became of a subscription that was to be taken away. */
export type Removal = "notFound" | "valuesRemain" | "lastRemoved";

/** One subscriber, and where in the tree it stands: so that it can leave without a walk through the whole tree. */
interface Holder<P> {
  readonly pipe: P;
  readonly nodes: Set<PrefixNode<Holders<P>>>;
  /** The last match that found it. */
  seen: number;
  /** Its pipe and no other. */
  alone: Audience<P> | undefined;
}

type Holders<P> = Holder<P> | Set<Holder<P>>;

/** Audiences of several that are remembered; there may be as many of them as prefixes. */
const MOST_AUDIENCES = 1024;

/**
 * Prefixes, and the pipes that want them. A pipe either holds a prefix or it does not: like libzmq's, and unlike a
 * counter, this forgives subscribers that repeat a subscription and cancel it once (XSUB does).
 */
export class Subscriptions<P extends object> {
  /** Number of distinct prefixes. */
  size = 0;
  private readonly tree = new PrefixTree<Holders<P>>();
  private readonly holders = new Map<P, Holder<P>>();
  private round = 0;
  /** Audiences of several by the longest of their prefixes, which says which the others are; until something changes. */
  private readonly audiences = new Map<PrefixNode<Holders<P>>, Audience<P>>();
  private lastNode: PrefixNode<Holders<P>> | undefined = undefined;
  private lastAudience: Audience<P> | undefined = undefined;
  private found: (pipe: P) => void = () => {};

  /** Adds a prefix for a pipe. True when nobody had this prefix before. */
  add(topic: Uint8Array, pipe: P): boolean {
    let holder = this.holders.get(pipe);
    if (holder === undefined) {
      holder = { pipe, nodes: new Set(), seen: 0, alone: undefined };
      this.holders.set(pipe, holder);
    }
    const node = this.tree.at(topic);
    if (holder.nodes.has(node)) return false;
    this.forgetAudiences();
    holder.nodes.add(node);
    const value = node.value;
    if (value === undefined) {
      node.value = holder;
      this.size += 1;
      return true;
    }
    if (value instanceof Set) value.add(holder);
    else if (value !== holder) node.value = new Set([value, holder]);
    return false;
  }

  /** Takes a prefix away from a pipe. */
  remove(topic: Uint8Array, pipe: P): Removal {
    const holder = this.holders.get(pipe);
    const node = holder === undefined ? undefined : this.tree.find(topic);
    if (holder === undefined || node === undefined || !holder.nodes.delete(node)) return "notFound";
    if (holder.nodes.size === 0) this.holders.delete(pipe);
    return this.release(node, holder) ? "lastRemoved" : "valuesRemain";
  }

  /** Takes all prefixes away from a pipe; calls back with each, and whether nobody else had it. */
  removePipe(pipe: P, removed?: (topic: Uint8Array, wasLast: boolean) => void): void {
    const holder = this.holders.get(pipe);
    if (holder === undefined) return;
    this.holders.delete(pipe);
    for (const node of holder.nodes) {
      const topic = removed === undefined ? undefined : this.tree.topicOf(node);
      const wasLast = this.release(node, holder);
      if (topic !== undefined) removed?.(topic, wasLast);
    }
  }

  /** Those who have a prefix of this topic; undefined: nobody. The same object for the same ones while nothing changes. */
  audience(topic: Uint8Array): Audience<P> | undefined {
    const node = this.tree.longestPrefixOf(topic);
    if (node === undefined) return undefined;
    if (node === this.lastNode) return this.lastAudience;
    const audience = this.audienceAt(node);
    this.lastNode = node;
    this.lastAudience = audience;
    return audience;
  }

  private audienceAt(node: PrefixNode<Holders<P>>): Audience<P> {
    const known = this.audiences.get(node);
    if (known !== undefined) return known;
    const pipes: P[] = [];
    this.round += 1;
    this.found = (pipe) => pipes.push(pipe);
    let only: Holder<P> | undefined = undefined;
    for (let step: PrefixNode<Holders<P>> | undefined = node; step !== undefined; step = step.parent) {
      if (step.value === undefined) continue;
      if (!(step.value instanceof Set)) only = step.value;
      this.visit(step.value);
    }
    if (pipes.length === 1 && only !== undefined) {
      only.alone ??= new Audience(pipes);
      return only.alone;
    }
    if (this.audiences.size >= MOST_AUDIENCES) this.audiences.clear();
    const audience = new Audience<P>(pipes);
    this.audiences.set(node, audience);
    return audience;
  }

  private forgetAudiences(): void {
    this.audiences.clear();
    this.lastNode = undefined;
    this.lastAudience = undefined;
  }

  /** Calls back once with each pipe that has a prefix of this topic. `found` must not change the subscriptions. */
  match(topic: Uint8Array, found: (pipe: P) => void): void {
    this.round += 1;
    this.found = found;
    this.tree.visitPrefixes(topic, this.visit);
  }

  private readonly visit = (value: Holders<P>): void => {
    if (value instanceof Set) for (const holder of value) this.report(holder);
    else this.report(value);
  };

  private report(holder: Holder<P>): void {
    if (holder.seen === this.round) return;
    holder.seen = this.round;
    this.found(holder.pipe);
  }

  /** True when that was the node's last holder. */
  private release(node: PrefixNode<Holders<P>>, holder: Holder<P>): boolean {
    this.forgetAudiences();
    const value = node.value;
    if (value instanceof Set) {
      value.delete(holder);
      if (value.size === 1) for (const other of value) node.value = other;
      return false;
    }
    node.value = undefined;
    this.size -= 1;
    this.tree.prune(node);
    return true;
  }
}

/** Prefixes that an application asked for, counted. */
export class OwnSubscriptions {
  /** Number of distinct prefixes. */
  size = 0;
  private readonly tree = new PrefixTree<number>();

  /** Adds one. True when it is the first of this prefix. */
  add(topic: Uint8Array): boolean {
    const node = this.tree.at(topic);
    const isFirst = node.value === undefined;
    if (isFirst) this.size += 1;
    node.value = (node.value ?? 0) + 1;
    return isFirst;
  }

  /** Takes one away. */
  remove(topic: Uint8Array): Removal {
    const node = this.tree.find(topic);
    if (node?.value === undefined) return "notFound";
    if (node.value > 1) {
      node.value -= 1;
      return "valuesRemain";
    }
    node.value = undefined;
    this.size -= 1;
    this.tree.prune(node);
    return "lastRemoved";
  }

  /** True when some prefix of the topic was asked for. */
  matches(topic: Uint8Array): boolean {
    return this.tree.hasPrefixOf(topic);
  }

  /** The distinct prefixes. */
  topics(): Uint8Array[] {
    return this.tree.nodes().map((node) => this.tree.topicOf(node));
  }
}
