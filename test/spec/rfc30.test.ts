// SPDX-License-Identifier: MIT
/** RFC 30, sentence by sentence: PUSH and PULL. The sentences are in `sentences/rfc30-31.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import { clause } from "./laboratory.ts";
import * as limits from "./limits.ts";

const push: cases.Case = { type: "PUSH", peer: "PULL" };
const pull: cases.Case = { type: "PULL", peer: "PUSH" };

clause(
  "30/PUSH/only-send",
  async (lab) => {
    const sut = await lab.bound("PUSH");
    for (const peer of await lab.peers(sut, "PULL", ["A", "B", "C", "D"])) {
      await sut.send("to each");
      assert.deepEqual(await peer.receive(), ["to each"]);
    }
    for (const method of ["receive", "tryReceive", "receiveBatch"]) assert.equal(method in sut.api, false);
  },
  { notOnLibzmq: "zeromq.js leaves the methods of the other direction on every class" },
);

clause("30/PUSH/verbatim", cases.sendsVerbatim(push));

clause("30/PUSH/queue", async (lab) => {
  const sut = lab.open("PUSH", { sendHighWaterMark: 2 });
  const places = [await lab.place(), await lab.place(), await lab.place()];
  for (const { endpoint } of places) sut.api.connect(endpoint);
  for (let i = 0; i < 6; i += 1) assert.equal(await sut.trySend(`${i}`), true, "two for each");
  assert.equal(await sut.trySend("full"), false);
  for (const [i, place] of places.entries()) {
    const peer = await place.accept(sut, "PULL");
    assert.deepEqual([await peer.receive(), await peer.receive()], [[`${i}`], [`${i + 3}`]]);
  }
});

clause("30/PUSH/queue-connecting", cases.queuesWhileConnecting(push));
clause("30/PUSH/queue-accepting", cases.queuesWhenAccepting(push));
clause("30/PUSH/queue-destroyed", limits.queueGoesWithPeer(push));
clause("30/PUSH/limits", limits.limitsOutgoing(push));
clause("30/PUSH/available", limits.passesOverFullPeers(push));
clause("30/PUSH/round-robin", cases.takesTurnsSending(push));
clause("30/PUSH/block", cases.sendWaitsForPeer(push));
clause("30/PUSH/refuse", cases.refusesWithoutPeer(push));
clause("30/PUSH/keep", cases.keepsWhatDoesNotFit(push));

clause(
  "30/PULL/only-receive",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const peer of await lab.peers(sut, "PUSH", ["A", "B", "C", "D"])) {
      await peer.send("from each");
      assert.deepEqual(await sut.receive(), ["from each"]);
    }
    for (const method of ["send", "trySend", "sendBatch"]) assert.equal(method in sut.api, false);
  },
  { notOnLibzmq: "zeromq.js leaves the methods of the other direction on every class" },
);

clause("30/PULL/verbatim", cases.receivesVerbatim(pull));

clause("30/PULL/queue", async (lab) => {
  const sut = await lab.bound("PULL", { receiveHighWaterMark: 2 });
  const [full, other] = [await lab.peer(sut, "PUSH", { highWaterMark: 1 }), await lab.peer(sut, "PUSH")];
  await limits.flood(lab, sut, full);
  // The queue of one is full; that of the other is not.
  await other.send("room");
  for (let message = await sut.receive(); message[0] !== "room"; message = await sut.receive());
});

clause("30/PULL/queue-connecting", cases.hearsWhileConnecting(pull));
clause("30/PULL/queue-accepting", async (lab) => {
  const sut = await lab.bound("PULL");
  const peer = await lab.peer(sut, "PUSH");
  for (let i = 0; i < 5; i += 1) await peer.send(`${i}`);
  await peer.settled();
  assert.deepEqual(await sut.drain(), ["0", "1", "2", "3", "4"]);
});
clause("30/PULL/limits", limits.limitsIncoming(pull));
clause("30/PULL/fair-queue", cases.takesTurnsReceiving(pull));

clause("30/PULL/deliver", async (lab) => {
  const sut = await lab.bound("PULL");
  const peer = await lab.peer(sut, "PUSH");
  const receiving = sut.receive();
  await peer.send("to one", "that waits");
  assert.deepEqual(await receiving, ["to one", "that waits"]);
});
