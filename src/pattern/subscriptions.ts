// SPDX-License-Identifier: MIT
/**
 * What is subscribed to. `Subscriptions` is the publisher's side: which pipes want a topic (PUB, XPUB). `OwnSubscriptions`
 * is the subscriber's: how often its application asked for a topic (SUB, XSUB). Both stand on `prefix-tree.ts`, and make
 * nothing before there is a first subscription. RFC 29.
 */
import { Audience } from "./audience.ts";
import { PrefixTree } from "./prefix-tree.ts";

/** What became of a subscription that was to be taken away. */
export type Removal = "notFound" | "valuesRemain" | "lastRemoved";

/** A prefix, or a group, and how many peers have subscribed to it. */
export interface SubscriptionCount {
  /** The prefix or group. */
  readonly topic: Uint8Array;
  /** Number of peers. */
  readonly count: number;
}

/** One subscriber, and where in the tree it stands: so that it can leave without a walk through the whole tree. */
interface Holder<P> {
  readonly pipe: P;
  /** The value of the nodes that it holds alone. */
  readonly number: number;
  /** How many prefixes it holds, and how many octets they have. */
  count: number;
  octets: number;
  /** The nodes that it holds. Also some that it does not hold any more, or a second time: removals pass this by. */
  nodes: number[];
  /** The last match that found it. */
  seen: number;
  /** Its pipe and no other. */
  alone: Audience<P> | undefined;
}

/** Audiences of several that are remembered; there may be as many of them as prefixes. */
const MOST_AUDIENCES = 1024;
/** What those hold who hold nothing. */
const NOTHING = { count: 0, octets: 0 };
/** The value of a node that several hold. */
const SEVERAL = -1;
/** So many nodes may a holder list in vain. */
const SOME = 8;

/**
 * Prefixes, and the pipes that want them. A pipe either holds a prefix or it does not: like libzmq's, and unlike a
 * counter, this forgives subscribers that repeat a subscription and cancel it once (XSUB does).
 */
export class Subscriptions<P extends object> {
  /** Number of distinct prefixes. */
  size = 0;
  private tree: PrefixTree | undefined = undefined;
  private holders: Map<P, Holder<P>> | undefined = undefined;
  /** The holders by their numbers, which begin at 1, and numbers that are free again. */
  private readonly numbered: (Holder<P> | undefined)[] = [];
  private readonly freeNumbers: number[] = [];
  /** Who holds the nodes that several hold. */
  private several: Map<number, Set<Holder<P>>> | undefined = undefined;
  /** Audiences of several by the longest of their prefixes, which says which the others are; until something changes. */
  private audiences: Map<number, Audience<P>> | undefined = undefined;
  private lastNode = -1;
  private lastAudience: Audience<P> | undefined = undefined;
  private round = 0;
  private found: ((pipe: P) => void) | undefined = undefined;

  /** Adds a prefix for a pipe. True when nobody had this prefix before. */
  add(topic: Uint8Array, pipe: P): boolean {
    this.tree ??= this.makeTree();
    const node = this.tree.at(topic);
    let holder = this.holders?.get(pipe);
    if (holder === undefined) {
      holder = this.addHolder(pipe, node);
    } else {
      if (this.holds(holder, node)) return false;
      holder.count += 1;
      holder.nodes.push(node);
    }
    holder.octets += topic.length;
    this.forgetAudiences();
    const value = this.tree.value(node);
    if (value === 0) {
      this.tree.setValue(node, holder.number);
      this.size += 1;
      return true;
    }
    if (value === SEVERAL) {
      this.several?.get(node)?.add(holder);
      return false;
    }
    this.several ??= new Map();
    this.several.set(node, new Set([this.numbered[value] as Holder<P>, holder]));
    this.tree.setValue(node, SEVERAL);
    return false;
  }

  /** True when a pipe has this prefix. */
  has(topic: Uint8Array, pipe: P): boolean {
    const holder = this.holders?.get(pipe);
    return holder !== undefined && this.holds(holder, this.tree?.find(topic) ?? -1);
  }

  /** How many prefixes a pipe has, and how many octets these have. */
  held(pipe: P): { readonly count: number; readonly octets: number } {
    return this.holders?.get(pipe) ?? NOTHING;
  }

