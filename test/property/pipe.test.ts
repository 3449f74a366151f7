// SPDX-License-Identifier: MIT
/** Laws of the pipe: whatever both sides write, read and change, each direction is a bounded list with libzmq's counting. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createPipePair, type LocalPipe } from "../../src/pipe/local-pipe.ts";
import { type PipeItem, Subscription } from "../../src/pipe/message.ts";
import type { MessageSource, PipeOwner } from "../../src/pipe/pipe.ts";
import { octets, show } from "../support/pattern-host.ts";
import { PlainPipe, plainLimit } from "../twins/pipe.ts";
import { runs } from "./runs.ts";

const mark = fc.integer({ min: 0, max: 9 });
/** Which end does something. */
const end = fc.constantFrom(0 as const, 1 as const);

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("write" as const, "read" as const), end }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("announce" as const), end, count: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const), end }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("subscribe" as const, "counted" as const), end }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("checkRead" as const, "checkWrite" as const), end }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("hiccup" as const, "takes" as const), end }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("marks" as const), end, inbound: mark, outbound: mark }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What an end was told, and what it should have been told. */
class Owner implements PipeOwner {
  readonly told: string[] = [];
  readonly expected: string[] = [];
  /** Takes messages at once, as a session does whose engine is idle. */
  takes = false;
  readonly taken: string[] = [];

  take(message: Uint8Array[]): boolean {
    if (this.takes) this.taken.push(String(show(message)));
    return this.takes;
  }

  readActivated(): void {
    this.told.push("readActivated");
  }

  writeActivated(): void {
    this.told.push("writeActivated");
  }

  connected(): void {}
  disconnected(): void {}

  hiccuped(): void {
    this.told.push("hiccuped");
  }

  closing(): void {
    this.told.push("closing");
  }

  closed(): void {
    this.told.push("closed");
  }
}

/** Makes messages when it is asked for them. */
class Source implements MessageSource {
  readonly buffered = 0;
  readonly texts: string[] = [];

  message(): Uint8Array[] {
    return [octets(this.texts.shift() ?? "nothing was announced")];
  }
}

/** A pipe, and what it should be. */
class Rig {
  readonly ends: readonly [LocalPipe, LocalPipe];
  readonly owners = [new Owner(), new Owner()] as const;
  /** What each end writes. */
  readonly plain: readonly [PlainPipe, PlainPipe];
  /** Each end's, one after the other, as a session has with each connection. */
  private readonly sources = [
    [new Source(), new Source()],
    [new Source(), new Source()],
  ] as const;
  private readonly marks: [[number, number], [number, number]];
  private number = 0;

  constructor(inbound: number, outbound: number, keepsLast: boolean) {
    this.ends = createPipePair({ inbound, outbound });
    if (keepsLast) this.ends[0].keepLastOnly();
    this.marks = [
      [inbound, outbound],
      [-1, -1],
    ];
    const [near, far] = this.owners;
    this.ends[0].owner = near;
    this.ends[1].owner = far;
    const direction = (writer: Owner, reader: Owner, limit: number): PlainPipe =>
      new PlainPipe(limit, keepsLast, (event) => (event === "readActivated" ? reader : writer).expected.push(event));
    this.plain = [direction(near, far, outbound), direction(far, near, inbound)];
  }

