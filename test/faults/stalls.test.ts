// SPDX-License-Identifier: MIT
/**
 * A network that takes nothing more, and goes on later: what waits is bounded by the high-water marks and what the network
 * itself holds, however long it takes; then everything comes, or, from publishers, all but what was dropped.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiveAll } from "../support/sockets.ts";
import { withNetwork } from "./virtual-sockets.ts";

const ENDPOINT = "tcp://somewhere:1";
/** Octets that the network holds in each direction. */
const WINDOW = 4000;
const MARK = 10;
const BODY = "x".repeat(20_000);
/** What an engine hands over at once, at most, but for the last message of it. */
const FLUSH = 65_536;
/** Messages on the way to a network that takes nothing: in its queue, being written, and gathered to be written. */
const LEAVING = Math.ceil((WINDOW + 3 * (FLUSH + BODY.length)) / BODY.length);
/** And from one that nobody reads. */
const ON_THE_WAY = 2 * LEAVING;

const MARKS = { sendHighWaterMark: MARK, receiveHighWaterMark: MARK };

/** Sends numbered messages until there is no room, time and again; gives how many were accepted. */
async function fill(
  socket: { trySend(message: string[]): boolean },
  network: { pass(time: number): Promise<void> },
  from = 0,
): Promise<number> {
  let next = from;
  for (let idle = 0; idle < 20; idle += 1) {
    while (socket.trySend([`${next}`, BODY])) {
      next += 1;
      idle = 0;
      if (next - from > 1000) throw new Error("nothing stops it");
    }
    await network.pass(1000);
  }
  return next;
}

function numbersOf(messages: readonly string[][]): number[] {
  for (const [, body] of messages) assert.equal(body, BODY);
  return messages.map(([number]) => Number(number));
}

function upTo(end: number, start = 0): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

for (const doesSenderBind of [true, false]) {
  const title = `the ${doesSenderBind ? "sender" : "receiver"} bound`;

  test(`a network that takes nothing holds the sender up at its mark, and then all comes, ${title}`, () =>
    withNetwork(async (network, context) => {
      network.plans.push({ window: WINDOW });
      const [push, pull] = [context.socket("push"), context.socket("pull")];
      const [binder, connecter] = doesSenderBind ? [push, pull] : [pull, push];
      await binder.bind(ENDPOINT);
      connecter.connect(ENDPOINT);
      await network.run();
      network.lastWire.isStalled[doesSenderBind ? "down" : "up"] = true;
      const accepted = await fill(push, network);
      assert.ok(accepted >= MARK && accepted <= MARK + LEAVING, `${accepted} were accepted`);
      assert.deepEqual(receiveAll(pull), []);
      network.lastWire.isStalled[doesSenderBind ? "down" : "up"] = false;
      const received: number[] = [];
      while (received.length < accepted) {
        await network.run();
        received.push(...numbersOf(receiveAll(pull)));
      }
      assert.deepEqual(received, upTo(accepted));
    }, MARKS));

  test(`a receiver that does not read holds the sender up at both marks, and then all comes, ${title}`, () =>
    withNetwork(async (network, context) => {
      network.plans.push({ window: WINDOW });
      const [push, pull] = [context.socket("push"), context.socket("pull")];
      const [binder, connecter] = doesSenderBind ? [push, pull] : [pull, push];
      await binder.bind(ENDPOINT);
      connecter.connect(ENDPOINT);
      await network.run();
      const accepted = await fill(push, network);
      assert.ok(accepted >= 2 * MARK && accepted <= 2 * MARK + ON_THE_WAY, `${accepted} were accepted`);
      const received: number[] = [];
      while (received.length < accepted) {
        received.push(...numbersOf(receiveAll(pull)));
        await network.run();
      }
      assert.deepEqual(received, upTo(accepted));
    }, MARKS));
}

test("a network that takes nothing and then breaks: the queue of who connected goes to the next connection", () =>
  withNetwork(async (network, context) => {
    network.plans.push({ window: WINDOW });
    const [push, pull] = [context.socket("push"), context.socket("pull")];
    await pull.bind(ENDPOINT);
    push.connect(ENDPOINT);
    await network.run();
    network.lastWire.isStalled.up = true;
    const accepted = await fill(push, network);
    network.lastWire.break("reset");
    const received: number[] = [];
    while (received.at(-1) !== accepted - 1) {
      await network.pass(200);
      received.push(...numbersOf(receiveAll(pull)));
    }
    assert.deepEqual(received, upTo(accepted, received[0]), "nothing is missing behind what was lost");
    assert.ok((received[0] as number) <= LEAVING, `${received[0]} is the first of ${accepted}`);
  }, MARKS));

