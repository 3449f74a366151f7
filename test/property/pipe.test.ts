// SPDX-License-Identifier: MIT
/** Laws of the pipe: whatever is written, read and changed, it behaves as a plain bounded list with libzmq's counting does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createPipePair } from "../../src/pipe/local-pipe.ts";
import { Subscription } from "../../src/pipe/message.ts";

/** A pipe's one direction, said plainly. */
class PlainPipe {
  items: { text: string; counts: boolean; isMessage: boolean }[] = [];
  written = 0;
  read = 0;
  acknowledged = 0;
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get hasRoom(): boolean {
    return this.limit === 0 || this.written - this.acknowledged < this.limit;
  }

  write(text: string, isMessage: boolean): boolean {
    if (!this.hasRoom) return false;
    this.written += 1;
    this.items.push({ text, counts: true, isMessage });
    return true;
  }

  take(): string | undefined {
    const item = this.items.shift();
    if (item?.counts === true) this.count();
    return item?.text;
  }

  count(): void {
    this.read += 1;
    if (this.read % Math.max(1, (this.limit + 1) >> 1) === 0) this.acknowledged = this.read;
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.acknowledged = this.read;
  }

  hiccup(): void {
    const dropped = this.items.filter((item) => !item.isMessage && item.counts);
    this.items = this.items.filter((item) => item.isMessage);
    for (let left = dropped.length; left > 0; left -= 1) this.count();
  }
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant("write" as const) },
    { weight: 5, arbitrary: fc.constant("read" as const) },
    { weight: 1, arbitrary: fc.constant("subscribe" as const) },
    { weight: 1, arbitrary: fc.constant("counted" as const) },
    { weight: 1, arbitrary: fc.constant("hiccup" as const) },
    { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 0, max: 9 }) }) },
  ),
  { maxLength: 200 },
);

test("a pipe is a bounded list: what fits, what comes out, and who is woken when", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), steps, (limit, all) => {
      const [near, far] = createPipePair({ inbound: 0, outbound: limit });
      const plain = new PlainPipe(limit);
      let [writable, readable] = [0, 0];
      let [isBlocked, isStarved] = [false, true];
      const owner = { connected() {}, disconnected() {}, hiccuped() {}, closing() {}, closed() {} };
      near.owner = { ...owner, readActivated() {}, writeActivated: () => (writable += 1) };
      far.owner = { ...owner, readActivated: () => (readable += 1), writeActivated() {} };
      let number = 0;
      for (const step of all) {
        [writable, readable] = [0, 0];
        const wasEmpty = isStarved;
        const text = String(number++);
        if (step === "write" || step === "counted") {
          const isMessage = step === "write";
          const octets = Buffer.from(text);
          const isTaken = near.write(isMessage ? [octets] : new Subscription("subscribe", octets));
          assert.equal(isTaken, plain.write(text, isMessage));
          if (!isTaken) isBlocked = true;
          assert.equal(readable, isTaken && wasEmpty ? 1 : 0);
          if (isTaken) isStarved = false;
        } else if (step === "subscribe") {
          near.writeSubscription(new Subscription("subscribe", Buffer.from(text)));
          plain.items.push({ text, counts: false, isMessage: false });
          assert.equal(readable, wasEmpty ? 1 : 0);
          isStarved = false;
        } else if (step === "read") {
          const item = far.read();
          const got = item instanceof Subscription ? item.topic : item?.[0];
          assert.equal(got === undefined ? undefined : Buffer.from(got).toString(), plain.take());
          if (item === undefined) isStarved = true;
        } else if (step === "hiccup") {
          far.hiccup();
          plain.hiccup();
        } else {
          near.setHighWaterMarks(0, step.limit);
          plain.setLimit(step.limit);
        }
        assert.equal(far.readable, plain.items.length);
        if (writable > 0) isBlocked = false;
        assert.ok(!(isBlocked && plain.hasRoom), "a blocked writer was not woken");
      }
    }),
    { numRuns: 500 },
  );
});
