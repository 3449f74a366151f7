// SPDX-License-Identifier: MIT
/** Which mechanism a socket has after its options were set, in which order: as npm `zeromq`, where that can be loaded. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Dealer } from "../../../src/index.ts";
import { CLIENT, SERVER } from "../../support/curve-keys.ts";

type Socket = { securityMechanism: string | null; plainServer: boolean; curveServer: boolean; close(): unknown };

function native(): (new (options: object) => Socket) | undefined {
  try {
    return (createRequire(import.meta.url)("zeromq") as { Dealer: new (options: object) => Socket }).Dealer;
  } catch {
    return undefined;
  }
}

const Native = native();

const SETTINGS: readonly (readonly [string, unknown])[] = [
  ["plainServer", true],
  ["plainServer", false],
  ["plainUsername", "x"],
  ["plainUsername", null],
  ["plainPassword", "x"],
  ["curveServer", true],
  ["curveServer", false],
  ["curvePublicKey", CLIENT.publicKey],
  ["curveSecretKey", CLIENT.secretKey],
  ["curveServerKey", SERVER.publicKey],
];

function outcome(socket: Socket, ...settings: (readonly [string, unknown])[]): unknown {
  for (const [name, value] of settings) (socket as unknown as Record<string, unknown>)[name] = value;
  const { securityMechanism, plainServer, curveServer } = socket;
  socket.close();
  return { securityMechanism, plainServer, curveServer };
}

test("the option that was set last decides, as in libzmq, whatever came before", { skip: Native === undefined }, () => {
  for (const first of SETTINGS) {
    for (const second of SETTINGS) {
      for (const third of SETTINGS) {
        const order = [first, second, third] as const;
        const ours = outcome(new Dealer(), ...order);
        const theirs = outcome(new (Native as new (options: object) => Socket)({}), ...order);
        assert.deepEqual(ours, theirs, order.map(([name, value]) => `${name} = ${value}`).join(", "));
      }
    }
  }
});

test("without any of them there is none", () => {
  assert.deepEqual(outcome(new Dealer() as unknown as Socket), {
    securityMechanism: null,
    plainServer: false,
    curveServer: false,
  });
});
