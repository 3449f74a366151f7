// SPDX-License-Identifier: MIT
/**
 * One fault after another at random, with octets that come in pieces of all sizes: the same rules hold as for a single one,
 * and once all is well again everything comes. Seeds are printed; `FAULTS_SEED` plays one again.
 */
import { test } from "node:test";
import { type Pairing, pairings } from "./pairings.ts";
import { begin, checkEnd, checkLane, LONG, play, TIMES } from "./play.ts";
import { Random } from "./random.ts";
import type { Break, Direction, Plan } from "./virtual-network.ts";
import { withNetwork } from "./virtual-sockets.ts";

const FAULTS = 8;

/** What happens on one wire. */
function randomPlan(random: Random): Plan {
  return {
    fault: {
      direction: random.of<Direction>("up", "down"),
      at: random.below(random.of(64, 200, 900)),
      how: random.of<Break>("reset", "close", "vanish"),
    },
    ...randomPieces(random),
  };
}

function randomPieces(random: Random): Plan {
  const most = random.of(1, 3, 20, 1000);
  return { pieces: () => 1 + random.below(most) };
}

async function playChaos(pairing: Pairing, binder: 0 | 1, random: Random): Promise<void> {
  await withNetwork(async (network, context) => {
    for (let left = FAULTS; left > 0; left -= 1) network.plans.push(randomPlan(random));
    const what = { pairing, binder, plan: network.plans[0] as Plan };
    const conversation = await begin(network, context, what);
    for (let step = 0; network.plans.length > 0 || step < 40; step += 1) {
      conversation.send();
      if (random.below(3) === 0) await network.pass(random.below(150));
      else await network.run();
      if (random.below(4) > 0) conversation.receive();
    }
    await network.pass(LONG);
    // What was sent since the last fault may have brought about the next one.
    while (network.wires.some((wire, index) => index < FAULTS && !wire.isOver)) {
      conversation.send();
      await network.pass(TIMES.heartbeatInterval);
    }
    await network.pass(LONG);
    conversation.receive();
    await checkEnd(network, conversation, what);
    for (const lane of conversation.lanes) checkLane(lane, network.wires, conversation, what);
  }, TIMES);
}

for (const pairing of pairings) {
  test(`${pairing.title}: octet by octet, and in pieces of all sizes`, async (t) => {
    const random = new Random(t);
    for (const binder of [0, 1] as const) {
      await play({ pairing, binder, plan: { pieces: () => 1 } });
      for (let left = 5; left > 0; left -= 1) await play({ pairing, binder, plan: randomPieces(random) });
    }
  });

  test(`${pairing.title}: one fault after another, in pieces of all sizes`, async (t) => {
    const random = new Random(t);
    for (let left = 4; left > 0; left -= 1) await playChaos(pairing, left % 2 === 0 ? 0 : 1, random);
  });
}
