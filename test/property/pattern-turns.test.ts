// SPDX-License-Identifier: MIT
/**
 * Laws of the queues in `pattern/`: fair queue, load balancer and distributor do exactly what their plain twins do, in the
 * same order, whatever pipes come and go, run empty, fill up and have room again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Distributor } from "../../src/pattern/distributor.ts";
import { FairQueue } from "../../src/pattern/fair-queue.ts";
import { LoadBalancer } from "../../src/pattern/load-balancer.ts";
import { type Message, Subscription } from "../../src/pipe/message.ts";
import type { Pipe } from "../../src/pipe/pipe.ts";
import { octets, text } from "../support/pattern-host.ts";
import {
  PlainDistributor,
  PlainFairQueue,
  PlainLoadBalancer,
  type PlainSource,
  type PlainTarget,
} from "../twins/turns.ts";
import { runs } from "./runs.ts";

/** A pipe with nothing behind it: what is to be read, and room for what is written. */
class StubPipe {
  fairQueueIndex = -1;
  loadBalancerIndex = -1;
  distributorIndex = -1;
  readonly inbox: (Message | Subscription)[] = [];
  readonly got: string[] = [];
  room: number;
  isStarved = false;
  isBlocked = false;
  dropped = 0;

  constructor(room = 0) {
    this.room = room;
  }

  get readable(): number {
    return this.inbox.length;
  }

  read(): Message | Subscription | undefined {
    this.checkRead();
    return this.inbox.shift();
  }

  checkRead(): boolean {
    this.isStarved ||= this.inbox.length === 0;
    return this.inbox.length > 0;
  }

  write(message: Message): boolean {
    if (!this.checkWrite()) return false;
    this.room -= 1;
    this.got.push(text(message[0] as Uint8Array));
    return true;
  }

  replaces(): boolean {
    return false;
  }

  checkWrite(): boolean {
    this.isBlocked ||= this.room === 0;
    return this.room > 0;
  }

  drop(count: number): void {
    this.dropped += count;
  }

  get pipe(): Pipe {
    return this as unknown as Pipe;
  }
}

const who = fc.nat(7);

const reading = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("attach" as const), count: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("detach" as const), who, discard: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("arrive" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("subscription" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("insert" as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("canRead" as const) }) },
);

test("a fair queue reads in the order of its twin, what is inserted at its place", () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 120 }), (steps) => {
      const noted: string[] = [];
      const queue = new FairQueue((subscription) => noted.push(text(subscription.topic)));
      const plain = new PlainFairQueue<PlainSource>((item) => plainlyNoted.push(item));
      const plainlyNoted: string[] = [];
      const pairs: { stub: StubPipe; source: PlainSource }[] = [];
      let number = 0;
      for (const step of steps) {
        const pair = "who" in step ? pairs[step.who] : undefined;
        const label = String(number++);
        if (step.do === "attach") {
          const stub = new StubPipe();
          const source = { items: [] as PlainSource["items"] };
          for (let i = 0; i < step.count; i += 1) {
            stub.inbox.push([octets(`${label}.${i}`)]);
            source.items.push({ text: `${label}.${i}`, kind: "message" });
          }
          pairs.push({ stub, source });
          queue.attach(stub.pipe);
          plain.attach(source);
        } else if (step.do === "read") {
          const message = queue.read();
          const expected = plain.read();
          assert.equal(message === undefined ? undefined : text(message[0] as Uint8Array), expected?.text);
          if (message === undefined) continue;
          const from = pairs.find(({ source }) => source === expected?.from);
          assert.equal(queue.lastPipe, from?.stub);
        } else if (step.do === "canRead") {
          assert.equal(queue.canRead(), plain.canRead());
        } else if (pair !== undefined) {
          const { stub, source } = pair;
          if (step.do === "detach") {
            queue.detach(stub.pipe, step.discard);
            plain.detach(source, step.discard);
          } else if (step.do === "insert") {
            queue.insert(stub.pipe, [octets(label)]);
            plain.insert(source, label);
          } else {
            const isMessage = step.do === "arrive";
            stub.inbox.push(isMessage ? [octets(label)] : new Subscription("subscribe", octets(label)));
            source.items.push({ text: label, kind: isMessage ? "message" : "subscription" });
            if (stub.isStarved && stub.fairQueueIndex >= 0) {
              stub.isStarved = false;
              queue.activate(stub.pipe);
              plain.activate(source);
            }
          }
        }
        assert.deepEqual(noted, plainlyNoted);
        assert.equal(queue.size, plain.size);
      }
    }),
    runs(500),
  );
});

