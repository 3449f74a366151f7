// SPDX-License-Identifier: MIT
/**
 * Octets that are flipped, inserted or left out on the way, anywhere in streams that nothing protects: the connection
 * dies or messages differ, as TCP's checksum is all there is, but nobody crashes and others are served.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation, type Pairing, pairings } from "./pairings.ts";
import { play, positionsIn, TIMES } from "./play.ts";
import { Random } from "./random.ts";
import type { Direction, Plan } from "./virtual-network.ts";
import { withNetwork } from "./virtual-sockets.ts";

const ENDPOINT = "tcp://somewhere:1";

type Alteration = (octets: Buffer, at: number, random: Random) => Buffer;

const alterations: Readonly<Record<string, Alteration>> = {
  "a flipped bit": (octets, at, random) => {
    const altered = Buffer.from(octets);
    altered[at] = (altered[at] as number) ^ (1 << random.below(8));
    return altered;
  },
  "another octet": (octets, at, random) => {
    const altered = Buffer.from(octets);
    altered[at] = random.of(0, 1, 4, 0x7f, 0xff, random.below(256));
    return altered;
  },
  "one octet more": (octets, at, random) =>
    Buffer.concat([octets.subarray(0, at), Buffer.of(random.below(256)), octets.subarray(at)]),
  "one octet less": (octets, at) => Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1)]),
};

/** A plan that alters what arrives at one position. */
function altering(alter: Alteration, direction: Direction, at: number, random: Random): Plan {
  return {
    alter: (octets, way, offset) =>
      way === direction && offset <= at && at < offset + octets.length ? alter(octets, at - offset, random) : octets,
  };
}

/** Talks over an altered wire, whatever comes of it; then somebody else is served by who bound. */
async function survive(pairing: Pairing, binder: 0 | 1, plan: Plan): Promise<void> {
  await withNetwork(async (network, context) => {
    network.plans.push(plan);
    const connecter = binder === 0 ? 1 : 0;
    const bad = Conversation.open(context, pairing);
    await bad.sockets[binder].bind(ENDPOINT);
    bad.sockets[connecter].connect(ENDPOINT);
    for (let step = 0; step < 6; step += 1) {
      bad.send();
      await network.run();
      bad.takeAnything();
    }
    void bad.sockets[connecter].close({ linger: 0 });
    await network.pass(TIMES.handshakeInterval * 2);
    bad.takeAnything();
    const other = Conversation.open(context, pairing);
    const [first, second] = binder === 0 ? [bad, other] : [other, bad];
    const good = new Conversation(pairing, [first.sockets[0], second.sockets[1]]);
    good.sockets[connecter].connect(ENDPOINT);
    await network.run();
    for (let step = 0; step < 4; step += 1) {
      good.send();
      await network.run();
      good.receive();
    }
    for (const { name, received } of good.lanes)
      assert.deepEqual(received.slice(-2), [2, 3], `${name}: others are served`);
  }, TIMES);
}

/** One position in so many, others each time. */
const EVERY = 4;

const CHOSEN = [
  "PUSH and PULL",
  "PUB and SUB",
  "DEALER and ROUTER",
  "PAIR and PAIR",
  "CLIENT and SERVER",
  "RADIO and DISH",
];

for (const pairing of pairings.filter(({ title }) => CHOSEN.includes(title))) {
  for (const [what, alter] of Object.entries(alterations)) {
    test(`${pairing.title}: ${what} anywhere kills a connection at most`, async (t) => {
      const random = new Random(t);
      const binder = random.of<0 | 1>(0, 1);
      const whole = await play({ pairing, binder, plan: {} });
      for (const direction of ["up", "down"] satisfies Direction[]) {
        const positions = positionsIn(whole[direction], false);
        for (let index = random.below(EVERY); index < positions.length; index += EVERY) {
          const at = positions[index] as number;
          try {
            await survive(pairing, binder, altering(alter, direction, at, random));
          } catch (error) {
            const text = `${what} at ${at} ${direction}, ${binder} bound: ${(error as Error).message}`;
            throw new Error(text, { cause: error });
          }
        }
      }
    });
  }
}
