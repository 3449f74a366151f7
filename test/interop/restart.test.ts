// SPDX-License-Identifier: MIT
/**
 * Either side killed in the middle of a stream and started again: the stream goes on by itself. What may be lost is what
 * had left the sender's pipe for the connection that broke: never anything else, never twice, never out of order.
 */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { Push } from "../../src/index.ts";
import { type Peer, type PeerKind, type PeerSocket, probe } from "../support/peers/peer.ts";
import { lastingEndpoint } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

/** Beside each number, so that socket buffers hold hundreds of messages, not hundreds of thousands. */
const ballast = Buffer.alloc(8192, "ballast");

/** The numbers that one incarnation of a receiver got. */
class Numbers {
  readonly got: number[] = [];
  #waiting: { when: () => boolean; resolve: () => void }[] = [];

  readonly add = (value: number): void => {
    this.got.push(value);
    this.#waiting = this.#waiting.filter(({ when, resolve }) => {
      if (!when()) return true;
      resolve();
      return false;
    });
  };

  until(when: () => boolean): Promise<void> {
    return when() ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ when, resolve }));
  }

  get first(): number {
    return this.got[0] ?? Number.NaN;
  }

  get last(): number {
    return this.got.at(-1) ?? Number.NaN;
  }

  /** Fails when one is missing, doubled or out of order. */
  assertConsecutive(who: string): void {
    const wrong = this.got.findIndex((value, index) => value !== this.first + index);
    assert.equal(wrong, -1, `${who}: after ${this.got[wrong - 1]} came ${this.got[wrong]}`);
  }
}

/** Receives numbers until the peer is killed or the test ends. */
function collect(socket: PeerSocket): Numbers {
  const numbers = new Numbers();
  socket.receiveNumbers(1e9, numbers.add).catch(() => {});
  return numbers;
}

/** Sends numbers, a few at a time, until it is told to stop; resolves with how many it sent. */
async function sendUntil(stop: AbortSignal, socket: PeerSocket, ...header: (string | Buffer)[]): Promise<number> {
  let next = 0;
  for (; !stop.aborted; next += 20) await socket.sendNumbers(next, 20, ...header, ballast);
  return next;
}

async function receiverRestarts(sender: Peer, kind: PeerKind): Promise<void> {
  await using first = await startPeer(kind);
  const firstPull = await first.socket("pull", { receiveHighWaterMark: 10 });
  const endpoint = await firstPull.bind(await lastingEndpoint());
  await using push = await sender.socket("push", { reconnectInterval: 10, sendHighWaterMark: 100 });
  await push.connect(endpoint);
  const stop = new AbortController();
  const sending = sendUntil(stop.signal, push);
  const before = collect(firstPull);
  await before.until(() => before.got.length >= 200);
  await first.kill();

  await using second = await startPeer(kind);
  const secondPull = await second.socket("pull", { receiveHighWaterMark: 10 });
  await secondPull.bind(endpoint);
  const after = collect(secondPull);
  await after.until(() => after.got.length >= 200);
  stop.abort();
  const sent = await sending;
  await after.until(() => after.last === sent - 1);
  assert.equal(before.first, 0);
  before.assertConsecutive("before");
  after.assertConsecutive("after");
  assert.ok(after.first > before.last, `${after.first} came again after ${before.last}`);
}

/** Kills a receiver that has read nothing: the sender's pipe is full, and all that is in it must arrive. */
async function stalledReceiverRestarts(kind: PeerKind): Promise<void> {
  const highWaterMark = 100;
  await using first = await startPeer(kind);
  const firstPull = await first.socket("pull", { receiveHighWaterMark: 10 });
  const endpoint = await firstPull.bind(await lastingEndpoint());
  const push = new Push({ reconnectInterval: 10, sendHighWaterMark: highWaterMark, sendTimeout: 500, linger: 0 });
  try {
    push.connect(endpoint);
    let accepted = 0;
    const send = (): Promise<void> => push.send([ballast, `${accepted}`]).then(() => void accepted++);
    await assert.rejects(async () => {
      for (;;) await send();
    }, /EAGAIN|not possible|timed out/);
    const full = accepted;
    await first.kill();

    await using second = await startPeer(kind);
    const secondPull = await second.socket("pull", { receiveHighWaterMark: 10 });
    await secondPull.bind(endpoint);
    const after = collect(secondPull);
    push.sendTimeout = 10000;
    for (let left = 10; left > 0; left--) await send();
    await after.until(() => after.last === accepted - 1);
    after.assertConsecutive("after");
    // A writer that found the pipe full is woken only when half of it was read: so more than half was in it.
    assert.ok(after.first <= full - highWaterMark / 2, `${after.first} came first, of ${full} accepted`);
  } finally {
    await push.close();
  }
}

async function senderRestarts(receiver: Peer, kind: PeerKind): Promise<void> {
  await using pull = await receiver.socket("pull");
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  const got: number[] = [];
  const receiveUntil = async (last: number): Promise<void> => {
    while ((got.at(-1) ?? -1) < last) await pull.receiveNumbers(1, (value) => got.push(value));
  };
  {
    await using sender = await startPeer(kind);
    const push = await sender.socket("push");
    await push.connect(endpoint);
    push.sendNumbers(0, 100_000, ballast, "").catch(() => {});
    await receiveUntil(300);
    await sender.kill();
  }
  await using sender = await startPeer(kind);
  const push = await sender.socket("push");
  await push.connect(endpoint);
  await Promise.all([push.sendNumbers(1_000_000, 500, ballast, ""), receiveUntil(1_000_499)]);
  // What the first had delivered and the second's messages may come in turns (fair queueing): each by itself is in order.
  for (const start of [0, 1_000_000]) {
    const own = got.filter((value) => value >= start && value < start + 1_000_000);
    const inOrder = own.map((_, index) => start + index);
    assert.deepEqual(own, inOrder, "each sender's numbers from its first on, in order");
  }
}

