// SPDX-License-Identifier: MIT
/** RFC 31, sentence by sentence: PAIR. The sentences are in `sentences/rfc30-31.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import { type Sut, until } from "./implementation.ts";
import { clause, type Lab } from "./laboratory.ts";
import * as limits from "./limits.ts";
import type { Peer } from "./peers.ts";

const pair: cases.Case = { type: "PAIR", peer: "PAIR" };

/** A second peer, which is not taken. */
async function intruder(lab: Lab, sut: Sut): Promise<void> {
  if (lab.transport === "inproc") {
    const second = await lab.peer(sut, "PAIR");
    await Promise.resolve(second.send("intrusion")).catch(() => {}); // it may know already
    await second.settled();
    return;
  }
  const second = await lab.wire(sut);
  await second.introduce({ type: "PAIR" }).catch(() => {});
  second.send("intrusion");
  await sut.next("handshake"); // its handshake is good all the same
  sut.touch();
  // libzmq keeps the connection, and takes nothing from it.
  if (lab.implementation.name === "zeromq-ts") await second.ended();
}

async function converse(sut: Sut, peer: Peer): Promise<void> {
  assert.ok(await sut.trySend("to the peer"));
  assert.deepEqual(await peer.receive(), ["to the peer"]);
  await peer.send("from the peer");
  assert.deepEqual(await sut.receive(), ["from the peer"]);
}

clause("31/PAIR/one-peer", async (lab) => {
  const sut = await lab.bound("PAIR");
  const first = await lab.peer(sut, "PAIR");
  await intruder(lab, sut);
  await converse(sut, first);
  await lab.leave(sut, first);
  await until(() => !sut.api.writable);
  await converse(sut, await cases.successor(lab, sut, pair));
});

clause("31/PAIR/verbatim", async (lab) => {
  await cases.sendsVerbatim(pair)(lab);
  await cases.receivesVerbatim(pair)(lab);
});

clause("31/PAIR/double-queue", limits.queuesAreIndependent(pair));
clause("31/PAIR/queue-connecting", cases.queuesWhileConnecting(pair));
clause("31/PAIR/queue-accepting", cases.queuesWhenAccepting(pair));
clause("31/PAIR/queue-destroyed", limits.queueGoesWithPeer(pair));

clause("31/PAIR/limits", async (lab) => {
  await limits.limitsOutgoing(pair)(lab);
  await limits.limitsIncoming(pair)(lab);
});

clause("31/PAIR/available", async (lab) => {
  const sut = await lab.bound("PAIR", { sendHighWaterMark: 1 });
  const peer = await lab.peer(sut, "PAIR", { highWaterMark: 1 });
  assert.equal(sut.api.writable, true);
  peer.pause();
  const sent = await lab.fill(sut);
  assert.equal(sut.api.writable, false);
  peer.resume();
  for (let i = 0; i < sent; i += 1) await peer.receive();
  await sut.send("available again");
  assert.deepEqual(await peer.receive(), ["available again"]);
});

clause("31/PAIR/block", cases.sendWaitsForPeer(pair));
clause("31/PAIR/refuse", cases.refusesWithoutPeer(pair));
clause("31/PAIR/keep", cases.keepsWhatDoesNotFit(pair));

clause("31/PAIR/receive", async (lab) => {
  const sut = await lab.bound("PAIR");
  assert.equal(await sut.tryReceive(), undefined);
  const peer = await lab.peer(sut, "PAIR");
  await intruder(lab, sut);
  await peer.send("from the single peer");
  assert.deepEqual(await sut.receive(), ["from the single peer"]);
  assert.equal(await sut.tryReceive(), undefined);
});

clause("31/PAIR/deliver", async (lab) => {
  const sut = await lab.bound("PAIR");
  const peer = await lab.peer(sut, "PAIR");
  const receiving = sut.receive();
  for (const word of ["0", "1", "2"]) await peer.send(word, "and more");
  assert.deepEqual(await receiving, ["0", "and more"]);
  await peer.settled();
  assert.deepEqual(await sut.drain(), ["1", "2"]);
});
