// SPDX-License-Identifier: MIT
/** The peers themselves: that all generate and digest alike, so that the other tests here can believe their digests. */
import assert from "node:assert/strict";
import test from "node:test";
import { summarize } from "../support/peers/corpus.ts";
import type { PeerKind } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { testMatrix } from "./matrix.ts";
import { scenarios } from "./scenarios.ts";

const corpus = {
  seed: 42,
  count: 20,
  shapes: [[0], [1, 255, 256], new Array<number>(1000).fill(3), [65520, 65521, 65522, 200000]],
};

for (const kind of ["c", "python", "zeromq.js", "jeromq", "zeromq-ts", "here"] satisfies PeerKind[]) {
  test(`the ${kind} peer makes the same messages from a seed and digests them alike`, async (t) => {
    const lack = missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer(kind);
    assert.deepEqual(await peer.digest(corpus), summarize(corpus));
  });
}

test("a peer says which command failed and why", async (t) => {
  const lack = missing("python");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("python");
  const socket = await peer.socket("pull");
  await assert.rejects(socket.bind("nonsense"), /python peer: bind s0 nonsense: error .*Invalid argument/);
});

test("a peer that is killed rejects what it was asked, and what it is asked afterwards", async (t) => {
  const lack = missing("python");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("python");
  const socket = await peer.socket("pull");
  const waiting = assert.rejects(socket.take(), /ended with signal SIGKILL/);
  await peer.kill();
  await waiting;
  await assert.rejects(socket.take(), /has ended with signal SIGKILL/);
});

// If these two disagree, the scenarios are at fault, not this library.
testMatrix("c", "python", scenarios, { transports: ["tcp"] });
