// SPDX-License-Identifier: MIT
/** `peers()` and `statistics()`: who is there, and what happened to messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event, Socket } from "../../../src/index.ts";
import { toOpenMetrics } from "../../../src/index.ts";
import { bound, join, nextEvent, turns, withSockets } from "../../support/sockets.ts";

test("peers are listed with who they are", () =>
  withSockets(async (open) => {
    const router = open("router");
    assert.deepEqual(router.peers(), []);
    const endpoint = await join(router, open("dealer", { routingId: "a", metadata: { "X-Task": "sums" } }));
    const other = open("dealer");
    await joinTo(router, other, endpoint);
    const [a, b] = router.peers();
    assert.deepEqual(
      [a, b].map((peer) => [peer?.socketType, peer?.endpoint, peer?.isConnected]),
      [
        ["DEALER", endpoint, true],
        ["DEALER", endpoint, true],
      ],
    );
    assert.equal(String(a?.routingId), "a");
    assert.equal(String(a?.metadata.get("X-Task")), "sums");
    assert.equal(b?.routingId.length, 5, "the router made one up");
    await router.send([b?.routingId, "for b"]);
    assert.equal(String(await other.receive()), "for b");
    assert.match(b?.address ?? "", /^127\.0\.0\.1:\d+$/);
  }));

test("a connection that does not stand yet is listed, and so is an inproc peer", () =>
  withSockets(async (open) => {
    const push = open("push");
    push.connect("tcp://127.0.0.1:1");
    const pull = open("pull");
    await pull.bind("inproc://peers");
    push.connect("inproc://peers");
    const [remote, local] = push.peers();
    assert.deepEqual([remote?.isConnected, remote?.address, remote?.socketType], [false, "", undefined]);
    assert.deepEqual([local?.isConnected, local?.address, local?.socketType], [true, "", "PULL"]);
    assert.deepEqual(
      pull.peers().map(({ socketType }) => socketType),
      ["PUSH"],
    );
  }));

for (const wildcard of ["tcp://127.0.0.1:*", "inproc://counted"]) {
  test(`what is sent and received is counted, with what waits (${wildcard.slice(0, 3)})`, () =>
    withSockets(async (open) => {
      const [pull, push] = [open("pull"), open("push")];
      push.connect(await bound(pull, wildcard));
      await push.sendBatch(["12345", ["1", "2"], "3"]);
      const isHere = wildcard.startsWith("inproc");
      if (isHere) {
        const { outgoing } = push.statistics();
        assert.deepEqual(outgoing, { messages: 3, octets: 8 });
        assert.deepEqual(pull.statistics().incoming, { messages: 3, octets: 8 });
      }
      await pull.receive();
      await pull.receive();
      await pull.whenReadable();
      const [sent, received] = [push.statistics(), pull.statistics()];
      assert.deepEqual([sent.sent, sent.received], [3, 0]);
      assert.deepEqual([received.sent, received.received, received.incoming.messages], [0, 2, 1]);
      assert.equal(sent.octetsSent > 0, !isHere);
      assert.equal(received.octetsReceived, sent.octetsSent);
      assert.deepEqual([sent.connections, received.connections], [1, 1]);
      assert.deepEqual([sent.peers[0]?.sent, received.peers[0]?.received], [3, 2]);
      await push.close();
      assert.equal(push.statistics().sent, 3, "what has gone is still counted");
      assert.deepEqual(push.peers(), []);
    }));
}

test("what a full subscriber misses is counted, for it and for all, and told", () =>
  withSockets(async (open) => {
    const pub = open("pub", { sendHighWaterMark: 2 });
    const [slow, fast] = [open("sub", { receiveHighWaterMark: 2 }), open("sub", { receiveHighWaterMark: 0 })];
    await pub.bind("inproc://drops");
    for (const sub of [slow, fast]) {
      sub.subscribe();
      sub.connect("inproc://drops");
    }
    const events: Event[] = [];
    pub.events.on("drop", (event) => events.push(event));
    pub.events.on("drop:end", (event) => events.push(event));
    for (let i = 0; i < 10; i += 1) await pub.send("message");
    const { dropped, peers } = pub.statistics();
    assert.deepEqual(dropped, { full: 6, unroutable: 0, conflated: 0, lost: 0 });
    assert.deepEqual(
      peers.map((peer) => peer.dropped.full),
      [6, 0],
    );
    assert.deepEqual(
      events.map(({ type }) => type),
      ["drop"],
    );
    for (let i = 0; i < 4; i += 1) await slow.receive();
    const [begin, end] = events;
    assert.deepEqual([begin?.type, begin?.peer?.socketType, end?.type, end?.value], ["drop", "SUB", "drop:end", 6]);
  }));

test("the same over tcp, where a peer does not read at all", () =>
  withSockets(async (open) => {
    const pub = open("pub", { sendHighWaterMark: 5 });
    const sub = open("sub", { receiveHighWaterMark: 5 });
    sub.subscribe();
    await join(pub, sub);
    await pub.waitForSubscribers();
    const dropping = nextEvent(pub, "drop");
    const large = Buffer.alloc(1 << 20);
    let count = 0;
    for (let isOver = false; !isOver; count += 1) {
      await pub.send(large);
      await turns(1);
      isOver = pub.statistics().dropped.full >= 3;
    }
    await dropping;
    const { sent, dropped } = pub.statistics();
    assert.equal(sent + dropped.full, count);
    const ended = new Promise<Event>((resolve) => {
      pub.events.once("drop:end", resolve);
    });
    for (let i = 0; i < sent; i += 1) await sub.receive();
    assert.equal((await ended).value, dropped.full);
    assert.equal(pub.peers()[0]?.dropped.full, dropped.full);
  }));

test("nobody there, a newer message, nobody left: each is counted as what it is", () =>
  withSockets(async (open) => {
    const pub = open("pub");
    await pub.send("nobody subscribed");
    assert.equal(pub.statistics().dropped.unroutable, 1);

    const router = open("router");
    await router.send(["nobody", "x"]);
    assert.equal(router.statistics().dropped.unroutable, 1);

    const push = open("push", { conflate: true });
    await open("pull").bind("inproc://idle");
    push.connect("inproc://idle");
    for (let i = 0; i < 3; i += 1) await push.send(String(i));
    assert.deepEqual([push.statistics().sent, push.statistics().dropped.conflated], [3, 2]);

    const lost = open("push");
    lost.connect("tcp://127.0.0.1:1");
    await lost.sendBatch(["1", "2", "3"]);
    await lost.close({ linger: 0 });
    assert.deepEqual([lost.statistics().sent, lost.statistics().dropped.lost], [3, 3]);
  }));

test("connections, reconnections and failures are counted", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const push = open("push", { reconnectInterval: 1 });
    const endpoint = await join(pull, push);
    const lost = nextEvent(push, "disconnect");
    await pull.close();
    await lost;
    assert.equal(push.peers()[0]?.isConnected, false);
    const again = nextEvent(push, "handshake");
    const next = open("pull");
    await next.bind(endpoint);
    await again;
    const { connections, reconnections, handshakeFailures } = push.statistics();
    assert.deepEqual([connections, reconnections, handshakeFailures], [2, 1, 0]);
    assert.deepEqual([push.peers()[0]?.reconnections, push.peers()[0]?.isConnected], [1, true]);

    const stranger = open("sub");
    const failed = nextEvent(next, "handshake:error:protocol");
    stranger.connect(endpoint);
    await failed;
    assert.equal(next.statistics().handshakeFailures, 1);
  }));

test("heartbeats tell the round-trip time", () =>
  withSockets(async (open) => {
    const [pull, push] = [open("pull", { heartbeatInterval: 10 }), open("push")];
    await join(pull, push);
    let time = pull.peers()[0]?.roundTripTime;
    for (; time === undefined; time = pull.peers()[0]?.roundTripTime) await turns();
    assert.ok(time > 0 && time < 5000, String(time));
    assert.equal(push.peers()[0]?.roundTripTime, undefined, "this side sends no PING");
  }));

test("pipesStats: an event for each peer, as libzmq's", () =>
  withSockets(async (open) => {
    const push = open("push");
    assert.throws(() => push.events.pipesStats(), { code: "EAGAIN" });
    for (const name of ["inproc://a", "inproc://b"]) {
      await open("pull").bind(name);
      push.connect(name);
    }
    await push.sendBatch(["1", "2", "3"]);
    push.events.pipesStats();
    const events = [await push.events.receive(), await push.events.receive()];
    const shown = events.map(({ type, number, value, endpoint, peer }) => [
      type,
      number,
      value,
      endpoint,
      peer?.socketType,
    ]);
    assert.deepEqual(shown, [
      ["pipes:stats", 0x10000, 2, "inproc://a", "PULL"],
      ["pipes:stats", 0x10000, 1, "inproc://b", "PULL"],
    ]);
    assert.deepEqual(events[0], { type: "pipes:stats", address: "inproc://a", outgoing: 2, incoming: 0 });
    push.events.close();
    assert.throws(() => push.events.pipesStats(), { code: "EBADF" });
  }));

test("statistics as OpenMetrics text", () =>
  withSockets(async (open) => {
    const [pull, push] = [open("pull"), open("push")];
    push.connect(await bound(pull, "inproc://metrics"));
    await push.send("x");
    const text = toOpenMetrics(push.statistics(), { socket: 'the "first"' });
    assert.match(text, /^# TYPE zeromq_messages_sent counter$/m);
    assert.match(text, /^zeromq_messages_sent_total\{socket="the \\"first\\""\} 1$/m);
    assert.match(text, /^zeromq_messages_dropped_total\{socket="the \\"first\\"",reason="full"\} 0$/m);
    assert.match(text, /# EOF\n$/);
  }));

async function joinTo(binder: Socket, connecter: Socket, endpoint: string): Promise<void> {
  const both = Promise.all([nextEvent(binder, "handshake"), nextEvent(connecter, "handshake")]);
  connecter.connect(endpoint);
  await both;
}
