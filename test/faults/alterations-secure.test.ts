// SPDX-License-Identifier: MIT
/**
 * Octets that are altered on a wire under CURVE: in a frame's body they always cost the connection, and wherever they are,
 * nothing is delivered that was not sent.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRuntime } from "../../src/runtime/node.ts";
import { CLIENT, curveClient, SERVER } from "../support/curve-keys.ts";
import { framesIn, GREETING } from "./messages.ts";
import { Conversation, type Pairing, pairings } from "./pairings.ts";
import { play, positionsIn, TIMES } from "./play.ts";
import { Random } from "./random.ts";
import type { Direction, Plan, Wire } from "./virtual-network.ts";
import { withNetwork } from "./virtual-sockets.ts";

const ENDPOINT = "tcp://somewhere:1";
/** One position in so many, others each time. */
const EVERY = 4;

const pairing = pairings.find(({ title }) => title === "DEALER and ROUTER") as Pairing;
const server = { curveServer: true, curveSecretKey: SERVER.secretKey, authorize: new Set([CLIENT.publicKey]) };
const client = curveClient(CLIENT);

/** Where HELLO has 72 octets that mean nothing, but that an answer shall not be longer than the question (RFC 26 §HELLO). */
const PADDING = { start: GREETING + 2 + 8, end: GREETING + 2 + 80 };

/** Whether a position is in the body of a frame, and means something. */
function isInBody(octets: Buffer, at: number): boolean {
  if (octets.toString("latin1", GREETING + 3, GREETING + 8) === "HELLO" && at >= PADDING.start && at < PADDING.end)
    return false;
  for (const { body, end } of framesIn(octets, GREETING)) if (at >= end - body.length && at < end) return true;
  return false;
}

/** Talks over a wire on which a bit is flipped; what comes must be what was sent. Gives the wire and what came. */
async function talk(plan: Plan, isSound: (wire: Wire, received: number[][]) => void): Promise<void> {
  await withNetwork(async (network, context) => {
    network.plans.push(plan);
    const conversation = Conversation.open(context, pairing, [client, server]);
    const [dealer, router] = conversation.sockets;
    await router.bind(ENDPOINT);
    dealer.connect(ENDPOINT);
    for (let step = 0; step < 6; step += 1) {
      conversation.send();
      await network.run();
      // Fails for whatever is not exactly a message of its lane.
      conversation.receive();
    }
    const [wire] = network.wires;
    isSound(
      wire as Wire,
      conversation.lanes.map(({ received }) => received),
    );
  }, TIMES);
}

for (const direction of ["up", "down"] satisfies Direction[]) {
  test(`CURVE: a bit flipped anywhere ${direction} kills the connection, and nothing altered is delivered`, async (t) => {
    await nodeRuntime.curve.load();
    const random = new Random(t);
    const whole = await play({ pairing, binder: 1, plan: {}, options: [server, client], isSecret: true });
    const positions = positionsIn(whole[direction], false);
    for (let index = random.below(EVERY); index < positions.length; index += EVERY) {
      const at = positions[index] as number;
      const bit = 1 << random.below(8);
      const alter: Plan["alter"] = (octets, way, offset) => {
        if (way === direction && offset <= at && at < offset + octets.length)
          octets[at - offset] = (octets[at - offset] as number) ^ bit;
        return octets;
      };
      try {
        await talk({ alter }, (wire, lanes) => {
          for (const received of lanes)
            for (const [place, number] of received.entries())
              assert.ok(place === 0 || number > (received[place - 1] ?? 0));
          if (isInBody(whole[direction], at)) assert.ok(wire.near.isOver && wire.far.isOver, "the connection is over");
        });
      } catch (error) {
        throw new Error(`bit ${bit} of octet ${at} ${direction}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}
