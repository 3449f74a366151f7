// SPDX-License-Identifier: MIT
/**
 * One conversation on the virtual network with one fault in it, and the rules that its books must keep. Used by the tests of
 * every position.
 */
import assert from "node:assert/strict";
import { framesIn, GREETING, isOfLane, type Lane, makeMessage, messagesIn, readMessage } from "./messages.ts";
import { Conversation, type Pairing } from "./pairings.ts";
import type { Direction, Plan, VirtualNetwork, Wire } from "./virtual-network.ts";
import { type VirtualContext, withNetwork } from "./virtual-sockets.ts";

const ENDPOINT = "tcp://somewhere:1";

/** Times of everybody here: a peer that has vanished is noticed after two intervals. */
export const TIMES = { reconnectInterval: 100, heartbeatInterval: 200, heartbeatTimeout: 200, handshakeInterval: 500 };

/** More than all of {@link TIMES} together. */
export const LONG = 1200;

/** What is played. */
export interface Play {
  readonly pairing: Pairing;
  /** Which of the two binds. */
  readonly binder: 0 | 1;
  /** For the first wire; the others are sound. */
  readonly plan: Plan;
  /** Of who binds, and of who connects, beside {@link TIMES}. */
  readonly options?: readonly [object, object];
  /** Nobody can read what goes over the wires. */
  readonly isSecret?: boolean;
  /** Lets PINGs and PONGs be exchanged between the messages. */
  readonly beats?: boolean;
}

/** What went over the first wire up to when the fault should have happened. */
export type Traffic = Readonly<Record<Direction, Buffer>>;

/** Plays it, checks the rules, and gives what went over the first wire. */
export async function play(what: Play): Promise<Traffic> {
  const traffic: Record<Direction, Buffer> = { up: Buffer.alloc(0), down: Buffer.alloc(0) };
  await withNetwork(async (network, context) => {
    network.plans.push(what.plan);
    const conversation = await begin(network, context, what);
    for (let step = 0; step < 5; step += 1) {
      conversation.send();
      await network.run();
      conversation.receive();
      if (what.beats === true && step === 2) await network.pass(TIMES.heartbeatInterval + 1);
    }
    const [wire] = network.wires;
    for (const direction of ["up", "down"] as const) {
      traffic[direction] = wire?.octets(direction).subarray(0, wire.carried[direction]) ?? traffic[direction];
    }
    await network.pass(what.plan.fault?.how === "vanish" ? LONG : TIMES.reconnectInterval + 1);
    conversation.receive();
    await checkEnd(network, conversation, what);
    const check = what.isSecret === true ? checkSecretLane : checkLane;
    for (const lane of conversation.lanes) check(lane, network.wires, conversation, what);
  }, TIMES);
  return traffic;
}

/** Both sockets, joined; some messages are sent before. */
export async function begin(network: VirtualNetwork, context: VirtualContext, what: Play): Promise<Conversation> {
  const [ofBinder, ofConnecter] = what.options ?? [{}, {}];
  const options = what.binder === 0 ? ([ofBinder, ofConnecter] as const) : ([ofConnecter, ofBinder] as const);
  const conversation = Conversation.open(context, what.pairing, options);
  const { sockets } = conversation;
  const connecter = sockets[1 - what.binder] as (typeof sockets)[0];
  await sockets[what.binder].bind(ENDPOINT);
  connecter.connect(ENDPOINT);
  conversation.send();
  await network.run();
  conversation.receive();
  return conversation;
}

/** Once all is well again, what is sent comes. */
export async function checkEnd(network: VirtualNetwork, conversation: Conversation, { pairing }: Play): Promise<void> {
  for (let step = 0; step < 3; step += 1) {
    conversation.send();
    await network.run();
    conversation.receive();
  }
  for (const { name, next, received } of conversation.lanes) {
    assert.deepEqual(received.slice(-2), [next - 2, next - 1], `${pairing.title}, ${name}: it goes on`);
  }
}