  run(each: Step): void {
    const [pipe, other] = each.end === 0 ? this.ends : ([this.ends[1], this.ends[0]] as const);
    const [outgoing, incoming] = each.end === 0 ? this.plain : ([this.plain[1], this.plain[0]] as const);
    const reader = this.owners[1 - each.end] as Owner;
    const text = String(this.number++);
    if (each.do === "write" || each.do === "counted") {
      const isMessage = each.do === "write";
      // A subscription that came from the network; where only the last message is kept there are none.
      if (!isMessage && outgoing.keepsLast) return;
      const isOffered = isMessage && reader.takes && outgoing.isStarved && outgoing.hasRoom();
      const isTaken = pipe.write(isMessage ? [octets(text)] : new Subscription("subscribe", octets(text)));
      if (isOffered) assert.equal(reader.taken.pop(), text);
      assert.equal(isTaken, isOffered || outgoing.write(text, isMessage));
      assert.deepEqual(reader.taken, []);
    } else if (each.do === "announce") {
      assert.equal(pipe.canAnnounce, !outgoing.keepsLast);
      if (outgoing.keepsLast) return;
      const room = pipe.checkRoom();
      assert.equal(room > 0, outgoing.hasRoom());
      const count = Math.min(each.count, room);
      const texts = Array.from({ length: count }, (_, i) => `${text}.${i}`);
      const source = this.sources[each.end][this.number % 3 === 0 ? 1 : 0];
      for (const next of texts) assert.ok(outgoing.write(next, true));
      source.texts.push(...texts);
      if (count > 0) pipe.announce(count, source);
    } else if (each.do === "settle") {
      pipe.settle();
      for (const source of this.sources[each.end]) assert.deepEqual(source.texts, []);
    } else if (each.do === "subscribe") {
      pipe.writeSubscription(new Subscription("subscribe", octets(text)));
      outgoing.subscribe(text);
    } else if (each.do === "read") {
      assert.equal(spell(pipe.read()), incoming.read());
    } else if (each.do === "checkRead") {
      assert.equal(pipe.checkRead(), incoming.hasItem());
    } else if (each.do === "checkWrite") {
      assert.equal(pipe.checkWrite(), outgoing.hasRoom());
    } else if (each.do === "takes") {
      reader.takes = !reader.takes;
    } else if (each.do === "hiccup") {
      pipe.hiccup();
      incoming.hiccup();
      reader.expected.push("hiccuped");
    } else if (each.do === "marks") {
      this.marks[each.end] = [each.inbound, each.outbound];
      pipe.setHighWaterMarks(each.inbound, each.outbound);
      const [[nearIn, nearOut], [farIn, farOut]] = this.marks;
      const limits = [plainLimit(nearOut, farIn), plainLimit(farOut, nearIn)] as const;
      // The direction that this end reads comes first.
      for (const which of [1 - each.end, each.end] as const) this.plain[which]?.setLimit(limits[which] as number);
    }
    assert.deepEqual([pipe.readable, other.readable], [incoming.items.length, outgoing.items.length]);
    this.check();
  }

  check(): void {
    for (const { told, expected } of this.owners) assert.deepEqual(told, expected);
  }
}

function spell(item: PipeItem | undefined): string | undefined {
  return item instanceof Subscription ? String(show(item)).slice(1) : show(item)?.[0];
}

test("a pipe is two bounded lists: what fits, what comes out, and who is told of what", () => {
  fc.assert(
    fc.property(mark, mark, fc.boolean(), fc.array(step, { maxLength: 150 }), (inbound, outbound, keepsLast, steps) => {
      const rig = new Rig(inbound, outbound, keepsLast && inbound % 2 === 0);
      for (const each of steps) rig.run(each);
    }),
    runs(500),
  );
});

test("what was written before the end of a pipe is read after it, and then the pipe is closed, once", () => {
  fc.assert(
    fc.property(mark, mark, fc.array(step, { maxLength: 60 }), end, (inbound, outbound, steps, who) => {
      const rig = new Rig(inbound, outbound, false);
      for (const each of steps) rig.run(each);
      const [closing, left] = [rig.ends[who], rig.ends[1 - who] as LocalPipe];
      const { told, expected } = rig.owners[1 - who] as Owner;
      const waiting = rig.plain[who].items.map(({ text }) => text);
      closing.close();
      expected.push("closing");
      if (waiting.length === 0) expected.push("closed");
      assert.deepEqual(told, expected);
      assert.equal(left.isClosing, true);
      assert.equal(left.write([octets("too late")]), false);
      assert.equal(left.checkWrite(), false);
      for (const text of waiting) assert.equal(spell(left.read()), text);
      assert.equal(left.read(), undefined);
      if (waiting.length > 0) expected.push("closed");
      assert.equal(left.read(), undefined);
      closing.close();
      left.close();
      rig.check();
    }),
    runs(300),
  );
});
