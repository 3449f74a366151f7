// SPDX-License-Identifier: MIT
/** As `positions.test.ts`, for the handshakes of PLAIN and CURVE, with an application that takes its time to decide. */
import { test } from "node:test";
import { nodeRuntime } from "../../src/runtime/node.ts";
import { CLIENT, curveClient, SERVER } from "../support/curve-keys.ts";
import { ALL, BREAKS, breakEverywhere, inWords } from "./everywhere.ts";
import { type Pairing, pairings } from "./pairings.ts";

const pairing = pairings.find(({ title }) => title === "DEALER and ROUTER") as Pairing;

const plain = [
  { plainServer: true, authorize: async ({ password }: { password?: string }) => password === "secret" },
  { plainUsername: "me", plainPassword: "secret" },
] as const;

const curve = [
  { curveServer: true, curveSecretKey: SERVER.secretKey, authorize: new Set([CLIENT.publicKey]) },
  curveClient(CLIENT),
] as const;

for (const [index, how] of BREAKS.entries()) {
  const steps = { ...ALL, every: 3, from: index };
  test(`PLAIN: ${how} at ${inWords(how === "reset" ? ALL : steps)}`, () =>
    breakEverywhere({ pairing, binder: 1, options: plain }, how, how === "reset" ? ALL : steps));

  for (const binder of [0, 1] as const) {
    test(`CURVE, the server ${binder === 0 ? "connects" : "binds"}: ${how} at every fourth position, others for each`, async () => {
      await nodeRuntime.curve.load();
      const options = binder === 1 ? curve : ([curve[1], curve[0]] as const);
      const steps = { ...ALL, every: 4, from: (index + binder) % 4 };
      await breakEverywhere({ pairing, binder, options, isSecret: true }, how, steps);
    });
  }
}
