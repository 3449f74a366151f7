// SPDX-License-Identifier: MIT
/**
 * What each legal pair of socket types is for, as a short conversation between two peers (see `support/peers/peer.ts`):
 * the same one whoever plays which role, over whatever transport, compared by content. The pairs are those of RFC 28–31.
 */
import assert from "node:assert/strict";
import { type Corpus, type Summary, summarize, summarizeBytes } from "../support/peers/corpus.ts";
import { lastPeer, type PeerSocket, type PeerSocketOptions, probe, type SocketType } from "../support/peers/peer.ts";

/** A conversation between two socket types. */
export interface Scenario {
  readonly left: SocketType;
  readonly right: SocketType;
  readonly leftOptions?: PeerSocketOptions;
  readonly rightOptions?: PeerSocketOptions;
  /** What must be said before the sockets meet. */
  readonly prepare?: (left: PeerSocket, right: PeerSocket) => Promise<void>;
  readonly talk: (left: PeerSocket, right: PeerSocket) => Promise<void>;
}

/** Sizes around the seams of the frame formats (RFC 37), and messages of 1 to 1000 parts. */
export const corpus: Corpus = {
  seed: 7,
  count: 14,
  shapes: [
    [0],
    [1],
    [255],
    [256],
    [65535],
    [65536],
    [0, 0],
    [1, 255, 256],
    [65536, 0, 65535],
    new Array<number>(10).fill(0),
    new Array<number>(100).fill(255),
    new Array<number>(1000).fill(1),
    [...new Array<number>(999).fill(256), 0],
    [254],
  ],
};

/** Byte streams have no parts, and an empty one would close the connection. */
const byteCorpus: Corpus = { seed: 8, count: 6, shapes: [[1], [255], [256], [8192], [65536], [100000]] };

/** Sends probes until the subscriber has got one. PUB tells nobody when a subscription has come. */
export async function untilSubscribed(publisher: PeerSocket, subscriber: PeerSocket): Promise<void> {
  const arrival = new AbortController();
  const arrive = async (): Promise<void> => {
    try {
      await subscriber.awaitProbe();
    } finally {
      arrival.abort();
    }
  };
  const keepProbing = async (): Promise<void> => {
    while (!arrival.signal.aborted) {
      await publisher.put(probe);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await Promise.all([arrive(), keepProbing()]);
}

async function oneWay(from: PeerSocket, to: PeerSocket): Promise<void> {
  const [, summary] = await Promise.all([from.send(corpus), to.receive(corpus.count)]);
  assert.deepEqual(summary, summarize(corpus));
}

async function bothWays(left: PeerSocket, right: PeerSocket): Promise<void> {
  await Promise.all([left.send(corpus), right.send(corpus)]);
  const [toLeft, toRight] = await Promise.all([left.receive(corpus.count), right.receive(corpus.count)]);
  assert.deepEqual(toLeft, summarize(corpus));
  assert.deepEqual(toRight, summarize(corpus));
}

function subscribe(socket: PeerSocket, topic: string): Promise<void> {
  return socket.type === "sub" ? socket.subscribe(topic) : socket.put(`\x01${topic}`);
}

function unsubscribe(socket: PeerSocket, topic: string): Promise<void> {
  return socket.type === "sub" ? socket.unsubscribe(topic) : socket.put(`\x00${topic}`);
}

async function subscribeToB(_publisher: PeerSocket, subscriber: PeerSocket): Promise<void> {
  await subscribe(subscriber, "b");
  await subscribe(subscriber, probe);
}

/** Topics that match arrive, the others do not, and an XPUB hears who wants what. */
async function publish(publisher: PeerSocket, subscriber: PeerSocket): Promise<void> {
  const readable = publisher.type === "xpub";
  if (readable) {
    const hear = async (): Promise<void> => {
      const heard = [await takeText(publisher), await takeText(publisher)];
      assert.deepEqual(heard.sort(), [["\x01?probe"], ["\x01b"]]);
      await publisher.put(probe);
    };
    // The subscriber waits at the same time: libzmq's sockets notice a new peer only inside a call.
    await Promise.all([hear(), subscriber.awaitProbe()]);
  } else {
    await untilSubscribed(publisher, subscriber);
  }
  await publisher.put("a", "nobody wants this");
  await publisher.send(corpus, "bb");
  assert.deepEqual(await subscriber.receive(corpus.count, 1), summarize(corpus));
  if (!readable) return;
  if (subscriber.type === "xsub") {
    await subscriber.put("upstream");
    assert.deepEqual(await takeText(publisher), ["upstream"]);
  }
  await unsubscribe(subscriber, "b");
  assert.deepEqual(await takeText(publisher), ["\x00b"]);
  await publisher.put("bb", "nobody wants this any more");
  await publisher.put(`${probe} is still wanted`);
  assert.deepEqual(await takeText(subscriber), [`${probe} is still wanted`]);
}

async function takeText(socket: PeerSocket): Promise<string[]> {
  return (await socket.take()).map((part) => part.toString());
}

function pubSub(left: SocketType, right: SocketType): Scenario {
  return { left, right, prepare: subscribeToB, talk: publish };
}

/** Each legal pair of the twelve classic types. */
export const scenarios: readonly Scenario[] = [
  { left: "push", right: "pull", talk: oneWay },
  pubSub("pub", "sub"),
  pubSub("pub", "xsub"),
  pubSub("xpub", "sub"),
  pubSub("xpub", "xsub"),
  {
    left: "req",
    right: "rep",
    talk: async (left, right) => {
      const [answers] = await Promise.all([left.exchange(corpus), right.echo(corpus.count)]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  {
    left: "req",
    right: "router",
    talk: async (left, right) => {
      const [answers] = await Promise.all([left.exchange(corpus), right.echo(corpus.count)]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  {
    left: "dealer",
    right: "rep",
    talk: async (left, right) => {
      const [answers] = await Promise.all([left.exchange(corpus, ""), right.echo(corpus.count)]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  {
    left: "dealer",
    right: "router",
    leftOptions: { routingId: "dealer-1" },
    talk: async (left, right) => {
      await left.put("hello");
      assert.deepEqual(await takeText(right), ["dealer-1", "hello"]);
      const [, , answers] = await Promise.all([
        left.send(corpus),
        right.echo(corpus.count),
        left.receive(corpus.count),
      ]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  { left: "dealer", right: "dealer", talk: bothWays },
  {
    left: "router",
    right: "router",
    leftOptions: { routingId: "left", probeRouter: true },
    rightOptions: { routingId: "right" },
    talk: async (left, right) => {
      const converse = async (): Promise<Summary> => {
        assert.deepEqual(await takeText(right), ["left", ""]); // the probe: now both know each other
        await right.send(corpus, "left");
        return right.receive(corpus.count, 1);
      };
      // The left side waits from the start: libzmq's sockets notice a new peer only inside a call.
      const [answers] = await Promise.all([converse(), left.echo(corpus.count)]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  { left: "pair", right: "pair", talk: bothWays },
  {
    left: "stream",
    right: "stream",
    talk: async (left, right) => {
      const bytes = summarizeBytes(byteCorpus);
      for (const socket of [left, right]) assert.equal((await socket.take())[1]?.length, 0); // connected
      const toRight = await Promise.all([left.send(byteCorpus, lastPeer), right.receiveBytes(bytes.octets)]);
      assert.equal(toRight[1].digest, bytes.digest);
      const toLeft = await Promise.all([right.send(byteCorpus, lastPeer), left.receiveBytes(bytes.octets)]);
      assert.equal(toLeft[1].digest, bytes.digest);
    },
  },
];
