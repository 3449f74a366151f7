// SPDX-License-Identifier: MIT
/** The entry for the types that are drafts in libzmq. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as draft from "../../src/draft.ts";
import * as main from "../../src/index.ts";

test("the entry has the classes of npm zeromq's, and they are those of the main entry", (t) => {
  for (const [name, value] of Object.entries(draft)) assert.equal((main as Record<string, unknown>)[name], value, name);
  let native: object;
  try {
    native = createRequire(import.meta.url)("zeromq/draft") as object;
  } catch {
    t.skip("npm zeromq cannot be loaded here");
    return;
  }
  assert.deepEqual(Object.keys(draft).sort(), Object.keys(native).sort());
});

test("context.socket makes them by name, and others by libzmq 2's names", async () => {
  const context = new main.Context();
  for (const [name, type] of [
    ["server", main.Server],
    ["client", main.Client],
    ["radio", main.Radio],
    ["dish", main.Dish],
    ["gather", main.Gather],
    ["scatter", main.Scatter],
    ["dgram", main.Datagram],
    ["peer", main.Peer],
    ["channel", main.Channel],
    ["xreq", main.Dealer],
    ["xrep", main.Router],
    ["upstream", main.Pull],
    ["downstream", main.Push],
  ] as const) {
    await using socket = context.socket(name);
    assert.ok(socket instanceof type, name);
  }
});
