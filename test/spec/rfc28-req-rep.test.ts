// SPDX-License-Identifier: MIT
/** RFC 28, sentence by sentence: REQ and REP. The sentences are in `sentences/rfc28.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import { codeOf, type Sut } from "./implementation.ts";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import * as limits from "./limits.ts";
import type { Peer } from "./peers.ts";
import { WirePeer } from "./wire-peer.ts";

/** The code of what a call throws. */
async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return `no failure, but ${JSON.stringify(await call())}`;
  } catch (error) {
    return codeOf(error);
  }
}

/** One request and its reply, through a peer that sees the frames. */
async function exchange(sut: Sut, peer: Peer, request: string): Promise<void> {
  assert.ok(await sut.trySend(request));
  assert.deepEqual(await peer.receive(), ["", request]);
  await peer.send("", `re: ${request}`);
  assert.deepEqual(await sut.receive(), [`re: ${request}`]);
}

// ── REQ ──────────────────────────────────────────────────────────────────────────────────────────────────────────

clause("28/REQ/many-peers", async (lab) => {
  const sut = await lab.bound("REQ");
  const accepted = [await lab.peer(sut, "REP"), await lab.peer(sut, "ROUTER")];
  for (const peer of accepted) await exchange(sut, peer, "accepted");
  const connecting = lab.open("REQ");
  for (const type of ["REP", "ROUTER"] as const) {
    const place = await lab.place();
    connecting.api.connect(place.endpoint);
    await place.accept(connecting, type).then((peer) => exchange(connecting, peer, type));
    connecting.api.disconnect(place.endpoint);
  }
});

clause("28/REQ/one-at-a-time", async (lab) => {
  const sut = await lab.bound("REQ");
  const peer = await lab.peer(sut, "REP");
  assert.equal(await failure(() => sut.tryReceive()), "EFSM");
  assert.ok(await sut.trySend("request"));
  assert.equal(await failure(() => sut.trySend("second request")), "EFSM");
  assert.deepEqual(await peer.receive(), ["", "request"]);
  await peer.send("", "reply");
  await peer.send("", "second reply");
  assert.deepEqual(await sut.receive(), ["reply"]);
  assert.equal(await failure(() => sut.tryReceive()), "EFSM");
  await exchange(sut, peer, "next");
});

clause(
  "28/REQ/wire-format",
  async (lab) => {
    const sut = await lab.bound("REQ");
    const peer = await lab.peer(sut, "REP");
    assert.ok(peer instanceof WirePeer);
    await sut.send("one", "more");
    assert.equal((await peer.read(13)).toString("latin1"), "\x01\x00\x01\x03one\x00\x04more");
  },
  { over: ON_THE_WIRE },
);

clause("28/REQ/reply-format", async (lab) => {
  const sut = await lab.bound("REQ");
  const peer = await lab.peer(sut, "REP");
  await sut.send("request");
  await peer.receive();
  await peer.send("", "one", "", "more");
  assert.deepEqual(await sut.receive(), ["one", "", "more"]);
});

clause("28/REQ/prefix", async (lab) => {
  const sut = await lab.bound("REQ");
  const peer = await lab.peer(sut, "REP");
  await sut.send(...cases.PARTS);
  assert.deepEqual(await peer.receive(), ["", ...cases.PARTS]);
});

clause("28/REQ/round-robin", async (lab) => {
  const sut = await lab.bound("REQ");
  const peers = await lab.peers(sut, "REP", ["A", "B", "C"]);
  for (let i = 0; i < 9; i += 1) await exchange(sut, peers[i % 3] as Peer, `${i}`);
});

clause("28/REQ/block", cases.sendWaitsForPeer({ type: "REQ", peer: "REP" }, ""));

clause("28/REQ/keep", async (lab) => {
  const sut = lab.open("REQ");
  const place = await lab.place();
  sut.api.connect(place.endpoint);
  await sut.send("before the peer is there");
  const peer = await place.accept(sut, "REP");
  assert.deepEqual(await peer.receive(), ["", "before the peer is there"]);
  await peer.send("", "reply");
  assert.deepEqual(await sut.receive(), ["reply"]);
});

/** While the reply of one peer is awaited another one sends something that looks like it. */
async function stranger(lab: Lab): Promise<{ sut: Sut; asked: Peer; other: Peer }> {
  const sut = await lab.bound("REQ");
  const [asked, other] = [await lab.peer(sut, "ROUTER"), await lab.peer(sut, "ROUTER")];
  assert.ok(await sut.trySend("request"));
  assert.deepEqual(await asked.receive(), ["", "request"]);
  await other.send("", "not the reply");
  await other.settled();
  return { sut, asked, other };
}

clause("28/REQ/last-peer", async (lab) => {
  const { sut, asked } = await stranger(lab);
  assert.equal(await sut.tryReceive(), undefined);
  await asked.send("", "the reply");
  assert.deepEqual(await sut.receive(), ["the reply"]);
});

