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
import { PlainOwnSubscriptions, PlainSubscriptions } from "../twins/prefixes.ts";
import { PlainRoutingIds } from "../twins/routing-ids.ts";
import { runs } from "./runs.ts";
import { anyTopic, topic } from "./topics.ts";

const pipes = Array.from({ length: 4 }, (_, number) => ({ number }));
type Pipe = (typeof pipes)[number];

type Step =
  | { readonly do: "add" | "remove"; readonly topic: string; readonly pipe: number }
  | { readonly do: "leave" | "addCrowd" | "removeCrowd"; readonly pipe: number }
  | { readonly do: "match"; readonly topic: string };

const pipeNumber = fc.nat({ max: pipes.length - 1 });
/** So many at once that trees grow, and shrink again. */
const crowd = Array.from({ length: 100 }, (_, i) => `${i % 9}/${"a".repeat((i * 5) % 40)}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("add", "remove"), topic: anyTopic, pipe: pipeNumber }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("leave", "leave", "addCrowd", "removeCrowd"), pipe: pipeNumber }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("match"), topic: anyTopic }) },
);

test("subscriptions behave as a plain list of prefixes and pipes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tree = new Subscriptions<Pipe>();
      const plain = new PlainSubscriptions<Pipe>();
      for (const each of steps) {
        if (each.do === "match") {
          const found: Pipe[] = [];
          tree.match(octets(each.topic), (pipe) => found.push(pipe));
          assert.deepEqual(byNumber(found), byNumber(plain.match(each.topic)));
          const audience = tree.audience(octets(each.topic));
          assert.deepEqual(byNumber([...(audience?.pipes ?? [])]), byNumber(found));
          assert.equal(tree.audience(octets(each.topic)), audience, "the same one while nothing changes");
        } else if (each.do === "add" || each.do === "remove") {
          const pipe = pipes[each.pipe] as Pipe;
          assert.equal(tree[each.do](octets(each.topic), pipe), plain[each.do](each.topic, pipe));
        } else if (each.do === "leave") {
          const left: [string, boolean][] = [];
          tree.removePipe(pipes[each.pipe] as Pipe, (removed, wasLast) => left.push([text(removed), wasLast]));
          assert.deepEqual(left.sort(), plain.leave(pipes[each.pipe] as Pipe).sort());
        } else {
          const pipe = pipes[each.pipe] as Pipe;
          const verb = each.do === "addCrowd" ? "add" : "remove";
          for (const member of crowd) assert.equal(tree[verb](octets(member), pipe), plain[verb](member, pipe));
        }
        assert.equal(tree.size, plain.size);
      }
    }),
    runs(500),
  );
});

test("own subscriptions behave as a plain bag of prefixes", () => {
  const own = fc.record({ do: fc.constantFrom("add" as const, "remove" as const), topic: anyTopic });
  fc.assert(
    fc.property(fc.array(own, { maxLength: 40 }), fc.array(anyTopic, { maxLength: 10 }), (steps, probes) => {
      const tree = new OwnSubscriptions();
      const plain = new PlainOwnSubscriptions();
      for (const { do: verb, topic: name } of steps) assert.equal(tree[verb](octets(name)), plain[verb](name));
      assert.equal(tree.size, plain.topics.length);
      assert.deepEqual(tree.topics().map(text).sort(), plain.topics.sort());
      for (const probe of probes) assert.equal(tree.matches(octets(probe)), plain.matches(probe));
    }),
    runs(500),
  );
});

const change = fc.record({
  do: fc.constantFrom("add" as const, "delete" as const),
  id: topic,
  value: fc.nat({ max: 2 }),
});

for (const [name, hash] of [
  ["routing ids", undefined],
  ["routing ids of which many have the same hash", (id: Uint8Array): number => id.length & 1],
] as const) {
  test(`${name} behave as a plain Map`, () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (steps) => {
        const table = new RoutingIds<number>();
        if (hash !== undefined) Object.assign(table, { hash });
        const plain = new PlainRoutingIds<number>();
        for (const { do: verb, id, value } of steps) {
          // An id is added only where it is not.
          if (verb === "delete" || plain.get(id) === undefined) {
            const given = octets(id);
            table[verb](given, value);
            plain[verb](id, value);
            given.fill(0xff);
          }
          for (const known of [id, ...plain.values.keys()]) assert.equal(table.get(octets(known)), plain.get(known));
          assert.equal(table.size, plain.values.size);
          for (const each of [0, 1, 2]) {
            assert.equal(
              table.some((held) => held === each),
              [...plain.values.values()].includes(each),
            );
          }
          assert.equal(table.get(table.generate()), undefined);
        }
      }),
      runs(300),
    );
  });
}

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
          notices.leave(source);
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
    runs(500),
  );
});

function newSource(): Source {
  const [pipe] = createPipePair({ inbound: 0, outbound: 0 });
  return { pipe, waiting: 0, isPaused: false, isGone: false };
}
