// SPDX-License-Identifier: MIT
/** Connections that are named by the side that makes them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiveTexts, withSockets } from "../../../support/sockets.ts";

test("a ROUTER names its own connections, whatever the peers call themselves", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    await dealer.bind("inproc://x");
    router.connect("inproc://x", { routingId: "mine" });
    await router.send(["mine", "hello"]);
    assert.deepEqual(await receiveTexts(dealer), ["hello"]);
    await dealer.send("back");
    assert.deepEqual(await receiveTexts(router), ["mine", "back"]);
    assert.throws(() => router.connect("inproc://y", { routingId: 5 as never }), TypeError);
    assert.throws(() => router.connect(5 as never), { name: "TypeError", message: /Address/ });
  }));
