// SPDX-License-Identifier: MIT
/** Who sent a message, and libzmq's properties of it: of each socket type that receives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type MessageDetails, metadataOf, peerOf, type Readable, type Socket } from "../../../src/index.ts";
import { bound, join, type Open, withSockets } from "../../support/sockets.ts";

const DETAILS = { messageDetails: true } as const;

test("a message is a plain array, and says who sent it", () =>
  withSockets(async (open) => {
    const router = open("router", DETAILS);
    const dealer = open("dealer", { routingId: "worker", metadata: { "X-Task": "sums" } });
    const endpoint = await join(router, dealer);
    await dealer.send(["a", "b"]);
    const message = await router.receive();
    assert.deepStrictEqual(message, ["worker", "a", "b"].map(Buffer.from as (text: string) => Buffer));
    assert.deepEqual(Object.keys(message), ["0", "1", "2"]);
    const { peer, metadata } = message as Buffer[] & MessageDetails;
    assert.equal(peer, peerOf(message));
    assert.equal(String(peer?.routingId), "worker");
    assert.equal(peer?.socketType, "DEALER");
    assert.equal(peer?.endpoint, endpoint);
    assert.match(peer?.address ?? "", /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(metadata, metadataOf(message));
    assert.deepEqual(Object.fromEntries(metadata), {
      "X-Task": "sums",
      "Socket-Type": "DEALER",
      "Peer-Address": "127.0.0.1",
      "Routing-Id": "worker",
      Identity: "worker",
    });
    await dealer.send("c");
    assert.equal(peerOf(await router.receive()), peer, "the same object for all of a connection");
  }));

test("without the option nothing is said, and it takes effect at once", () =>
  withSockets(async (open) => {
    const [pull, push] = [open("pull"), open("push")];
    await join(pull, push);
    await push.send("1");
    const message = await pull.receive();
    assert.deepEqual([peerOf(message), metadataOf(message).size, "peer" in message], [undefined, 0, false]);
    pull.messageDetails = true;
    await push.send("2");
    assert.equal(peerOf(await pull.receive())?.socketType, "PUSH");
    assert.equal(peerOf([Buffer.from("made by hand")]), undefined);
  }));

test("each way to receive says it", () =>
  withSockets(async (open) => {
    const [pull, push] = [open("pull", DETAILS), open("push")];
    await join(pull, push);
    await push.sendBatch(["1", "2", "3", "4", "5"]);
    const messages = await pull.receiveBatch(2);
    while (messages.length < 3) messages.push(...(await pull.receiveBatch(1)));
    await pull.whenReadable();
    messages.push(pull.tryReceive() ?? []);
    for await (const message of pull) {
      messages.push(message);
      break;
    }
    assert.deepEqual(
      messages.map((message) => peerOf(message)?.socketType),
      messages.map(() => "PUSH"),
    );
  }));

/** A receiver and a sender of each type that receives, and how the sender sends. */
function pairsOf(
  open: Open,
): { receiver: Socket & Readable<object[]>; sender: Socket; send: () => Promise<unknown> }[] {
  const [pair, push, dealer, request] = [open("pair"), open("push"), open("dealer"), open("req")];
  const asker = open("dealer");
  const [client, channel, scatter, xsub] = [open("client"), open("channel"), open("scatter"), open("xsub")];
  return [
    { receiver: open("pair", DETAILS), sender: pair, send: () => pair.send("x") },
    { receiver: open("pull", DETAILS), sender: push, send: () => push.send("x") },
    { receiver: open("dealer", DETAILS), sender: dealer, send: () => dealer.send("x") },
    { receiver: open("router", DETAILS), sender: asker, send: () => asker.send("x") },
    { receiver: open("rep", DETAILS), sender: request, send: () => request.send("x") },
    { receiver: open("server", DETAILS), sender: client, send: () => client.send("x") },
    { receiver: open("channel", DETAILS), sender: channel, send: () => channel.send("x") },
    { receiver: open("gather", DETAILS), sender: scatter, send: () => scatter.send("x") },
    { receiver: open("xpub", DETAILS), sender: xsub, send: () => xsub.send(Buffer.of(1, 65)) },
  ];
}

for (const scheme of ["tcp", "inproc"]) {
  test(`types that receive tell who sent a message, over ${scheme}`, () =>
    withSockets(async (open) => {
      for (const [index, { receiver, sender, send }] of pairsOf(open).entries()) {
        const endpoint = await bound(receiver, scheme === "tcp" ? "tcp://127.0.0.1:*" : `inproc://details-${index}`);
        sender.connect(endpoint);
        await send();
        const peer = peerOf(await receiver.receive({ timeout: 5000 }));
        assert.equal(peer?.endpoint, endpoint);
        assert.equal(peer?.socketType, (sender.constructor as { row?: { name: string } }).row?.name);
        assert.equal(peer?.address === "", scheme === "inproc");
      }
    }));
}

test("subscribers know their publisher, and replies and answers who gave them", () =>
  withSockets(async (open) => {
    const [pub, sub] = [open("pub"), open("sub", DETAILS)];
    sub.subscribe();
    await join(pub, sub);
    await pub.waitForSubscribers();
    await pub.send("news");
    assert.equal(await sub.whenReadable(), undefined, "reads one ahead");
    assert.equal(peerOf(await sub.receive())?.socketType, "PUB");

    const [rep, req] = [open("rep"), open("req", DETAILS)];
    const endpoint = await join(rep, req);
    await req.send("1");
    await rep.send(await rep.receive());
    assert.equal(peerOf(await req.receive())?.endpoint, endpoint);
    const answer = req.request("2");
    await rep.send(await rep.receive());
    assert.equal(peerOf(await answer)?.socketType, "REP");
  }));

test("notices are of the peer that they are about, also when it has gone", () =>
  withSockets(async (open) => {
    const router = open("router", { ...DETAILS, routerNotify: 3 });
    const dealer = open("dealer", { routingId: "d" });
    await join(router, dealer);
    assert.equal(String(peerOf(await router.receive())?.routingId), "d");
    await dealer.send("last words");
    await dealer.close();
    const [words, notice] = [await router.receive(), await router.receive()];
    assert.deepEqual([words.length, notice.length], [2, 2]);
    assert.equal(peerOf(notice), peerOf(words));
    assert.equal(String(peerOf(notice)?.routingId), "d");
  }));

test("what came through a connection that was lost is still of who sent it", () =>
  withSockets(async (open) => {
    const pull = open("pull", { ...DETAILS, reconnectInterval: 1 });
    const first = open("push", { metadata: { "X-Name": "first" } });
    const endpoint = await join(first, pull);
    await first.sendBatch(["1", "2"]);
    await pull.whenReadable();
    const lost = new Promise((resolve) => {
      pull.events.once("disconnect", resolve);
    });
    await first.close();
    await lost;
    const again = new Promise((resolve) => {
      pull.events.once("handshake", resolve);
    });
    const second = open("push", { metadata: { "X-Name": "second" } });
    await second.bind(endpoint);
    await again;
    await second.send("3");
    const names: (string | undefined)[] = [];
    while (names.length < 3) names.push(metadataOf(await pull.receive()).get("X-Name"));
    assert.deepEqual(names, ["first", "first", "second"]);
  }));