/** The rules of each lane. */
export function checkLane(
  lane: Lane,
  wires: readonly Wire[],
  conversation: Conversation,
  { pairing, binder }: Play,
): void {
  const isConnecters = conversation.fromOf(lane) !== binder;
  const direction = isConnecters ? "up" : "down";
  const handedOver: number[] = [];
  const arrived: number[] = [];
  const name = `${pairing.title}, ${lane.name}`;
  for (const wire of wires) {
    const numbers = sightings(wire, direction, lane);
    for (const [index, { number, end }] of numbers.entries()) {
      const before = numbers[index - 1]?.number ?? -1;
      assert.ok(number > before, `${name}: ${number} after ${before} on one connection`);
      handedOver.push(number);
      if (end <= wire.carried[direction]) arrived.push(number);
    }
    const here = new Set(numbers.map(({ number }) => number));
    const received = lane.received.filter((number) => here.has(number));
    assert.deepEqual(received, received.toSorted(byValue), `${name}: in order on one connection`);
  }
  // What was not read of one connection and what came over the next are read in turns.
  const all = lane.received.toSorted(byValue);
  assert.deepEqual(all, arrived.toSorted(byValue), `${name}: received is what arrived whole, and nothing else`);
  // A publisher tells a subscriber whose old connection it does not know to be dead twice, of which one is not heard.
  if (pairing.forgets !== true)
    assert.equal(new Set(handedOver).size, handedOver.length, `${name}: nothing is sent twice`);
  const wasAccepted = new Set(lane.accepted);
  assert.ok(
    handedOver.every((number) => wasAccepted.has(number)),
    `${name}: only what send() accepted`,
  );
  if (!isConnecters || pairing.forgets === true) return;
  // What had been taken from the queue, but not written yet, was lost with the connection too.
  const kept = new Set(handedOver);
  const missing = lane.accepted.filter((number) => !kept.has(number));
  assert.deepEqual(
    missing.filter((number) => number > (handedOver.at(-1) ?? -1)),
    [],
    `${name}: who connects keeps what no connection has taken`,
  );
  for (const wire of wires) {
    const numbers = sightings(wire, direction, lane).map(({ number }) => number);
    const gaps = missing.filter((number) => number > (numbers[0] ?? 0) && number < (numbers.at(-1) ?? 0));
    assert.deepEqual(gaps, [], `${name}: nothing is missing within a connection`);
  }
  assert.ok(missing.length < wires.length, `${name}: ${missing} were taken and not written`);
}

/**
 * The rules of a lane on a wire that hides what it carries: each frame is a part (RFC 26 §MESSAGE), and after the one break
 * that there was the rest follows without a gap.
 */
function checkSecretLane(
  lane: Lane,
  [wire]: readonly Wire[],
  conversation: Conversation,
  { pairing, binder, plan }: Play,
): void {
  const name = `${pairing.title}, ${lane.name}`;
  const isConnecters = conversation.fromOf(lane) !== binder;
  const direction = isConnecters ? "up" : "down";
  const written = wire?.octets(direction) ?? Buffer.alloc(0);
  let parts = armouredIn(written.subarray(0, wire?.carried[direction] ?? 0));
  let whole = 0;
  for (const number of lane.accepted) {
    parts -= makeMessage(lane.name, number).length;
    if (parts < 0) break;
    whole += 1;
  }
  if (plan.fault === undefined) whole = lane.received.length;
  const rest = lane.received.slice(whole);
  const expected = [...lane.accepted.slice(0, whole), ...(rest.length === 0 ? [] : lane.accepted.slice(-rest.length))];
  assert.deepEqual(lane.received, expected, `${name}: what arrived whole, and what was sent after the break`);
  if (isConnecters && armouredIn(written) === 0)
    assert.ok(lane.accepted.length - rest.length <= 1, `${name}: kept for the next`);
}

function armouredIn(octets: Buffer): number {
  return [...framesIn(octets, GREETING)].filter(({ body }) => body.toString("latin1", 0, 8) === "\x07MESSAGE").length;
}

function byValue(a: number, b: number): number {
  return a - b;
}

/** The messages of a lane that were written to a wire, and where they end. */
function sightings(wire: Wire, direction: Direction, lane: Lane): { number: number; end: number }[] {
  return messagesIn(wire.octets(direction))
    .filter(({ parts }) => isOfLane(lane.name, parts))
    .map(({ parts, end }) => ({ number: readMessage(lane.name, parts), end }));
}

/** The places in a stream where it is worth breaking it: all, but few within the greeting and in long bodies. */
export function positionsIn(octets: Buffer, everyGreeting: boolean): number[] {
  const positions: number[] = [];
  for (let at = 0; at <= Math.min(GREETING, octets.length); at += everyGreeting ? 1 : 9) positions.push(at);
  for (const { body, end } of framesIn(octets, GREETING)) {
    const start = end - body.length;
    for (let at = start - (body.length > 255 ? 9 : 2); at < end; at += 1) {
      if (at - start < 12 || end - at < 3 || at % 32 === 0) positions.push(at);
    }
  }
  positions.push(octets.length);
  return positions;
}
