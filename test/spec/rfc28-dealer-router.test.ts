// SPDX-License-Identifier: MIT
/** RFC 28, sentence by sentence: DEALER and ROUTER. The sentences are in `sentences/rfc28.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import { clause } from "./laboratory.ts";
import * as limits from "./limits.ts";
import type { Peer } from "./peers.ts";

// ── DEALER ───────────────────────────────────────────────────────────────────────────────────────────────────────

const dealer: cases.Case = { type: "DEALER", peer: "DEALER" };

clause("28/DEALER/many-peers", async (lab) => {
  const sut = await lab.bound("DEALER");
  const peers: Peer[] = [];
  for (const type of ["REP", "ROUTER", "DEALER"] as const) peers.push(await lab.peer(sut, type));
  for (const peer of peers) {
    await sut.send("to each");
    assert.deepEqual(await peer.receive(), ["to each"]);
    await peer.send("from each");
    assert.deepEqual(await sut.receive(), ["from each"]);
  }
});

clause("28/DEALER/verbatim", async (lab) => {
  await cases.sendsVerbatim(dealer)(lab);
  await cases.receivesVerbatim(dealer)(lab);
});

clause("28/DEALER/double-queue", limits.queuesAreIndependent(dealer));
clause("28/DEALER/queue-connecting", cases.queuesWhileConnecting(dealer));
clause("28/DEALER/queue-accepting", cases.queuesWhenAccepting(dealer));
clause("28/DEALER/queue-destroyed", limits.queueGoesWithPeer(dealer));

clause("28/DEALER/limits", async (lab) => {
  await limits.limitsOutgoing(dealer)(lab);
  await limits.limitsIncoming(dealer)(lab);
});

clause("28/DEALER/available", limits.passesOverFullPeers(dealer));
clause("28/DEALER/round-robin", cases.takesTurnsSending(dealer));
clause("28/DEALER/block", cases.sendWaitsForPeer(dealer));
clause("28/DEALER/refuse", cases.refusesWithoutPeer(dealer));
clause("28/DEALER/keep", cases.keepsWhatDoesNotFit(dealer));
clause("28/DEALER/fair-queue", cases.takesTurnsReceiving(dealer));

clause("28/DEALER/deliver", async (lab) => {
  const sut = await lab.bound("DEALER");
  const peer = await lab.peer(sut, "ROUTER");
  const receiving = sut.receive();
  await peer.send("", "to one that waits");
  assert.deepEqual(await receiving, ["", "to one that waits"]);
});

// ── ROUTER ───────────────────────────────────────────────────────────────────────────────────────────────────────

const router: cases.Case = {
  type: "ROUTER",
  peer: "DEALER",
  options: { mandatory: true },
  prefix: ["P"],
  identity: "P",
};

clause("28/ROUTER/many-peers", async (lab) => {
  const sut = await lab.bound("ROUTER");
  for (const type of ["REQ", "DEALER", "ROUTER"] as const) {
    const peer = await lab.peer(sut, type, { identity: type });
    await peer.send("from each");
    assert.deepEqual(await sut.receive(), [type, "from each"]);
    await sut.send(type, "to each");
    assert.deepEqual(await peer.receive(), ["to each"]);
  }
});

clause("28/ROUTER/double-queue", limits.queuesAreIndependent(router));
clause("28/ROUTER/queue-connecting", cases.queuesWhileConnecting(router));
clause("28/ROUTER/queue-accepting", cases.queuesWhenAccepting(router));
clause("28/ROUTER/queue-destroyed", limits.queueGoesWithPeer(router));

clause("28/ROUTER/unique-identity", async (lab) => {
  const sut = await lab.bound("ROUTER");
  const [one, two] = [await lab.peer(sut, "DEALER"), await lab.peer(sut, "DEALER")];
  const identities: string[] = [];
  for (const peer of [one, two]) {
    await peer.send("who am I");
    const [identity = ""] = await sut.receive();
    assert.match(identity, /^\0[^]{4}$/);
    identities.push(identity);
  }
  assert.notEqual(identities[0], identities[1]);
  for (const [i, peer] of [one, two].entries()) {
    await sut.send(identities[i] ?? "", `you are ${i}`);
    assert.deepEqual(await peer.receive(), [`you are ${i}`]);
  }
  // An identity that somebody has is not given to a second peer.
  const named = await lab.peer(sut, "DEALER", { identity: "taken" });
  await lab.peer(sut, "DEALER", { identity: "taken" });
  await sut.send("taken", "to the first");
  assert.deepEqual(await named.receive(), ["to the first"]);
});

clause("28/ROUTER/explicit-identity", async (lab) => {
  const sut = await lab.bound("ROUTER");
  for (const identity of ["a", "\x01\x7f\x00", "z".repeat(255)]) {
    const peer = await lab.peer(sut, "DEALER", { identity });
    await peer.send("hello");
    assert.deepEqual(await sut.receive(), [identity, "hello"]);
  }
});

clause("28/ROUTER/limits", async (lab) => {
  await limits.limitsOutgoing(router)(lab);
  await limits.limitsIncoming(router)(lab);
});

clause("28/ROUTER/fair-queue", cases.takesTurnsReceiving(router));

clause("28/ROUTER/prefix-identity", async (lab) => {
  const sut = await lab.bound("ROUTER");
  const peers = await lab.peers(sut, "DEALER", ["A", "B", "C"]);
  for (const i of [1, 2, 0, 1]) {
    await peers[i]?.send("", "x");
    assert.deepEqual(await sut.receive(), ["ABC"[i], "", "x"]);
  }
});

clause("28/ROUTER/deliver", async (lab) => {
  const sut = await lab.bound("ROUTER");
  const peer = await lab.peer(sut, "DEALER", { identity: "P" });
  for (const parts of [cases.PARTS, ["z".repeat(70_000)], [""]]) {
    await peer.send(...parts);
    assert.deepEqual(await sut.receive(), ["P", ...parts]);
  }
});

clause("28/ROUTER/remove-identity", async (lab) => {
  const sut = await lab.bound("ROUTER");
  const peer = await lab.peer(sut, "DEALER", { identity: "P" });
  for (const parts of [cases.PARTS, ["P"], [""]]) {
    await sut.send("P", ...parts);
    assert.deepEqual(await peer.receive(), parts);
  }
});

clause("28/ROUTER/route", async (lab) => {
  const sut = await lab.bound("ROUTER");
  const peers = await lab.peers(sut, "DEALER", ["A", "B", "C"]);
  for (const i of [2, 0, 2, 1]) await sut.send("ABC"[i] ?? "", `to ${i}`);
  assert.deepEqual(await peers[0]?.receive(), ["to 0"]);
  assert.deepEqual(await peers[1]?.receive(), ["to 1"]);
  assert.deepEqual([await peers[2]?.receive(), await peers[2]?.receive()], [["to 2"], ["to 2"]]);
});

clause("28/ROUTER/no-queue", async (lab) => {
  const dropping = await lab.bound("ROUTER");
  const peer = await lab.peer(dropping, "DEALER", { identity: "P" });
  assert.equal(await dropping.trySend("nobody", "dropped"), true);
  await dropping.send("P", "routed");
  assert.deepEqual(await peer.receive(), ["routed"]);
  const failing = await lab.bound("ROUTER", { mandatory: true });
  assert.equal(await cases.sendCode(failing, "nobody", "refused"), "EHOSTUNREACH");
});

clause("28/ROUTER/full-queue", async (lab) => {
  for (const mandatory of [false, true]) {
    const sut = lab.open("ROUTER", { mandatory, sendHighWaterMark: 2 });
    const place = await lab.place();
    sut.api.connect(place.endpoint, { routingId: "P" });
    for (let i = 0; i < 2; i += 1) assert.equal(await sut.trySend("P", `${i}`), true);
    assert.equal(await cases.sendCode(sut, "P", "too many"), !mandatory);
    const peer = await place.accept(sut, "DEALER");
    for (let i = 0; i < 2; i += 1) assert.deepEqual(await peer.receive(), [`${i}`]);
    await sut.send("P", "room again");
    assert.deepEqual(await peer.receive(), ["room again"]);
  }
});

clause("28/ROUTER/no-block", async (lab) => {
  const sut = await lab.bound("ROUTER", { sendHighWaterMark: 1 });
  const [stalled, lively] = [
    await lab.peer(sut, "DEALER", { identity: "stalled", highWaterMark: 1 }),
    await lab.peer(sut, "DEALER", { identity: "lively" }),
  ];
  stalled.pause();
  const body = limits.bulky(lab);
  for (let i = 0; i < 30; i += 1) assert.equal(await sut.trySend("stalled", body), true);
  await sut.send("lively", "goes on");
  assert.deepEqual(await lively.receive(), ["goes on"]);
});