test("a subscriber behind a network that takes nothing misses what is too much for it, and nobody else does", () =>
  withNetwork(async (network, context) => {
    network.plans.push({ window: WINDOW });
    const [pub, slow, quick] = [context.socket("pub"), context.socket("sub"), context.socket("sub")];
    await pub.bind(ENDPOINT);
    for (const sub of [slow, quick]) {
      sub.subscribe("");
      sub.connect(ENDPOINT);
      await network.run();
    }
    const wire = network.wires[0] as (typeof network.wires)[0];
    wire.isStalled.down = true;
    for (const number of upTo(200)) {
      assert.ok(pub.trySend([`${number}`, BODY]));
      await network.run();
      assert.deepEqual(numbersOf(receiveAll(quick)), [number]);
    }
    wire.isStalled.down = false;
    const received: number[] = [];
    for (let left = 30; left > 0; left -= 1) {
      await network.run();
      received.push(...numbersOf(receiveAll(slow)));
    }
    assert.deepEqual(received, upTo(received.length), "what it got are the first, whole and in order");
    assert.ok(received.length >= MARK && received.length <= MARK + LEAVING, `${received.length} were kept`);
    for (const number of upTo(5, 200)) {
      assert.ok(pub.trySend([`${number}`, BODY]));
      await network.run();
      assert.deepEqual(numbersOf(receiveAll(slow)), [number]);
    }
  }, MARKS));

test("a ROUTER's peer behind a network that takes nothing holds nobody else up", () =>
  withNetwork(async (network, context) => {
    network.plans.push({ window: WINDOW });
    const router = context.socket("router", { mandatory: true });
    const stuck = context.socket("dealer", { routingId: "stuck" });
    const free = context.socket("dealer", { routingId: "free" });
    await router.bind(ENDPOINT);
    for (const dealer of [stuck, free]) {
      dealer.connect(ENDPOINT);
      await network.run();
    }
    const wire = network.wires[0] as (typeof network.wires)[0];
    wire.isStalled.down = true;
    const accepted = await fill({ trySend: (message) => router.trySend(["stuck", ...message]) }, network);
    assert.ok(accepted <= MARK + LEAVING, `${accepted} were accepted`);
    for (const number of upTo(50)) {
      assert.ok(router.trySend(["free", `${number}`, BODY]));
      await network.run();
      assert.deepEqual(numbersOf(receiveAll(free)), [number]);
    }
    wire.isStalled.down = false;
    const received: number[] = [];
    while (received.length < accepted) {
      await network.run();
      received.push(...numbersOf(receiveAll(stuck)));
    }
    assert.deepEqual(received, upTo(accepted));
  }, MARKS));

for (const [who, options] of [
  ["both sides", [{ heartbeatInterval: 100 }, { heartbeatInterval: 100 }]],
  ["the receiver", [{}, { heartbeatInterval: 100 }]],
] as const) {
  test(`heartbeats of ${who}, and a receiver that does not read for long: the connection stands, and all comes`, () =>
    withNetwork(async (network, context) => {
      network.plans.push({ window: WINDOW });
      const [push, pull] = [context.socket("push", options[0]), context.socket("pull", options[1])];
      await pull.bind(ENDPOINT);
      push.connect(ENDPOINT);
      await network.run();
      const accepted = await fill(push, network);
      assert.equal(network.wires.length, 1, "the connection stands");
      const received: number[] = [];
      while (received.length < accepted) {
        received.push(...numbersOf(receiveAll(pull)));
        await network.pass(10);
      }
      assert.deepEqual(received, upTo(accepted));
    }, MARKS));
}

test("heartbeats of the sender alone, and a receiver that does not read for long: it cannot be told from one that is gone", () =>
  withNetwork(async (network, context) => {
    network.plans.push({ window: WINDOW });
    const [push, pull] = [context.socket("push", { heartbeatInterval: 100 }), context.socket("pull")];
    await pull.bind(ENDPOINT);
    push.connect(ENDPOINT);
    await network.run();
    while (push.trySend(["0", BODY])) await network.run();
    await network.pass(500);
    assert.ok(network.wires.length > 1);
  }, MARKS));

test("heartbeats, and a network that takes nothing in either direction: the connection is given up and made anew", () =>
  withNetwork(
    async (network, context) => {
      network.plans.push({ window: WINDOW });
      const [push, pull] = [context.socket("push"), context.socket("pull")];
      await pull.bind(ENDPOINT);
      push.connect(ENDPOINT);
      await network.run();
      Object.assign(network.lastWire.isStalled, { up: true, down: true });
      assert.ok(push.trySend(["0", BODY]));
      await network.pass(500);
      assert.equal(network.wires.length, 2);
      assert.ok(push.trySend(["1", BODY]));
      await network.run();
      assert.deepEqual(numbersOf(receiveAll(pull)), [1], "what was on the way is lost");
    },
    { ...MARKS, heartbeatInterval: 100 },
  ));
