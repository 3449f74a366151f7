// SPDX-License-Identifier: MIT
/** Laws of the tables in `pattern/`: the prefix tree is a plain list of prefixes, the routing ids are a plain Map. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Notices, type Source } from "../../src/pattern/notices.ts";
import { RoutingIds } from "../../src/pattern/routing-ids.ts";
import { OwnSubscriptions, Subscriptions } from "../../src/pattern/subscriptions.ts";
import { createPipePair } from "../../src/pipe/local-pipe.ts";
import { octets, text } from "../support/pattern-host.ts";

// Two octets and short topics, so that they are often prefixes of one another; now and then any octets at all.
const topic = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }).map(text) },
);
const pipes = Array.from({ length: 4 }, (_, number) => ({ number }));
type Pipe = (typeof pipes)[number];

type Step =
  | { readonly do: "add" | "remove"; readonly topic: string; readonly pipe: number }
  | { readonly do: "leave"; readonly pipe: number }
  | { readonly do: "match"; readonly topic: string };

const pipeNumber = fc.nat({ max: pipes.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("add", "remove"), topic, pipe: pipeNumber }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave"), pipe: pipeNumber }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("match"), topic }) },
);

/** The plain twin: a list of pairs. */
class PlainSubscriptions {
  pairs: [string, Pipe][] = [];

  add(topic: string, pipe: Pipe): boolean {
    const isFirst = !this.pairs.some(([each]) => each === topic);
    if (!this.pairs.some(([each, holder]) => each === topic && holder === pipe)) this.pairs.push([topic, pipe]);
    return isFirst;
  }

  remove(topic: string, pipe: Pipe): string {
    const before = this.pairs.length;
    this.pairs = this.pairs.filter(([each, holder]) => each !== topic || holder !== pipe);
    if (this.pairs.length === before) return "notFound";
    return this.pairs.some(([each]) => each === topic) ? "valuesRemain" : "lastRemoved";
  }

  leave(pipe: Pipe): [string, boolean][] {
    const left = this.pairs.filter(([, holder]) => holder === pipe).map(([each]) => each);
    this.pairs = this.pairs.filter(([, holder]) => holder !== pipe);
    return left.map((each) => [each, !this.pairs.some(([other]) => other === each)]);
  }

  match(topic: string): Pipe[] {
    return [...new Set(this.pairs.filter(([each]) => topic.startsWith(each)).map(([, pipe]) => pipe))];
  }

  get size(): number {
    return new Set(this.pairs.map(([each]) => each)).size;
  }
}

test("subscriptions behave as a plain list of prefixes and pipes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tree = new Subscriptions<Pipe>();
      const plain = new PlainSubscriptions();
      for (const each of steps) {
        if (each.do === "match") {
          const found: Pipe[] = [];
          tree.match(octets(each.topic), (pipe) => found.push(pipe));
          assert.deepEqual(byNumber(found), byNumber(plain.match(each.topic)));
        } else if (each.do === "leave") {
          const left: [string, boolean][] = [];
          tree.removePipe(pipes[each.pipe] as Pipe, (removed, wasLast) => left.push([text(removed), wasLast]));
          assert.deepEqual(left.sort(), plain.leave(pipes[each.pipe] as Pipe).sort());
        } else {
          const pipe = pipes[each.pipe] as Pipe;
          assert.equal(tree[each.do](octets(each.topic), pipe), plain[each.do](each.topic, pipe));
        }
        assert.equal(tree.size, plain.size);
      }
    }),
    { numRuns: 500 },
  );
});

test("own subscriptions behave as a plain bag of prefixes", () => {
  const own = fc.record({ do: fc.constantFrom("add" as const, "remove" as const), topic });
  fc.assert(
    fc.property(fc.array(own, { maxLength: 40 }), fc.array(topic, { maxLength: 10 }), (steps, probes) => {
      const tree = new OwnSubscriptions();
      const plain: string[] = [];
      for (const each of steps) {
        const count = plain.filter((held) => held === each.topic).length;
        if (each.do === "add") {
          assert.equal(tree.add(octets(each.topic)), count === 0);
          plain.push(each.topic);
        } else {
          const expected = count === 0 ? "notFound" : count === 1 ? "lastRemoved" : "valuesRemain";
          assert.equal(tree.remove(octets(each.topic)), expected);
          if (count > 0) plain.splice(plain.indexOf(each.topic), 1);
        }
      }
      assert.equal(tree.size, new Set(plain).size);
      assert.deepEqual(tree.topics().map(text).sort(), [...new Set(plain)].sort());
      for (const probe of probes) {
        assert.equal(
          tree.matches(octets(probe)),
          plain.some((held) => probe.startsWith(held)),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test("routing ids behave as a plain Map", () => {
  const change = fc.record({
    do: fc.constantFrom("add" as const, "delete" as const),
    id: topic,
    value: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (steps) => {
      const table = new RoutingIds<number>();
      const plain = new Map<string, number>();
      for (const { do: verb, id, value } of steps) {
        if (verb === "add" && !plain.has(id)) {
          table.add(octets(id), value);
          plain.set(id, value);
        } else if (verb === "delete") {
          table.delete(octets(id), value);
          if (plain.get(id) === value) plain.delete(id);
        }
        assert.equal(table.get(octets(id)), plain.get(id));
        assert.equal(table.size, plain.size);
      }
    }),
    { numRuns: 300 },
  );
});

function byNumber(list: Pipe[]): number[] {
  return list.map((pipe) => pipe.number).sort();
}

test("whoever receives a publisher's notices late knows in the end what one who looked at once knows", () => {
  const change = fc.record({
    do: fc.constantFrom("subscribe" as const, "cancel" as const, "leave" as const),
    who: fc.nat({ max: 4 }),
    topic: fc.constantFrom("a", "b"),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (steps) => {
      // Few notices are kept in any case, so that thinning out really happens.
      const notices = new Notices(2);
      const sources = new Map<number, Source>();
      const held = new Map<string, Set<number>>();
      const tell = (kind: "subscribe" | "cancel", topic: string, source: Source | undefined): void => {
        notices.push({ kind, message: [octets(`${kind === "subscribe" ? "\x01" : "\x00"}${topic}`)], source });
      };
      for (const { do: verb, who, topic: name } of steps) {
        const source = sources.get(who) ?? newSource();
        sources.set(who, source);
        const holders = held.get(name) ?? new Set();
        held.set(name, holders);
        if (verb === "subscribe") {
          if (holders.size === 0) tell(verb, name, source);
          holders.add(who);
        } else if (verb === "cancel") {
          if (holders.delete(who) && holders.size === 0) tell(verb, name, source);
        } else {
          for (const [each, those] of held) if (those.delete(who) && those.size === 0) tell("cancel", each, undefined);
          sources.delete(who);
          notices.leave(source, true);
        }
      }
      const known = new Set<string>();
      for (let next = notices.shift(); next !== undefined; next = notices.shift()) {
        const name = text(next.message[0] as Uint8Array).slice(1);
        // Subscriptions and cancels of a topic come in turn, thinned out or not.
        assert.equal(known.has(name), next.kind === "cancel");
        if (next.kind === "subscribe") known.add(name);
        else known.delete(name);
      }
      const expected = [...held].filter(([, holders]) => holders.size > 0).map(([name]) => name);
      assert.deepEqual([...known].sort(), expected.sort());
    }),
    { numRuns: 500 },
  );
});

function newSource(): Source {
  const [pipe] = createPipePair({ inbound: 0, outbound: 0 });
  return { pipe, waiting: 0, isPaused: false, isGone: false };
}