  /** Takes a prefix away from a pipe. */
  remove(topic: Uint8Array, pipe: P): Removal {
    const holder = this.holders?.get(pipe);
    const node = this.tree?.find(topic) ?? -1;
    if (holder === undefined || !this.holds(holder, node)) return "notFound";
    holder.count -= 1;
    holder.octets -= topic.length;
    const isLast = this.release(node, holder);
    if (holder.count === 0) this.removeHolder(holder);
    else this.tidy(holder);
    return isLast ? "lastRemoved" : "valuesRemain";
  }

  /** Takes all prefixes away from a pipe; calls back with each, and whether nobody else had it. */
  removePipe(pipe: P, removed?: (topic: Uint8Array, wasLast: boolean) => void): void {
    const { tree } = this;
    const holder = this.holders?.get(pipe);
    if (holder === undefined || tree === undefined) return;
    // The nodes may be renumbered meanwhile.
    for (let i = 0; i < holder.nodes.length; i += 1) {
      const node = holder.nodes[i] as number;
      if (!this.holds(holder, node)) continue;
      const topic = removed === undefined ? undefined : tree.topicOf(node);
      const wasLast = this.release(node, holder);
      if (topic !== undefined) removed?.(topic, wasLast);
    }
    this.removeHolder(holder);
  }

  /** Those who have a prefix of this topic; undefined: nobody. The same object for the same ones while nothing changes. */
  audience(topic: Uint8Array): Audience<P> | undefined {
    const { tree } = this;
    if (tree === undefined) return undefined;
    tree.findPrefixes(topic);
    const node = tree.longest;
    if (node === this.lastNode) return this.lastAudience;
    if (node < 0) return undefined;
    const value = tree.value(node);
    const audience =
      tree.found === 1 && value !== SEVERAL
        ? audienceOfOne(this.numbered[value] as Holder<P>)
        : (this.audiences?.get(node) ?? this.gather(topic, node));
    this.lastNode = node;
    this.lastAudience = audience;
    return audience;
  }

  /** The same of those who have exactly this topic. An object's users ask for the one or for the other, never for both. */
  exactAudience(topic: Uint8Array): Audience<P> | undefined {
    const node = this.tree?.find(topic) ?? -1;
    const value = this.tree?.value(node) ?? 0;
    if (value === 0) return undefined;
    if (value !== SEVERAL) return audienceOfOne(this.numbered[value] as Holder<P>);
    const known = this.audiences?.get(node);
    if (known !== undefined) return known;
    return this.remember(node, new Audience(Array.from(this.several?.get(node) ?? [], (holder) => holder.pipe)));
  }

  /** Calls back once with each pipe that has a prefix of this topic. `found` must not change the subscriptions. */
  match(topic: Uint8Array, found: (pipe: P) => void): void {
    this.round += 1;
    this.found = found;
    this.tree?.visitPrefixes(topic, this.visit);
  }

  /** Number of pipes that have some prefix. */
  get pipeCount(): number {
    return this.holders?.size ?? 0;
  }

  /** All prefixes, and how many pipes have each. */
  list(): SubscriptionCount[] {
    const { tree } = this;
    if (tree === undefined) return [];
    return tree.all().map((node) => ({
      topic: tree.topicOf(node),
      count: tree.value(node) === SEVERAL ? (this.several?.get(node)?.size ?? 0) : 1,
    }));
  }

  private gather(topic: Uint8Array, node: number): Audience<P> {
    const pipes: P[] = [];
    this.match(topic, (pipe) => pipes.push(pipe));
    const only = pipes.length === 1 ? this.holders?.get(pipes[0] as P) : undefined;
    return this.remember(node, only === undefined ? new Audience(pipes) : audienceOfOne(only));
  }

  private remember(node: number, audience: Audience<P>): Audience<P> {
    this.audiences ??= new Map();
    if (this.audiences.size >= MOST_AUDIENCES) this.audiences.clear();
    this.audiences.set(node, audience);
    return audience;
  }

  private forgetAudiences(): void {
    this.audiences?.clear();
    this.lastNode = -1;
    this.lastAudience = undefined;
  }

