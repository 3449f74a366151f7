// SPDX-License-Identifier: MIT
/** The preset for public endpoints: every type takes it, and each of its values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context, hardened } from "../../../src/index.ts";
import { socketTypes } from "../../../src/pattern/index.ts";
import { join, receiveTexts, withSockets } from "../../support/sockets.ts";

test("every socket type has every option of the preset, and takes its value", async () => {
  const context = new Context();
  for (const type of socketTypes.keys()) {
    const socket = context.socket(type.toLowerCase() as "pair", { ...hardened });
    for (const [name, value] of Object.entries(hardened)) {
      assert.equal((socket as unknown as Record<string, unknown>)[name], value, `${name} of ${type}`);
    }
    await socket.close();
  }
});

test("it cannot be changed by accident, and is changed on purpose by what follows it", async () => {
  assert.ok(Object.isFrozen(hardened));
  const context = new Context({ defaults: { ...hardened } });
  const socket = context.socket("router", { ...hardened, maxConnections: 7 });
  assert.deepEqual([socket.maxConnections, context.socket("pull").maxHandshakes], [7, hardened.maxHandshakes]);
  await socket.close();
});

for (const wildcard of ["tcp://127.0.0.1:*", "ipc://*", "inproc://hardened"]) {
  test(`hardened sockets talk to each other: ${wildcard}`, () =>
    withSockets(async (open) => {
      const [rep, req] = [open("rep", { ...hardened, linger: 0 }), open("req", { ...hardened, linger: 0 })];
      if (wildcard.startsWith("inproc")) {
        await rep.bind(wildcard);
        req.connect(wildcard);
      } else {
        await join(rep, req, wildcard);
      }
      for (const text of ["hello", "x".repeat(500_000)]) {
        await req.send(text);
        assert.deepEqual(await receiveTexts(rep), [text]);
        await rep.send([text, "and more"]);
        assert.deepEqual(await receiveTexts(req), [text, "and more"]);
      }
    }));
}
