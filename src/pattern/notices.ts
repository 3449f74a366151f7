// SPDX-License-Identifier: MIT
/**
 * What an XPUB has for its application and the application has not received: subscriptions, cancels, messages, in the
 * order they came. Subscribers that are still there are held back by `xpub.ts`; those that have gone cannot be, so what
 * they leave behind is thinned out here: subscribers that come and go must not fill the memory of a publisher that
 * does not look.
 */
import { Ring } from "../base/ring.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";

/** A subscriber. */
export interface Source {
  readonly pipe: Pipe;
  /** What it sent and the application has not received yet. */
  waiting: number;
  /** It has too much waiting: nothing more is read from it, so that it is held back too. */
  isPaused: boolean;
  isGone: boolean;
}

/** Something for the application. */
export interface Notice {
  readonly kind: "subscribe" | "cancel" | "message";
  readonly message: Message;
  /** Undefined when its pipe went before: it is the cancel that we say in its place. */
  readonly source: Source | undefined;
  /** A subscription to what others had already, told of all the same: no cancel answers it. */
  readonly isRepeated?: boolean;
}

/** A queue of notices. */
export class Notices {
  private readonly ring = new Ring<Notice>();
  private readonly least: number;
  /** Notices of subscribers that have gone. */
  private orphans = 0;
  /** With more orphans than this it is worth the while to thin out. */
  private limit: number;
  private readonly mostMessages: number;

  /**
   * `least`: that many notices of subscribers that have gone are kept in any case. `mostMessages`: more messages of such are not kept, and
   * the oldest go.
   */
  constructor(least = 1000, mostMessages = 10_000) {
    this.least = least;
    this.limit = least;
    this.mostMessages = mostMessages;
  }

  get length(): number {
    return this.ring.length;
  }

  push(notice: Notice): void {
    this.ring.push(notice);
    if (notice.source === undefined) this.orphans += 1;
    else notice.source.waiting += 1;
  }

  shift(): Notice | undefined {
    const notice = this.ring.shift();
    if (notice === undefined) return undefined;
    if (isOrphan(notice)) this.orphans -= 1;
    if (notice.source !== undefined) notice.source.waiting -= 1;
    return notice;
  }

  /** A subscriber has gone; the cancels in its place are pushed already. */
  leave(source: Source): void {
    source.isGone = true;
    this.orphans += source.waiting;
    if (this.orphans <= this.limit) return;
    this.thinOut();
    this.limit = Math.max(this.least, 2 * this.ring.length);
  }

  /**
   * Drops each cancel together with the subscription right before it on the same topic, where both are of subscribers
   * that have gone: whoever receives the rest knows in the end what he would have known with them. Of repeated subscriptions nobody
   * needs to know whose subscriber has gone, and of messages of such there are only the newest.
   */
  private thinOut(): void {
    const kept: (Notice | undefined)[] = [];
    const byTopic = new Map<string, number[]>();
    const messages: number[] = [];
    for (let notice = this.ring.shift(); notice !== undefined; notice = this.ring.shift()) {
      if (notice.isRepeated === true && isOrphan(notice)) {
        this.drop(notice);
        continue;
      }
      const place = kept.push(notice) - 1;
      if (notice.kind === "message") {
        if (isOrphan(notice)) messages.push(place);
        continue;
      }
      const topic = (notice.message[0] as Uint8Array).subarray(1).join();
      const places = byTopic.get(topic);
      const before = places?.at(-1);
      if (places === undefined || before === undefined) byTopic.set(topic, [place]);
      else if (notice.kind === "cancel" && isOrphan(notice) && isGoneSubscription(kept[before])) {
        this.drop(notice);
        this.drop(kept[before] as Notice);
        kept[place] = undefined;
        kept[before] = undefined;
        places.pop();
      } else places.push(place);
    }
    for (const place of messages.slice(0, Math.max(0, messages.length - this.mostMessages))) {
      this.drop(kept[place] as Notice);
      kept[place] = undefined;
    }
    for (const notice of kept) if (notice !== undefined) this.ring.push(notice);
  }

  private drop(notice: Notice): void {
    this.orphans -= 1;
    if (notice.source !== undefined) notice.source.waiting -= 1;
  }
}

function isOrphan(notice: Notice): boolean {
  return notice.source === undefined || notice.source.isGone;
}

function isGoneSubscription(notice: Notice | undefined): boolean {
  return notice !== undefined && notice.kind === "subscribe" && isOrphan(notice);
}
