// SPDX-License-Identifier: MIT
/**
 * Connections that are made in another order than they were asked for: the second before the first, from both sides at once,
 * to a listener that comes later, to one that takes connections only to drop them, and under a routing id that is taken.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiveAll } from "../support/sockets.ts";
import type { Attempt, VirtualNetwork } from "./virtual-network.ts";
import { withNetwork } from "./virtual-sockets.ts";

/** The times between attempts to connect. */
function gaps({ attemptTimes }: VirtualNetwork): number[] {
  return attemptTimes.slice(1).map((time, index) => time - (attemptTimes[index] as number));
}

test("the second connection completes before the first: each has its own messages, in order", () =>
  withNetwork(async (network, context) => {
    const attempts: Attempt[] = [];
    network.decide = (attempt) => attempts.push(attempt);
    const pulls = [context.socket("pull"), context.socket("pull")] as const;
    const push = context.socket("push");
    for (const [index, pull] of pulls.entries()) {
      await pull.bind(`tcp://somewhere:${index}`);
      push.connect(`tcp://somewhere:${index}`);
    }
    for (const text of ["a", "b", "c", "d"]) assert.ok(push.trySend(text));
    await network.run();
    attempts[1]?.succeed();
    await network.run();
    assert.deepEqual(receiveAll(pulls[1]), [["b"], ["d"]]);
    attempts[0]?.succeed();
    await network.run();
    assert.deepEqual(receiveAll(pulls[0]), [["a"], ["c"]]);
  }));

test("both bind and both connect at once: two connections, over which all that is sent comes once", () =>
  withNetwork(async (network, context) => {
    const attempts: Attempt[] = [];
    network.decide = (attempt) => attempts.push(attempt);
    const both = [context.socket("dealer"), context.socket("dealer")] as const;
    for (const [index, dealer] of both.entries()) await dealer.bind(`tcp://somewhere:${index}`);
    for (const [index, dealer] of both.entries()) dealer.connect(`tcp://somewhere:${1 - index}`);
    for (const attempt of attempts.toReversed()) attempt.succeed();
    await network.run();
    const numbers = Array.from({ length: 20 }, (_, number) => `${number}`);
    for (const dealer of both) for (const number of numbers) assert.ok(dealer.trySend(number));
    await network.run();
    for (const dealer of both) {
      const got = receiveAll(dealer).map(([number]) => Number(number));
      assert.deepEqual(got.toSorted((a, b) => a - b).map(String), numbers);
      for (const rest of [0, 1]) {
        const half = got.filter((number) => number % 2 === rest);
        assert.deepEqual(
          half,
          half.toSorted((a, b) => a - b),
          "in order on each connection",
        );
      }
    }
  }));

test("a listener that comes later: attempts keep their distance, and what waited goes then", () =>
  withNetwork(
    async (network, context) => {
      const push = context.socket("push", { reconnectInterval: 100, reconnectMaxInterval: 1600 });
      push.connect("tcp://somewhere:1");
      for (const text of ["a", "b"]) assert.ok(push.trySend(text));
      await network.pass(6000);
      assert.deepEqual(gaps(network), [100, 200, 400, 800, 1600, 1600]);
      const pull = context.socket("pull");
      await pull.bind("tcp://somewhere:1");
      await network.pass(1600);
      assert.deepEqual(receiveAll(pull), [["a"], ["b"]]);
    },
    { reconnectJitter: null },
  ));

for (const [name, how] of [
  ["closes", "close"],
  ["resets", "reset"],
] as const) {
  test(`a listener that accepts and ${name} at once is no reason to hurry: the delays grow until a handshake is done`, () =>
    withNetwork(
      async (network, context) => {
        const pull = context.socket("pull");
        await pull.bind("tcp://somewhere:1");
        let isBad = true;
        network.decide = (attempt) => {
          attempt.succeed(isBad ? { fault: { direction: "up", at: 0, how } } : {});
        };
        const push = context.socket("push", { reconnectInterval: 100, reconnectMaxInterval: 1600 });
        push.connect("tcp://somewhere:1");
        assert.ok(push.trySend("a"));
        await network.pass(6000);
        assert.deepEqual(gaps(network), [100, 200, 400, 800, 1600, 1600]);
        isBad = false;
        await network.pass(1600);
        assert.deepEqual(receiveAll(pull), [["a"]]);
        network.attemptTimes.length = 0;
        isBad = true;
        network.lastWire.break("reset");
        await network.pass(800);
        assert.deepEqual(gaps(network), [200, 400], "after a handshake they begin anew");
      },
      { reconnectJitter: null },
    ));
}

test("handover: who comes back under his routing id gets it, though his old connection is not known to be dead", () =>
  withNetwork(async (network, context) => {
    const router = context.socket("router", { handover: true, mandatory: true });
    await router.bind("tcp://somewhere:1");
    const dealer = context.socket("dealer", { routingId: "me", heartbeatInterval: 50, reconnectInterval: 10 });
    dealer.connect("tcp://somewhere:1");
    await network.run();
    assert.ok(dealer.trySend("before"));
    await network.run();
    network.lastWire.break("vanish");
    await network.pass(200);
    assert.equal(network.wires.length, 2, "the dealer noticed, and the router did not");
    assert.ok(dealer.trySend("after"));
    await network.run();
    assert.deepEqual(receiveAll(router), [
      ["me", "before"],
      ["me", "after"],
    ]);
    assert.ok(router.trySend(["me", "answer"]));
    await network.run();
    assert.deepEqual(receiveAll(dealer), [["answer"]]);
  }));

test("no handover: who comes back under his routing id is not heard until his old connection is known to be dead", () =>
  withNetwork(async (network, context) => {
    const router = context.socket("router", { mandatory: true, heartbeatInterval: 500 });
    await router.bind("tcp://somewhere:1");
    const dealer = context.socket("dealer", { routingId: "me", heartbeatInterval: 50, reconnectInterval: 10 });
    dealer.connect("tcp://somewhere:1");
    await network.run();
    network.lastWire.break("vanish");
    await network.pass(200);
    assert.equal(network.wires.length, 2, "the dealer noticed, and the router did not");
    assert.ok(dealer.trySend("too early"));
    await network.run();
    assert.deepEqual(receiveAll(router), []);
    await network.pass(1000);
    assert.ok(dealer.trySend("in time"));
    await network.run();
    assert.deepEqual(receiveAll(router), [["me", "in time"]]);
    assert.ok(router.trySend(["me", "answer"]));
    await network.run();
    assert.deepEqual(receiveAll(dealer), [["answer"]]);
  }));

test("no handover: of two that have one routing id the first is heard, and the second once the first is gone", () =>
  withNetwork(async (network, context) => {
    const router = context.socket("router", { mandatory: true });
    await router.bind("tcp://somewhere:1");
    const dealers = [context.socket("dealer", { routingId: "me" }), context.socket("dealer", { routingId: "me" })];
    const [first, second] = dealers as [(typeof dealers)[0], (typeof dealers)[0]];
    for (const dealer of dealers) dealer.connect("tcp://somewhere:1");
    await network.run();
    assert.ok(second.trySend("the second"));
    assert.ok(first.trySend("the first"));
    await network.run();
    assert.deepEqual(receiveAll(router), [["me", "the first"]]);
    void first.close();
    await network.run();
    assert.ok(second.trySend("now the second"));
    await network.run();
    assert.deepEqual(receiveAll(router), [["me", "now the second"]]);
  }));
