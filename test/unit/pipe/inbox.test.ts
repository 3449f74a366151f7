// SPDX-License-Identifier: MIT
/** What waits in a pipe: the oldest message is found behind subscriptions, in a run, and under a key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { zmtpV2Framing } from "../../../src/engine/zmtp-v2-framing.ts";
import { Inbox, octetsOf } from "../../../src/pipe/inbox.ts";
import { Keyed } from "../../../src/pipe/keyed.ts";
import { type PipeItem, Subscription } from "../../../src/pipe/message.ts";
import { Run } from "../../../src/pipe/run.ts";
import { octets, show, text } from "../../support/pattern-host.ts";

test("subscriptions keep their places when the oldest message is taken", () => {
  const inbox = new Inbox();
  const subscription = new Subscription("subscribe", octets("s"));
  for (const item of [subscription, [octets("1")], [octets("2")]]) inbox.push(item);
  assert.deepEqual(show(inbox.takeOldest()), ["1"]);
  assert.equal(inbox.shift(), subscription);
  assert.deepEqual(show(inbox.takeOldest()), ["2"]);
  assert.equal(inbox.takeOldest(), undefined);
});

test("a run is taken apart: its first message goes, the others stay in its place", () => {
  const inbox = new Inbox();
  const messages = ["1", "2", "3"].map((each) => [octets(each)]);
  const run = new Run(zmtpV2Framing, { run: undefined, lastSize: 0 }, messages[0] as Uint8Array[], 3);
  for (const message of messages) run.add(message, zmtpV2Framing.sizeOf(message));
  run.close();
  inbox.push(run);
  inbox.push([octets("4")]);
  assert.equal(inbox.backlog().messages, 4);
  assert.deepEqual(show(inbox.takeOldest()), ["1"]);
  const rest: unknown[] = [];
  inbox.forEach((item) => rest.push(show(item as PipeItem)));
  assert.deepEqual(rest, [["2"], ["3"], ["4"]]);
});

test("what has a key is found by it until it is taken", () => {
  const inbox = new Inbox();
  const keyed = new Keyed("k", [octets("abc"), octets("de")]);
  inbox.pushKeyed(keyed);
  assert.equal(inbox.find("k"), keyed);
  assert.deepEqual(inbox.backlog(), { messages: 1, octets: 5 });
  assert.equal(octetsOf(keyed.message), 5);
  assert.equal(text(inbox.takeOldest()?.[0] as Uint8Array), "abc");
  assert.equal(inbox.find("k"), undefined);
  inbox.pushKeyed(keyed);
  inbox.clear();
  assert.deepEqual([inbox.length, inbox.find("k")], [0, undefined]);
});
