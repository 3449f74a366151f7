// SPDX-License-Identifier: MIT
/** What becomes of peers that pass a limit, on real connections: they are turned away, an event and a number tell of it, and others stay. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LimitName, Socket } from "../../../src/index.ts";
import { toOpenMetrics } from "../../../src/index.ts";
import { eventually } from "../../support/leaks.ts";
import { RawPeer } from "../../support/peers/raw-peer.ts";
import { bound, married, nextEvent, receiveTexts, within, withSockets } from "../../support/sockets.ts";
import { frame, greeting, message, ready } from "../../support/zmtp-octets.ts";

const patience = { timeout: 15_000 };

/** Notes the limits that are passed, and every other event of a kind that is about connections. */
function watch(socket: Socket): { limits: string[]; events: string[] } {
  const limits: string[] = [];
  const events: string[] = [];
  socket.events.on("limit", ({ error }) => limits.push(`${error.limit.option} ${error.limit.value}`));
  for (const type of ["accept:error", "disconnect", "handshake:error:other", "handshake:error:protocol"] as const) {
    socket.events.on(type, ({ error }) =>
      events.push(`${type} ${(error as { code?: string } | undefined)?.code ?? ""}`),
    );
  }
  return { limits, events };
}

function passed(socket: Socket): { readonly [option in LimitName]?: number } {
  return socket.statistics().limitsPassed;
}

/** A peer that has shaken hands as a DEALER. */
async function dealerAt(endpoint: string): Promise<RawPeer> {
  const peer = await RawPeer.connect(endpoint);
  await peer.write(greeting() + ready("DEALER", ""));
  return peer;
}

const tooMuch = [
  { option: "maxMessageSize", value: 1000, sends: "0200000000000003e9" },
  { option: "maxMessageBytes", value: 100, sends: frame("x".repeat(60), 1) + frame("x".repeat(41)) },
  { option: "maxMessageParts", value: 3, sends: message("a", "b", "c", "d") },
] as const;

for (const { option, value, sends } of tooMuch) {
  test(`${option}: whoever sends more is gone, and is told of; nobody else is`, patience, () =>
    withSockets(async (open) => {
      const router = open("router", { [option]: value });
      const { limits, events } = watch(router);
      const endpoint = await bound(router);
      const good = open("dealer");
      good.connect(endpoint);
      await good.send("before");
      assert.equal((await receiveTexts(router))[1], "before");
      await using bad = await dealerAt(endpoint);
      await bad.write(sends);
      await bad.closed();
      await eventually("the event", () => limits.length === 1);
      assert.deepEqual([limits, passed(router)], [[`${option} ${value}`], { [option]: 1 }]);
      assert.deepEqual(events, ["disconnect EMSGSIZE"]);
      assert.match(toOpenMetrics(router.statistics()), new RegExp(`limits_passed_total\\{limit="${option}"\\} 1\n`));
      await good.send(["after", "x", ""]);
      assert.equal((await receiveTexts(router))[1], "after");
    }),
  );
}

test("maxConnections: one more is refused when it comes, and let in once another has gone", patience, () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxConnections: 2 });
    const { limits, events } = watch(pull);
    const endpoint = await bound(pull);
    const [first, second] = [open("push"), open("push")];
    first.connect(endpoint);
    second.connect(endpoint);
    await married(first, second);
    await using third = await RawPeer.connect(endpoint);
    await third.closed();
    assert.deepEqual([limits, events], [["maxConnections 2"], ["accept:error ECONNABORTED"]]);
    assert.deepEqual(passed(pull), { maxConnections: 1 });
    await second.send("unread");
    const gone = nextEvent(pull, "disconnect");
    await second.close({ linger: 1000 });
    await gone;
    await using fourth = await RawPeer.connect(endpoint);
    await fourth.closed();
    assert.deepEqual(passed(pull), { maxConnections: 2 }, "its message is still there");
    assert.deepEqual(await receiveTexts(pull), ["unread"]);
    assert.equal(pull.tryReceive(), undefined);
    const fifth = open("push");
    fifth.connect(endpoint);
    await married(fifth);
    assert.deepEqual(passed(pull), { maxConnections: 2 });
  }),
);

test("maxConnectionsPerAddress: the same for one address", patience, () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxConnectionsPerAddress: 1 });
    const { limits } = watch(pull);
    const endpoint = await bound(pull);
    const push = open("push");
    push.connect(endpoint);
    await married(push);
    await using other = await RawPeer.connect(endpoint);
    await other.closed();
    assert.deepEqual([limits, passed(pull)], [["maxConnectionsPerAddress 1"], { maxConnectionsPerAddress: 1 }]);
  }),
);

test("maxHandshakes: those that only hold places make room for those that mean it", patience, () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxHandshakes: 3, handshakeInterval: 0 });
    const { limits, events } = watch(pull);
    const endpoint = await bound(pull);
    const slow: RawPeer[] = [];
    for (let i = 0; i < 5; i += 1) slow.push(await RawPeer.connect(endpoint));
    await Promise.all(slow.slice(0, 2).map((peer) => peer.closed()));
    assert.equal(pull.statistics().handshakes, 3);
    for (let i = 0; i < 5; i += 1) {
      const push = open("push");
      push.connect(endpoint);
      await within(5000, "a handshake", married(push));
    }
    assert.ok(limits.length >= 3 && limits.every((each) => each === "maxHandshakes 3"), limits.join());
    assert.ok(events.includes("handshake:error:other ECONNABORTED"), events.join());
    assert.equal(passed(pull).maxHandshakes, limits.length);
    for (const peer of slow) await peer[Symbol.asyncDispose]();
    await eventually("no handshakes", () => pull.statistics().handshakes === 0);
  }),
);

for (const version of ["commands", "messages"] as const) {
  test(`maxSubscriptions: whoever asks for more, by ${version}, is gone, with all that it had`, patience, () =>
    withSockets(async (open) => {
      const xpub = open("xpub", { maxSubscriptions: 10 });
      const { limits, events } = watch(xpub);
      const endpoint = await bound(xpub);
      const good = open("sub");
      good.subscribe("good");
      good.connect(endpoint);
      assert.deepEqual(await receiveTexts(xpub), ["\x01good"]);
      await using bad = await RawPeer.connect(endpoint);
      await bad.write(greeting() + ready("SUB"));
      for (let i = 0; i < 1000; i += 1) {
        await bad.write(version === "messages" ? frame(`\x01${i}`) : frame(`\x09SUBSCRIBE${i}`, 4));
      }
      await bad.closed();
      await eventually("the subscriptions gone", () => xpub.topicsCount === 1);
      assert.deepEqual([limits, passed(xpub)], [["maxSubscriptions 10"], { maxSubscriptions: 1 }]);
      assert.deepEqual(events, ["disconnect ECONNABORTED"]);
      await xpub.send("good news");
      assert.deepEqual(await receiveTexts(good), ["good news"]);
    }),
  );
}
