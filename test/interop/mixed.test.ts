// SPDX-License-Identifier: MIT
/** One socket of ours with peers of every implementation at the same time: each gets what is its, and all of it. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Corpus, summarize } from "../support/peers/corpus.ts";
import type { Peer, PeerKind, PeerSocket, SocketType } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { untilSubscribed } from "./scenarios.ts";

const kinds = ["c", "python", "zeromq.js", "jeromq", "zeromq-ts"] satisfies PeerKind[];
const perPeer = 200;

function corpusOf(seed: number): Corpus {
  return { seed, count: perPeer, shapes: [[1], [255, 256], [0, 3000], [70000]] };
}

async function together(peers: readonly Peer[], type: SocketType, endpoint: string): Promise<PeerSocket[]> {
  const sockets = await Promise.all(peers.map((peer) => peer.socket(type)));
  await Promise.all(sockets.map((socket) => socket.connect(endpoint)));
  return sockets;
}

function closeAll(sockets: readonly PeerSocket[]): Promise<unknown> {
  return Promise.all(sockets.map((socket) => socket.close()));
}

test("one socket of ours serves libzmq, pyzmq, npm zeromq, JeroMQ and itself at once", async (t) => {
  const lack = ["here" as const, ...kinds].map(missing).find((what) => what !== undefined);
  if (lack !== undefined) return t.skip(lack);
  await using ours = await startPeer("here");
  const peers = await Promise.all(kinds.map((kind) => startPeer(kind)));
  try {
    await t.test("a ROUTER answers each DEALER with its own", { timeout: 30000 }, async () => {
      await using router = await ours.socket("router");
      const dealers = await together(peers, "dealer", await router.bind("tcp://127.0.0.1:0"));
      const [, ...answers] = await Promise.all([
        router.echo(perPeer * dealers.length),
        ...dealers.map((dealer, index) => dealer.exchange(corpusOf(index))),
      ]);
      assert.deepEqual(
        answers,
        dealers.map((_, index) => summarize(corpusOf(index))),
      );
      await closeAll(dealers);
    });
    await t.test("a REP answers each REQ", { timeout: 30000 }, async () => {
      await using reply = await ours.socket("rep");
      const requests = await together(peers, "req", await reply.bind("tcp://127.0.0.1:0"));
      const [, ...answers] = await Promise.all([
        reply.echo(perPeer * requests.length),
        ...requests.map((request, index) => request.exchange(corpusOf(index))),
      ]);
      assert.deepEqual(
        answers,
        requests.map((_, index) => summarize(corpusOf(index))),
      );
      await closeAll(requests);
    });
    await t.test("a PUSH shares its messages out evenly, and none is lost", { timeout: 30000 }, async () => {
      await using push = await ours.socket("push");
      const endpoint = await push.bind("tcp://127.0.0.1:0");
      await push.watch("handshake");
      const pulls = await together(peers, "pull", endpoint);
      for (const _ of pulls) await push.event("handshake");
      const got: number[] = [];
      const receiving = pulls.map((pull) => pull.receiveNumbers(perPeer, (value) => got.push(value)));
      await Promise.all([push.sendNumbers(0, perPeer * pulls.length), ...receiving]);
      assert.deepEqual(
        got.sort((a, b) => a - b),
        [...got.keys()],
      );
      await closeAll(pulls);
    });
    await t.test("a PUB reaches every SUB with what it wants", { timeout: 30000 }, async () => {
      await using publisher = await ours.socket("pub", { sendHighWaterMark: 0 });
      const endpoint = await publisher.bind("tcp://127.0.0.1:0");
      const subscribers = await Promise.all(peers.map((peer) => peer.socket("sub", { receiveHighWaterMark: 0 })));
      for (const [index, subscriber] of subscribers.entries()) {
        for (const topic of [`topic ${index}`, "all", "?probe"]) await subscriber.subscribe(topic);
        await subscriber.connect(endpoint);
        await untilSubscribed(publisher, subscriber);
      }
      const receiving = Promise.all(subscribers.map((subscriber) => subscriber.receive(2 * perPeer, 1)));
      for (const index of subscribers.keys()) await publisher.send(corpusOf(index), `topic ${index}`);
      await publisher.send(corpusOf(99), "all");
      for (const [index, summary] of (await receiving).entries()) {
        assert.equal(summary.octets, summarize(corpusOf(index)).octets + summarize(corpusOf(99)).octets);
      }
      await closeAll(subscribers);
    });
  } finally {
    for (const peer of peers) await peer[Symbol.asyncDispose]();
  }
});