  private readonly visit = (node: number): void => {
    const value = this.tree?.value(node) as number;
    if (value !== SEVERAL) this.report(this.numbered[value] as Holder<P>);
    else for (const holder of this.several?.get(node) ?? []) this.report(holder);
  };

  private report(holder: Holder<P>): void {
    if (holder.seen === this.round) return;
    holder.seen = this.round;
    this.found?.(holder.pipe);
  }

  private holds(holder: Holder<P>, node: number): boolean {
    const value = this.tree?.value(node);
    return value === holder.number || (value === SEVERAL && this.several?.get(node)?.has(holder) === true);
  }

  /** True when that was the node's last holder. */
  private release(node: number, holder: Holder<P>): boolean {
    const tree = this.tree as PrefixTree;
    this.forgetAudiences();
    const others = this.several?.get(node);
    if (others !== undefined) {
      others.delete(holder);
      if (others.size > 1) return false;
      for (const other of others) tree.setValue(node, other.number);
      this.several?.delete(node);
      return false;
    }
    tree.setValue(node, 0);
    this.size -= 1;
    tree.prune(node);
    return true;
  }

  private addHolder(pipe: P, node: number): Holder<P> {
    const number = this.freeNumbers.pop() ?? Math.max(1, this.numbered.length);
    const holder: Holder<P> = { pipe, number, count: 1, octets: 0, nodes: [node], seen: 0, alone: undefined };
    this.numbered[number] = holder;
    this.holders ??= new Map();
    this.holders.set(pipe, holder);
    return holder;
  }

  /** Lists a holder's nodes anew when most of its list is of no use any more. */
  private tidy(holder: Holder<P>): void {
    if (holder.nodes.length <= SOME + 2 * holder.count) return;
    holder.nodes = [...new Set(holder.nodes)].filter((node) => this.holds(holder, node));
  }

  private removeHolder(holder: Holder<P>): void {
    this.holders?.delete(holder.pipe);
    this.numbered[holder.number] = undefined;
    this.freeNumbers.push(holder.number);
  }

  private makeTree(): PrefixTree {
    const tree = new PrefixTree();
    tree.renumbered = (numbers) => {
      for (const { nodes } of this.holders?.values() ?? []) {
        for (let i = 0; i < nodes.length; i += 1) nodes[i] = numbers[nodes[i] as number] ?? -1;
      }
      if (this.several === undefined) return;
      const several = new Map<number, Set<Holder<P>>>();
      for (const [node, holders] of this.several) several.set(numbers[node] as number, holders);
      this.several = several;
    };
    return tree;
  }
}

function audienceOfOne<P>(holder: Holder<P>): Audience<P> {
  holder.alone ??= new Audience([holder.pipe]);
  return holder.alone;
}

/** Prefixes that an application asked for, counted. */
export class OwnSubscriptions {
  /** Number of distinct prefixes. */
  size = 0;
  private tree: PrefixTree | undefined = undefined;

  /** Adds one. True when it is the first of this prefix. */
  add(topic: Uint8Array): boolean {
    this.tree ??= new PrefixTree();
    const node = this.tree.at(topic);
    const times = this.tree.value(node);
    this.tree.setValue(node, times + 1);
    if (times === 0) this.size += 1;
    return times === 0;
  }

  /** Takes one away. */
  remove(topic: Uint8Array): Removal {
    const { tree } = this;
    const node = tree?.find(topic) ?? -1;
    const times = tree?.value(node) ?? 0;
    if (tree === undefined || times === 0) return "notFound";
    tree.setValue(node, times - 1);
    if (times > 1) return "valuesRemain";
    this.size -= 1;
    tree.prune(node);
    return "lastRemoved";
  }

  /** True when some prefix of the topic was asked for. */
  matches(topic: Uint8Array): boolean {
    return this.tree?.hasPrefixOf(topic) === true;
  }

  /** True when exactly this was asked for. */
  has(topic: Uint8Array): boolean {
    return this.tree !== undefined && this.tree.value(this.tree.find(topic)) > 0;
  }

  /** The distinct prefixes. */
  topics(): Uint8Array[] {
    const { tree } = this;
    return tree === undefined ? [] : tree.all().map((node) => tree.topicOf(node));
  }
}
