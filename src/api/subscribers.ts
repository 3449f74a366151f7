// SPDX-License-Identifier: MIT
/**
 * `waitForSubscribers()`: waits until enough peers have subscribed. Driven by the subscriptions that arrive, so that what is
 * sent afterwards reaches them: a connection alone does not show that. Used by the classes of publishers.
 */
import { ZmqError } from "../base/errors.ts";
import { toBytes } from "./parts.ts";
import type { Socket } from "./socket.ts";
import type { BesideTurns, SocketWorks } from "./socket-works.ts";
import { type CallOptions, Waiters } from "./waiters.ts";

/** Which subscribers to wait for, and how long. */
export interface SubscriberWaitOptions extends CallOptions {
  /** Those that would get a message with this topic (for a RADIO: with this group). Default: whoever has subscribed to anything. */
  topic?: string | Uint8Array | undefined;
  /** How many. Default 1. */
  count?: number | undefined;
}

/** What is subscribed to: a prefix of topics, or a group, and by how many peers. */
export interface SubscribedTopic {
  /** The prefix or the group; empty: all topics. */
  readonly topic: Uint8Array;
  /** Number of peers. */
  readonly count: number;
}

/** One call that waits. */
interface Call {
  readonly topic: Uint8Array | undefined;
  readonly count: number;
  readonly waiting: Waiters<number, undefined>;
}

/** The calls of one publisher. */
class SubscriberCalls implements BesideTurns {
  private readonly works: SocketWorks;
  private readonly calls = new Set<Call>();

  constructor(works: SocketWorks) {
    this.works = works;
  }

  wait({ topic, count = 1, signal, timeout = -1 }: SubscriberWaitOptions): Promise<number> {
    const { core, runtime, hold, context } = this.works;
    if (!Number.isInteger(count) || count < 0) {
      throw typeof count === "number"
        ? new ZmqError("EINVAL", `count must be a whole number from 0 on, not ${count}`)
        : new TypeError("A number was expected as count");
    }
    const octets = topic === undefined ? undefined : toBytes(topic, runtime, "topic");
    core.requireOpen("waitForSubscribers()");
    const found = this.found(octets);
    if (found >= count && signal?.aborted !== true) return Promise.resolve(found);
    const gaveUp = (): void => void this.calls.delete(call);
    const call: Call = {
      topic: octets,
      count,
      waiting: new Waiters(runtime.clock, hold, "waitForSubscribers()", gaveUp, context.abortSignals),
    };
    const result = call.waiting.wait(undefined, timeout, signal);
    if (call.waiting.length > 0) this.calls.add(call);
    return result;
  }

  serve(): void {
    for (const call of this.calls) {
      const found = this.found(call.topic);
      if (found < call.count) continue;
      this.calls.delete(call);
      call.waiting.resolveFirst(found);
    }
  }

  private found(topic: Uint8Array | undefined): number {
    return this.works.core.perform((pattern) => pattern.subscribersOf?.(topic) ?? 0);
  }

  end(reason: ZmqError): void {
    const calls = [...this.calls];
    this.calls.clear();
    for (const { waiting } of calls) waiting.rejectFirst(reason);
  }
}

/** Waits for subscribers of a publisher. Gives how many there are. @internal */
export async function waitForSubscribers({ works }: Socket, options: SubscriberWaitOptions = {}): Promise<number> {
  works.beside ??= new SubscriberCalls(works);
  return (works.beside as SubscriberCalls).wait(options);
}

/** What is subscribed to now. @internal */
export function subscriptionsOf({ works: { core, runtime } }: Socket): SubscribedTopic[] {
  const list = core.perform((pattern) => pattern.subscriptionList?.() ?? []);
  return list.map(({ topic, count }) => ({ topic: runtime.asPart(topic), count }));
}
