// SPDX-License-Identifier: MIT
/**
 * Runs change nothing but the cost: a publisher whose subscribers take runs sends each of them what one sends whose
 * subscribers take messages only, and refuses the same messages.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { zmtpV2Framing } from "../../src/engine/zmtp-v2-framing.ts";
import { createPipePair, type LocalPipe } from "../../src/pipe/local-pipe.ts";
import { type Message, Subscription } from "../../src/pipe/message.ts";
import { Run } from "../../src/pipe/run.ts";
import { octets, PatternHost, peerNamed, text } from "../support/pattern-host.ts";
import { fc, runs } from "./runs.ts";
import { anyTopic } from "./topics.ts";

const MEMBERS = 4;
const member = fc.nat({ max: MEMBERS - 1 });

type Step =
  | { readonly do: "subscribe" | "cancel"; readonly member: number; readonly topic: string }
  | { readonly do: "send"; readonly topic: string; readonly size: number }
  | { readonly do: "read" | "replace" | "toggle"; readonly member: number }
  | { readonly do: "limit"; readonly member: number; readonly limit: number }
  | { readonly do: "turn" };

const size = fc.oneof(
  { weight: 12, arbitrary: fc.nat({ max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 6000, max: 20_000 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("subscribe"), member, topic: anyTopic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel"), member, topic: anyTopic }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("send"), topic: anyTopic, size }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read"), member }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("replace", "toggle"), member }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("limit"), member, limit: fc.nat({ max: 6 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: "turn" } as const) },
);

/** A subscriber: reads when told to, or at once whatever the pipe tells it of. */
class Member {
  readonly got: string[] = [];
  readonly near: LocalPipe;
  private readonly far: LocalPipe;
  private takesRuns = false;
  private limit = 2;

  constructor(host: PatternHost, isEager: boolean) {
    [this.near, this.far] = createPipePair({ inbound: 0, outbound: this.limit });
    const wake = isEager ? () => this.read() : () => {};
    const { readActivated: _, ...rest } = ownerOfNothing;
    this.far.owner = { ...rest, readActivated: wake };
    this.near.peer = peerNamed();
    host.attach(this.near, false);
    this.far.connect(peerNamed());
  }

  subscribe(kind: "subscribe" | "cancel", topic: string): void {
    this.far.write(new Subscription(kind, octets(topic)));
  }

  toggle(): void {
    this.takesRuns = !this.takesRuns;
    this.far.takeRuns(this.takesRuns ? zmtpV2Framing : undefined);
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.near.setHighWaterMarks(0, limit);
  }

  read(): void {
    for (let item = this.far.read(); item !== undefined; item = this.far.read()) {
      if (item instanceof Run) for (const message of item.messages()) this.take(message);
      else if (Array.isArray(item)) this.take(item);
    }
  }

  /** Reads, and gives back all of the mark: by how much an acknowledgement is late is not what this is about. */
  settle(): void {
    this.read();
    this.setLimit(this.limit);
  }

  leave(): void {
    this.far.close();
  }

  private take([first, ...others]: Message): void {
    const [number, length] = others.map((part) => part.length);
    this.got.push(`${text(first as Uint8Array)} ${number} ${length}`);
  }
}

const nothing = (): void => {};
const ownerOfNothing = {
  readActivated: nothing,
  writeActivated: nothing,
  connected: nothing,
  disconnected: nothing,
  hiccuped: nothing,
  closing: nothing,
  closed: nothing,
};

/** A publisher with its subscribers. */
class Side {
  readonly host: PatternHost;
  readonly members: Member[];
  private readonly isEager: boolean;
  private readonly inRuns: boolean;
  private count = 0;

  constructor(inRuns: boolean, isEager: boolean, noDrop: boolean) {
    this.host = new PatternHost("PUB", { noDrop });
    this.isEager = isEager;
    this.inRuns = inRuns;
    this.members = Array.from({ length: MEMBERS }, () => this.join());
  }

  private join(): Member {
    const joined = new Member(this.host, this.isEager);
    if (this.inRuns) joined.toggle();
    return joined;
  }

  take(each: Step): unknown {
    if (each.do === "turn") {
      if (this.inRuns) this.host.clock.endTurn();
    } else if (each.do === "send") {
      this.count += 1;
      return this.host.pattern.send([octets(each.topic), new Uint8Array(this.count), new Uint8Array(each.size)]);
    } else {
      const subject = this.members[each.member] as Member;
      if (each.do === "read") subject.settle();
      else if (each.do === "limit") subject.setLimit(each.limit);
      else if (each.do === "subscribe" || each.do === "cancel") subject.subscribe(each.do, each.topic);
      else if (each.do === "replace") {
        subject.leave();
        this.members[each.member] = this.join();
      } else if (this.inRuns) subject.toggle();
    }
    return undefined;
  }

  results(): string[][] {
    for (const each of this.members) each.read();
    return this.members.map(({ got }) => got);
  }
}

for (const isEager of [false, true]) {
  test(`runs carry what messages do, to subscribers that read ${isEager ? "at once" : "when they like"}`, () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 80 }), (noDrop, steps) => {
        const ours = new Side(true, isEager, noDrop);
        const plain = new Side(false, isEager, noDrop);
        for (const each of steps) assert.equal(ours.take(each), plain.take(each), each.do);
        assert.deepEqual(ours.results(), plain.results());
      }),
      runs(500),
    );
  });
}
