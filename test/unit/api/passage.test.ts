// SPDX-License-Identifier: MIT
/** One direction of a proxy: bursts, counts, and the message that finds no room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Passage, Tally } from "../../../src/api/passage.ts";
import { type Open, turns, withSockets } from "../../support/sockets.ts";

test("a tally counts messages, parts and octets", () => {
  const tally = new Tally();
  tally.add(2, 7);
  tally.add(1, 0);
  assert.deepEqual(tally.copy(), { messages: 2, parts: 3, octets: 7 });
});

/** A passage from a PULL to a ROUTER, with somebody at either end. */
async function rig(open: Open) {
  const from = open("pull");
  const to = open("router", { mandatory: true, sendHighWaterMark: 1 });
  const [source, peer] = [open("push"), open("dealer", { routingId: "it", receiveHighWaterMark: 1 })];
  await from.bind("inproc://from");
  await to.bind("inproc://to");
  source.connect("inproc://from");
  peer.connect("inproc://to");
  // Somebody who always has room.
  open("dealer", { routingId: "other" }).connect("inproc://to");
  const [received, sent] = [new Tally(), new Tally()];
  return { source, peer, received, sent, passage: new Passage(from.works, to.works, received, sent) };
}

test("a thousand messages are a burst: then somebody else has a turn", () =>
  withSockets(async (open) => {
    const [from, to] = [open("pull"), open("pub")];
    await from.bind("inproc://many");
    const source = open("push", { sendHighWaterMark: 0 });
    source.connect("inproc://many");
    for (let i = 0; i < 1500; i += 1) await source.send("x");
    const received = new Tally();
    const passage = new Passage(from.works, to.works, received, new Tally());
    passage.pass(undefined);
    assert.deepEqual([received.messages, passage.isLong], [1000, true]);
    await passage.rest();
    passage.pass(undefined);
    assert.deepEqual([received.messages, passage.isLong], [1500, false]);
  }));

test("a message that finds no room is held, counted as received and not yet as sent, and delivered when there is", () =>
  withSockets(async (open) => {
    const { source, peer, received, sent, passage } = await rig(open);
    for (let i = 0; i < 5; i += 1) await source.send(["it", String(i)]);
    const held = passage.pass(undefined);
    assert.ok(held);
    const first = sent.messages;
    assert.deepEqual([received.messages, String(held.message[1])], [first + 1, String(first)]);
    const delivered = passage.deliver(held, undefined);
    await turns();
    assert.equal(sent.messages, first);
    for (let i = 0; i <= first; i += 1) assert.equal(String(await peer.receive()), String(i));
    await delivered;
    assert.equal(sent.messages, first + 1);
  }));
