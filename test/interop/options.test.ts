// SPDX-License-Identifier: MIT
/** Options whose effect only a peer can see, each against libzmq in C; and what closing does to messages on their way. */
import assert from "node:assert/strict";
import test from "node:test";
import { Context, type ContextOptions } from "../../src/index.ts";
import type { Peer } from "../support/peers/peer.ts";
import { lastingEndpoint, RawPeer } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

const any = "tcp://127.0.0.1:0";

/** Sockets of a fresh context, closed afterwards. */
async function withContext(run: (context: Context, close: (socket: { close(): unknown }) => void) => Promise<void>) {
  const defaults: ContextOptions["defaults"] = { linger: 0, receiveTimeout: 10000 };
  const open: { close(): unknown }[] = [];
  try {
    await run(new Context({ defaults }), (socket) => void open.push(socket));
  } finally {
    for (const socket of open) await socket.close();
  }
}

function text(message: readonly Uint8Array[]): string[] {
  return message.map((part) => Buffer.from(part).toString());
}

const stories: Readonly<Record<string, (peer: Peer) => Promise<void>>> = {
  "a REQ with correlate and relaxed drops the late answer to a question it gave up": (peer) =>
    withContext(async (context, closeLater) => {
      const request = context.socket("req", { correlate: true, relaxed: true });
      closeLater(request);
      await using reply = await peer.socket("rep");
      request.connect(await reply.bind(any));
      await request.send("first");
      assert.deepEqual(text(await reply.take()), ["first"]);
      await request.send("second");
      await reply.put("too late");
      assert.deepEqual(text(await reply.take()), ["second"]);
      await reply.put("in time");
      assert.deepEqual(text(await request.receive()), ["in time"]);
    }),

  "a ROUTER with handover gives a routing id to the newcomer": (peer) =>
    withContext(async (context, closeLater) => {
      const router = context.socket("router", { handover: true });
      closeLater(router);
      await router.bind(any);
      for (const life of ["old", "new"]) {
        const dealer = await peer.socket("dealer", { routingId: "same" });
        await dealer.connect(router.lastEndpoint ?? "");
        await dealer.put(life);
        assert.deepEqual(text(await router.receive()), ["same", life]);
        await router.send(["same", `to the ${life} one`]);
        assert.deepEqual(text(await dealer.take()), [`to the ${life} one`]);
      }
    }),

  "a ROUTER without handover goes on with the first of two with one routing id": (peer) =>
    withContext(async (context, closeLater) => {
      const router = context.socket("router");
      closeLater(router);
      await router.bind(any);
      const handshakes: (() => void)[] = [];
      router.events.on("handshake", () => handshakes.shift()?.());
      const connect = async () => {
        const dealer = await peer.socket("dealer", { routingId: "same" });
        const finished = new Promise<void>((resolve) => handshakes.push(resolve));
        await dealer.connect(router.lastEndpoint ?? "");
        await finished;
        return dealer;
      };
      await using first = await connect();
      await using second = await connect();
      await second.put("from the second");
      await first.put("from the first");
      assert.deepEqual(text(await router.receive()), ["same", "from the first"]);
      await router.send(["same", "to the first"]);
      assert.deepEqual(text(await first.take()), ["to the first"]);
    }),

  "a ROUTER that names a peer as it connects needs no message from it first": (peer) =>
    withContext(async (context, closeLater) => {
      const router = context.socket("router", { mandatory: true });
      closeLater(router);
      await using dealer = await peer.socket("dealer");
      router.connect(await dealer.bind(any), { routingId: "my name for it" });
      await router.send(["my name for it", "hello"]);
      assert.deepEqual(text(await dealer.take()), ["hello"]);
    }),

  "an XPUB told to be verbose hears every subscriber, and greets each": (peer) =>
    withContext(async (context, closeLater) => {
      const publisher = context.socket("xpub", { verbosity: "allSubs", welcomeMessage: "welcome" });
      closeLater(publisher);
      await publisher.bind(any);
      for (let count = 0; count < 3; count++) {
        const subscriber = await peer.socket("sub");
        await subscriber.subscribe("welcome");
        await subscriber.connect(publisher.lastEndpoint ?? "");
        // The greeting is sent as the peer is attached; libzmq's SUB filters for itself what comes before it subscribed.
        assert.deepEqual(text(await subscriber.take()), ["welcome"]);
        assert.deepEqual(text(await publisher.receive()), ["\x01welcome"]);
      }
    }),

  "a PUSH with immediate gives nothing to an endpoint where nobody is": (peer) =>
    withContext(async (context, closeLater) => {
      const push = context.socket("push", { immediate: true });
      closeLater(push);
      push.connect(await lastingEndpoint());
      await using pull = await peer.socket("pull");
      push.connect(await pull.bind(any));
      for (let number = 0; number < 100; number++) await push.send(`${number}`);
      const got: number[] = [];
      await pull.receiveNumbers(100, (value) => got.push(value));
      assert.deepEqual(got, [...got.keys()]);
    }),

  "a PUSH without immediate keeps what it sent for a PULL that comes later": (peer) =>
    withContext(async (context, closeLater) => {
      const push = context.socket("push", { reconnectInterval: 10 });
      closeLater(push);
      const endpoint = await lastingEndpoint();
      push.connect(endpoint);
      for (let number = 0; number < 100; number++) await push.send(`${number}`);
      await using pull = await peer.socket("pull");
      await pull.bind(endpoint);
      const got: number[] = [];
      await pull.receiveNumbers(100, (value) => got.push(value));
      assert.deepEqual(got, [...got.keys()]);
    }),

  "close({ linger: -1 }) waits until a slow reader has everything": (peer) =>
    withContext(async (context) => {
      const push = context.socket("push", { sendHighWaterMark: 0 });
      await using pull = await peer.socket("pull", { receiveHighWaterMark: 5 });
      push.connect(await pull.bind(any));
      const count = 2000;
      for (let number = 0; number < count; number++) await push.send([Buffer.alloc(8192), `${number}`]);
      const got: number[] = [];
      const closed = push.close({ linger: -1 });
      await Promise.all([closed, pull.receiveNumbers(count, (value) => got.push(value))]);
      assert.deepEqual(got, [...got.keys()]);
      assert.equal(got.length, count);
    }),

  "a disconnect lets what was sent arrive, and takes nothing new": (peer) =>
    withContext(async (context, closeLater) => {
      const push = context.socket("push", { linger: -1 });
      closeLater({ close: () => push.close({ linger: 0 }) });
      await using first = await peer.socket("pull");
      await using second = await peer.socket("pull");
      const endpoint = await first.bind(any);
      push.connect(endpoint);
      await push.send("before");
      push.disconnect(endpoint);
      push.connect(await second.bind(any));
      await push.send("after");
      assert.deepEqual(text(await first.take()), ["before"]);
      assert.deepEqual(text(await second.take()), ["after"]);
    }),

  "an unbind lets the connected peers go, and its address be bound by others": (peer) =>
    withContext(async (context, closeLater) => {
      const pull = context.socket("pull");
      closeLater(pull);
      const endpoint = await lastingEndpoint();
      await pull.bind(endpoint);
      await using push = await peer.socket("push", { reconnectInterval: 10 });
      await push.connect(endpoint);
      await push.put("to ours");
      assert.deepEqual(text(await pull.receive()), ["to ours"]);
      await using watcher = await RawPeer.connect(endpoint);
      await pull.unbind(endpoint);
      await watcher.closed();
      await using successor = await peer.socket("pull");
      await successor.bind(endpoint);
      const sending = push.sendNumbers(0, 100_000).catch(() => {});
      await successor.receiveNumbers(1, () => {});
      await peer.kill();
      await sending;
    }),
};

test("what options and closing do, as a libzmq peer sees it", async (t) => {
  const lack = missing("c");
  if (lack !== undefined) return t.skip(lack);
  for (const [title, play] of Object.entries(stories)) {
    await t.test(title, { timeout: 15000 }, async () => {
      await using peer = await startPeer("c");
      await play(peer);
    });
  }
});