async function publisherRestarts(subscriber: Peer, kind: PeerKind): Promise<void> {
  await using sub = await subscriber.socket("sub", { reconnectInterval: 10 });
  for (const topic of ["b", "c", probe]) await sub.subscribe(topic);
  const endpoint = await lastingEndpoint();
  await sub.connect(endpoint);
  for (const life of ["first", "second"]) {
    await using publisher = await startPeer(kind);
    const xpub = await publisher.socket("xpub");
    await xpub.bind(endpoint);
    const hear = async (): Promise<void> => {
      const heard = [await xpub.take(), await xpub.take(), await xpub.take()].map(([topic]) => `${topic}`);
      assert.deepEqual(heard.sort(), ["\x01?probe", "\x01b", "\x01c"], `${life} publisher hears every subscription`);
      await xpub.put(probe);
    };
    await Promise.all([hear(), sub.awaitProbe()]);
    for (const topic of ["a", "b", "c"]) await xpub.put(topic, life);
    for (const topic of ["b", "c"]) assert.deepEqual((await sub.take()).map(String), [topic, life]);
    await publisher.kill();
  }
}

async function subscriberRestarts(publisher: Peer, kind: PeerKind): Promise<void> {
  await using xpub = await publisher.socket("xpub");
  const endpoint = await xpub.bind("tcp://127.0.0.1:0");
  for (const life of ["first", "second"]) {
    await using subscriber = await startPeer(kind);
    const sub = await subscriber.socket("sub");
    await sub.subscribe("b");
    await sub.connect(endpoint);
    assert.equal(`${await xpub.take()}`, "\x01b", `the ${life} subscriber is heard`);
    await xpub.put("b", life);
    assert.deepEqual((await sub.take()).map(String), ["b", life]);
    await subscriber.kill();
    assert.equal(`${await xpub.take()}`, "\x00b", `the ${life} subscriber is gone`);
  }
}

async function dealerRestarts(serving: Peer, kind: PeerKind): Promise<void> {
  await using router = await serving.socket("router", { mandatory: true });
  const endpoint = await router.bind("tcp://127.0.0.1:0");
  for (const life of ["first", "second"]) {
    await using client = await startPeer(kind);
    const dealer = await client.socket("dealer", { routingId: "the-client" });
    await dealer.connect(endpoint);
    await dealer.put(life);
    assert.deepEqual((await router.take()).map(String), ["the-client", life]);
    await router.put("the-client", "welcome", life);
    assert.deepEqual((await dealer.take()).map(String), ["welcome", life]);
    await client.kill();
  }
}

async function routerRestarts(asking: Peer, kind: PeerKind): Promise<void> {
  await using dealer = await asking.socket("dealer", { routingId: "the-client", reconnectInterval: 10 });
  await dealer.watch("disconnect");
  const endpoint = await lastingEndpoint();
  await dealer.connect(endpoint);
  for (const life of ["first", "second"]) {
    await dealer.put(life); // accepted while no server is there: it waits in the pipe
    await using server = await startPeer(kind);
    const router = await server.socket("router");
    await router.bind(endpoint);
    assert.deepEqual((await router.take()).map(String), ["the-client", life]);
    await router.put("the-client", "welcome", life);
    assert.deepEqual((await dealer.take()).map(String), ["welcome", life]);
    await server.kill();
    await dealer.event("disconnect");
  }
}

const stories: readonly (readonly [
  title: (kind: PeerKind, who: string) => string,
  (stays: Peer, restarts: PeerKind) => Promise<void>,
])[] = [
  [(kind, who) => `${who} PUSH goes on with a PULL of ${kind} that was killed and started again`, receiverRestarts],
  [(kind, who) => `${who} PULL goes on with a PUSH of ${kind} that was killed and started again`, senderRestarts],
  [(kind, who) => `${who} SUB says its subscriptions again to an XPUB of ${kind} that was killed`, publisherRestarts],
  [(kind, who) => `${who} XPUB hears that a SUB of ${kind} was killed, and serves the next`, subscriberRestarts],
  [(kind, who) => `${who} ROUTER answers a DEALER of ${kind} that came back with its routing id`, dealerRestarts],
  [(kind, who) => `${who} DEALER keeps what it sent while a ROUTER of ${kind} was away`, routerRestarts],
];

const casts: readonly { stays: PeerKind; restarts: PeerKind }[] = [
  { stays: "here", restarts: "c" },
  { stays: "here", restarts: "python" },
  { stays: "here", restarts: "zeromq-ts" },
  { stays: "c", restarts: "zeromq-ts" },
];

for (const kind of ["c", "zeromq-ts"] satisfies PeerKind[]) {
  test(`what was still in our PUSH's pipe survives a killed PULL of ${kind} that had read nothing`, {
    timeout: 30000,
  }, async (t) => {
    const lack = missing("here") ?? missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await stalledReceiverRestarts(kind);
  });
}

for (const { stays, restarts } of casts) {
  test(`${stays === "here" ? "ours" : stays} stays while the ${restarts} peer is killed and restarts`, async (t: TestContext) => {
    const lack = missing("here") ?? missing(stays) ?? missing(restarts);
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer(stays);
    for (const [title, play] of stories) {
      if (play === routerRestarts && stays !== "here") continue; // only peers in JavaScript tell of a lost connection
      await t.test(title(restarts, stays === "here" ? "our" : `${stays}'s`), { timeout: 30000 }, () =>
        play(peer, restarts),
      );
    }
  });
}
