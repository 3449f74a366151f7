// SPDX-License-Identifier: MIT
/** The subscriptions of browsers do what those of all other runtimes do, whatever comes in which order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as whole from "../../../src/pattern/subscriptions.ts";
import * as slim from "../../../src/slim/subscriptions.ts";

const topic = fc.array(fc.constantFrom(0, 97, 255), { maxLength: 4 }).map((octets) => Uint8Array.from(octets));
const step = fc.record({ verb: fc.constantFrom("add", "remove", "removePipe"), topic, pipe: fc.nat(3) });
const text = (topics: readonly Uint8Array[]): string[] => topics.map((each) => [...each].join()).sort();

test("publishers' subscriptions", () => {
  const pipes = [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }];
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const [a, b] = [new whole.Subscriptions<object>(), new slim.Subscriptions<object>()];
      for (const { verb, topic: at, pipe } of steps) {
        const who = pipes[pipe] as object;
        if (verb === "add") assert.equal(b.add(at, who), a.add(at, who));
        else if (verb === "remove") assert.equal(b.remove(at, who), a.remove(at, who));
        else {
          const [seen, expected]: string[][] = [[], []];
          a.removePipe(who, (each, wasLast) => expected?.push(`${each} ${wasLast}`));
          b.removePipe(who, (each, wasLast) => seen?.push(`${each} ${wasLast}`));
          assert.deepEqual(seen?.sort(), expected?.sort());
        }
        assert.deepEqual(new Set(b.audience(at)?.pipes), new Set(a.audience(at)?.pipes));
        assert.equal(b.audience(at), b.audience(at));
        assert.deepEqual([b.size, b.pipeCount, b.has(at, who)], [a.size, a.pipeCount, a.has(at, who)]);
        assert.deepEqual({ ...b.held(who) }, { count: a.held(who).count, octets: a.held(who).octets });
        assert.deepEqual(text(b.list().map((each) => each.topic)), text(a.list().map((each) => each.topic)));
      }
    }),
  );
});

test("subscribers' subscriptions", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const [a, b] = [new whole.OwnSubscriptions(), new slim.OwnSubscriptions()];
      for (const { verb, topic: at } of steps) {
        if (verb === "add") assert.equal(b.add(at), a.add(at));
        else assert.equal(b.remove(at), a.remove(at));
        assert.deepEqual([b.size, b.has(at), b.matches(at)], [a.size, a.has(at), a.matches(at)]);
        assert.deepEqual(text(b.topics()), text(a.topics()));
      }
    }),
  );
});