const writing = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("attach" as const), room: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("detach" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drain" as const), who, room: fc.nat(3) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("write" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("canWrite" as const) }) },
);

/** Pipes as a queue of ours sees them, and as its twin does. */
class Pairs {
  readonly all: { stub: StubPipe; target: PlainTarget }[] = [];

  add(room: number): { stub: StubPipe; target: PlainTarget } {
    const pair = { stub: new StubPipe(room), target: { room, got: [] } };
    this.all.push(pair);
    return pair;
  }

  /** A pipe gets more room; true when its queue has to hear of it. */
  drain({ stub, target }: { stub: StubPipe; target: PlainTarget }, room: number): boolean {
    stub.room += room;
    target.room += room;
    const mustWake = stub.isBlocked && stub.room > 0;
    if (mustWake) stub.isBlocked = false;
    return mustWake;
  }

  check(): void {
    for (const { stub, target } of this.all) {
      assert.deepEqual(stub.got, target.got);
      assert.equal(stub.room, target.room);
    }
  }
}

test("a load balancer gives each message to the pipe that its twin gives it to", () => {
  fc.assert(
    fc.property(fc.array(writing, { maxLength: 120 }), (steps) => {
      const balancer = new LoadBalancer();
      const plain = new PlainLoadBalancer();
      const pairs = new Pairs();
      let number = 0;
      for (const step of steps) {
        const pair = "who" in step ? pairs.all[step.who] : undefined;
        if (step.do === "attach") {
          const { stub, target } = pairs.add(step.room);
          balancer.attach(stub.pipe);
          plain.attach(target);
        } else if (step.do === "write") {
          const label = String(number++);
          assert.equal(balancer.write([octets(label)]), plain.write(label));
        } else if (step.do === "canWrite") {
          assert.equal(balancer.canWrite(), plain.canWrite());
        } else if (pair !== undefined && step.do === "detach") {
          balancer.detach(pair.stub.pipe);
          plain.detach(pair.target);
        } else if (pair !== undefined && step.do === "drain") {
          if (pairs.drain(pair, step.room) && pair.stub.loadBalancerIndex >= 0) {
            balancer.activate(pair.stub.pipe);
            plain.activate(pair.target);
          }
        }
        pairs.check();
        assert.equal(balancer.size, plain.size);
      }
    }),
    runs(500),
  );
});

const choosing = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("attach" as const), room: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("detach" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drain" as const), who, room: fc.nat(3) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      chosen: fc.option(fc.uniqueArray(who), { freq: 4 }),
      invert: fc.boolean(),
      asks: fc.boolean(),
      isGivenUp: fc.boolean(),
    }),
  },
);

test("a distributor gives each message to those that its twin gives it to, and counts the same drops", () => {
  fc.assert(
    fc.property(fc.array(choosing, { maxLength: 120 }), (steps) => {
      const distributor = new Distributor();
      const plain = new PlainDistributor();
      const pairs = new Pairs();
      let number = 0;
      for (const step of steps) {
        const pair = "who" in step ? pairs.all[step.who] : undefined;
        if (step.do === "attach") {
          const { stub, target } = pairs.add(step.room);
          distributor.attach(stub.pipe);
          plain.attach(target);
        } else if (step.do === "send") {
          if (step.chosen === null) {
            distributor.matchAll();
            plain.matchAll();
          }
          for (const place of step.chosen ?? []) {
            const chosen = pairs.all[place];
            if (chosen === undefined || !distributor.has(chosen.stub.pipe)) continue;
            distributor.match(chosen.stub.pipe);
            plain.match(chosen.target);
          }
          if (step.invert) {
            distributor.invert();
            plain.invert();
          }
          if (step.asks) assert.equal(distributor.canWrite([octets("x")]), plain.canWrite());
          if (step.isGivenUp) {
            distributor.unmatch();
            plain.unmatch();
            continue;
          }
          const label = String(number++);
          distributor.write([octets(label)]);
          plain.write(label);
        } else if (pair !== undefined && step.do === "detach") {
          distributor.detach(pair.stub.pipe);
          plain.detach(pair.target);
        } else if (pair !== undefined && step.do === "drain") {
          if (pairs.drain(pair, step.room) && distributor.has(pair.stub.pipe)) {
            distributor.activate(pair.stub.pipe);
            plain.activate(pair.target);
          }
        }
        pairs.check();
        const dropped = pairs.all.reduce((sum, { stub }) => sum + stub.dropped, 0);
        assert.deepEqual([dropped, distributor.size], [plain.dropped, plain.pipes.size]);
        for (const { stub, target } of pairs.all) assert.equal(distributor.has(stub.pipe), plain.pipes.has(target));
      }
    }),
    runs(500),
  );
});
