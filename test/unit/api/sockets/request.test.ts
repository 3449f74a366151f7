// SPDX-License-Identifier: MIT
/** REQ, REP, DEALER and ROUTER, each in its first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("REQ asks and REP answers, DEALER and ROUTER likewise with a routing id", () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep"), open("req")];
    await join(rep, req);
    await req.send(["what", "time"]);
    assert.deepEqual(await receiveTexts(rep), ["what", "time"]);
    await rep.send("noon");
    assert.deepEqual(await receiveTexts(req), ["noon"]);
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    await join(router, dealer);
    await dealer.send("hello");
    assert.deepEqual(await receiveTexts(router), ["D", "hello"]);
    await router.send(["D", "you too"]);
    assert.deepEqual(await receiveTexts(dealer), ["you too"]);
  }));