clause("28/REQ/strangers", async (lab) => {
  const { sut, asked, other } = await stranger(lab);
  await asked.send("", "the reply");
  assert.deepEqual(await sut.receive(), ["the reply"]);
  // The stranger is the next to be asked: what it sent before is gone, and it is a peer as good as any.
  await exchange(sut, other, "to the other");
});

// ── REP ──────────────────────────────────────────────────────────────────────────────────────────────────────────

clause("28/REP/many-peers", async (lab) => {
  const sut = await lab.bound("REP");
  for (const type of ["REQ", "DEALER", "REQ", "DEALER"] as const) {
    const peer = await lab.peer(sut, type);
    await peer.send("", type);
    assert.deepEqual(await sut.receive(), [type]);
    await sut.send("reply");
    assert.deepEqual(await peer.receive(), ["", "reply"]);
  }
});

clause("28/REP/verbatim", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "REQ");
  for (const parts of [cases.PARTS, ["z".repeat(70_000)], [""]]) {
    await peer.send("", ...parts);
    assert.deepEqual(await sut.receive(), parts);
    await sut.send(...parts);
    assert.deepEqual(await peer.receive(), ["", ...parts]);
  }
});

clause("28/REP/one-at-a-time", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "REQ");
  assert.equal(await failure(() => sut.trySend("no request")), "EFSM");
  await peer.send("", "request");
  assert.deepEqual(await sut.receive(), ["request"]);
  assert.equal(await failure(() => sut.tryReceive()), "EFSM");
  assert.ok(await sut.trySend("reply"));
  assert.equal(await failure(() => sut.trySend("second reply")), "EFSM");
  assert.deepEqual(await peer.receive(), ["", "reply"]);
});

clause("28/REP/wire-format", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "DEALER");
  for (const envelope of [[], ["a"], ["a", "b", "c"]]) {
    await peer.send(...envelope, "", "question", "", "more");
    assert.deepEqual(await sut.receive(), ["question", "", "more"]);
    await sut.send("answer", "", "more");
    assert.deepEqual(await peer.receive(), [...envelope, "", "answer", "", "more"]);
  }
});

clause("28/REP/fair-queue", cases.takesTurnsReceiving({ type: "REP", peer: "DEALER" }, ""));

clause("28/REP/strip-envelope", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "DEALER");
  await peer.send("hop 1", "\x00\x00\x00\x00\x01", "", "body");
  assert.deepEqual(await sut.receive(), ["body"]);
});

clause("28/REP/pass-on", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "DEALER");
  const receiving = sut.receive();
  await peer.send("hop", "", "", "body", "", "tail");
  assert.deepEqual(await receiving, ["", "body", "", "tail"]);
});

clause("28/REP/wait-reply", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "DEALER");
  await peer.send("1", "", "first");
  await peer.send("2", "", "second");
  await peer.settled();
  assert.deepEqual(await sut.receive(), ["first"]);
  assert.equal(sut.api.readable, false);
  assert.equal(await failure(() => sut.tryReceive()), "EFSM");
  await sut.send("re: first");
  assert.deepEqual(await peer.receive(), ["1", "", "re: first"]);
  assert.deepEqual(await sut.receive(), ["second"]);
});

clause("28/REP/prepend-envelope", async (lab) => {
  const sut = await lab.bound("REP");
  const peer = await lab.peer(sut, "DEALER");
  await peer.send("hop 1", "hop 2", "", "request");
  await sut.receive();
  await sut.send("", "reply");
  assert.deepEqual(await peer.receive(), ["hop 1", "hop 2", "", "", "reply"]);
});

clause("28/REP/to-origin", async (lab) => {
  const sut = await lab.bound("REP");
  const peers = await lab.peers(sut, "REQ", ["A", "B", "C"]);
  for (const i of [2, 0, 1]) {
    const peer = peers[i] as Peer;
    await peer.send("", `question ${i}`);
    assert.deepEqual(await sut.receive(), [`question ${i}`]);
    await sut.send(`answer ${i}`);
    assert.deepEqual(await peer.receive(), ["", `answer ${i}`]);
  }
});

clause("28/REP/origin-gone", async (lab) => {
  const sut = await lab.bound("REP");
  const gone = await lab.peer(sut, "REQ");
  await gone.send("", "and away");
  assert.deepEqual(await sut.receive(), ["and away"]);
  await lab.leave(sut, gone);
  assert.equal(await sut.trySend("to nobody"), true);
  const next = await lab.peer(sut, "REQ");
  await next.send("", "next");
  assert.deepEqual(await sut.receive(), ["next"]);
  await sut.send("to the next");
  assert.deepEqual(await next.receive(), ["", "to the next"]);
});

clause("28/REP/no-block", async (lab) => {
  const sut = await lab.bound("REP", { sendHighWaterMark: 1 });
  const peer = await lab.peer(sut, "DEALER", { highWaterMark: 1 });
  for (let i = 0; i < 30; i += 1) await peer.send("", `${i}`);
  await peer.settled();
  peer.pause();
  for (let i = 0; i < 30; i += 1) {
    assert.deepEqual(await sut.receive(), [`${i}`]);
    assert.equal(await sut.trySend(limits.bulky(lab)), true);
  }
});
