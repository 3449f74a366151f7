// SPDX-License-Identifier: MIT
/**
 * Laws of PUB as a whole: whoever joins, subscribes, reads, stalls and leaves, each subscriber gets exactly what its plain
 * twin gives it, message by message, whether it reads messages or runs (`src/pipe/run.ts`).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { zmtpV2Framing } from "../../src/engine/zmtp-v2-framing.ts";
import type { LocalPipe } from "../../src/pipe/local-pipe.ts";
import { Run } from "../../src/pipe/run.ts";
import { FarEnd, PatternHost, show, text } from "../support/pattern-host.ts";
import type { PlainPipe } from "../twins/pipe.ts";
import { PlainPublisher } from "../twins/publisher.ts";
import { runs } from "./runs.ts";
import { topic } from "./topics.ts";

const who = fc.nat(5);
const size = fc.oneof(
  { weight: 30, arbitrary: fc.nat(20) },
  { weight: 5, arbitrary: fc.constantFrom(250, 300) },
  fc.constantFrom(16383, 16384, 40_000),
);

const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      limit: fc.nat(6),
      isSlow: fc.boolean(),
      takesRuns: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("leave" as const, "changesMind" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("subscribe" as const), who, topic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), who, topic }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant("send" as const), topic, size, count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("endTurn" as const) }) },
);

/** A subscriber, as the publisher has it and as its twin does. */
class Subscriber extends FarEnd {
  readonly plain: PlainPipe;
  takesRuns: boolean;
  isGone = false;
  /** It has found nothing, and was not told of anything since. */
  isStarved = true;
  /** Reads at once whatever it is told of, as an engine does whose connection is idle. */
  private readonly isQuick: boolean;

  constructor(host: PatternHost, plain: PlainPipe, limit: number, isQuick: boolean, takesRuns: boolean) {
    super(host, { outbound: limit });
    this.plain = plain;
    this.isQuick = isQuick;
    this.takesRuns = takesRuns;
    this.changeRuns();
  }

  private get pipe(): LocalPipe {
    return (this as unknown as { far: LocalPipe }).far;
  }

  changeRuns(): void {
    this.pipe.takeRuns(this.takesRuns ? zmtpV2Framing : undefined);
  }

  override readActivated(): void {
    this.isStarved = false;
    if (this.isQuick) while (this.take());
  }

  /** Reads one item; what it finds must be what the twin has. */
  take(): boolean {
    const item = this.read();
    if (item === undefined) {
      this.isStarved = true;
      return false;
    }
    if (item instanceof Run) {
      const texts = item.messages().map((message) => text(message[1] as Uint8Array));
      assert.deepEqual(texts, this.plain.readRun(texts.length));
    } else {
      assert.equal(show(item)?.[1], this.plain.read());
    }
    return true;
  }
}

/** What all subscribers missed, those that have gone too. */
function droppedBy({ pattern }: PatternHost, subscribers: readonly Subscriber[]): number {
  pattern.settle?.();
  return subscribers.reduce((sum, { near }) => sum + near.dropped, 0);
}

for (const noDrop of [false, true]) {
  test(`every subscriber gets what the plain publisher gives it${noDrop ? ", who drops nothing" : ""}`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const host = new PatternHost("PUB", { noDrop });
        const plain = new PlainPublisher();
        const subscribers: Subscriber[] = [];
        let number = 0;
        for (const each of steps) {
          const subscriber = "who" in each ? subscribers[each.who] : undefined;
          if (each.do === "join") {
            // A quick reader's marks never matter; the twin cannot know when it reads.
            const limit = each.isSlow ? each.limit : 0;
            subscribers.push(new Subscriber(host, plain.join(limit), limit, !each.isSlow, each.takesRuns));
          } else if (each.do === "send") {
            for (let i = 0; i < each.count; i += 1) {
              const label = String(number++).padStart(each.size, "-");
              // The twin first: quick readers read from inside.
              const isSent = plain.send(each.topic, label, noDrop);
              assert.equal(host.send(each.topic, label), isSent);
              // Not always, so that some stand open for long.
              if (number % 3 === 0) assert.equal(droppedBy(host, subscribers), plain.dropped);
            }
          } else if (each.do === "endTurn") {
            host.clock.endTurn();
            for (const { isStarved, isGone, plain: pipe } of subscribers) {
              assert.ok(isGone || !isStarved || pipe.items.length === 0, "a reader was not told");
            }
          } else if (subscriber === undefined || subscriber.isGone) {
          } else if (each.do === "subscribe") {
            subscriber.subscribe(each.topic);
            plain.subscriptions.add(each.topic, subscriber.plain);
          } else if (each.do === "cancel") {
            subscriber.cancel(each.topic);
            plain.subscriptions.remove(each.topic, subscriber.plain);
          } else if (each.do === "read") {
            subscriber.take();
          } else if (each.do === "changesMind") {
            subscriber.takesRuns = !subscriber.takesRuns;
            subscriber.changeRuns();
          } else {
            subscriber.isGone = true;
            plain.leave(subscriber.plain);
            subscriber.leave();
          }
        }
        host.clock.endTurn();
        for (const subscriber of subscribers) {
          if (subscriber.isGone) continue;
          while (subscriber.take());
          assert.equal(subscriber.plain.items.length, 0);
        }
      }),
      runs(150),
    );
  });
}
