// SPDX-License-Identifier: MIT
/** Large messages to and from the other implementations, compared by content: single parts and many, over tcp and ipc. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { type Corpus, type Summary, summarize } from "../support/peers/corpus.ts";
import type { Peer, PeerKind } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

const mebi = 2 ** 20;

const corpora: Readonly<Record<string, Corpus>> = {
  "messages of 1 MiB": { seed: 11, count: 20, shapes: [[mebi], [mebi - 1], [mebi + 1]] },
  "a message of 64 MiB": { seed: 12, count: 1, shapes: [[64 * mebi]] },
  "a message of 64 parts of 1 MiB between empty ones": {
    seed: 13,
    count: 1,
    shapes: [[0, ...new Array<number>(64).fill(mebi), 0]],
  },
  "a message of 256 MiB": { seed: 14, count: 1, shapes: [[256 * mebi]] },
};

/** Hashing takes a while; each corpus is needed many times. */
const summaries = new Map<Corpus, Summary>();

function expected(corpus: Corpus): Summary {
  const summary = summaries.get(corpus) ?? summarize(corpus);
  summaries.set(corpus, summary);
  return summary;
}

async function transfer(from: Peer, to: Peer, corpus: Corpus, endpoint: string): Promise<void> {
  await using pull = await to.socket("pull");
  await using push = await from.socket("push");
  await push.connect(await pull.bind(endpoint));
  const [, got] = await Promise.all([push.send(corpus), pull.receive(corpus.count)]);
  assert.deepEqual(got, expected(corpus));
}

const plan: readonly { kind: PeerKind; transport: "tcp" | "ipc"; what: readonly string[] }[] = [
  { kind: "c", transport: "tcp", what: Object.keys(corpora) },
  { kind: "c", transport: "ipc", what: ["messages of 1 MiB", "a message of 64 MiB"] },
  { kind: "python", transport: "tcp", what: Object.keys(corpora) },
  { kind: "zeromq.js", transport: "tcp", what: ["messages of 1 MiB", "a message of 64 MiB"] },
  { kind: "jeromq", transport: "tcp", what: ["messages of 1 MiB", "a message of 64 MiB"] },
  { kind: "zeromq-ts", transport: "ipc", what: Object.keys(corpora) },
];

for (const { kind, transport, what } of plan) {
  test(`large messages go to and come from the ${kind} peer over ${transport}`, async (t) => {
    const lack = missing("here") ?? missing(kind);
    if (lack !== undefined) return t.skip(lack);
    const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-"));
    try {
      await using ours = await startPeer("here");
      await using peer = await startPeer(kind);
      let number = 0;
      for (const name of what) {
        for (const [way, from, to] of [
          ["goes to", ours, peer],
          ["comes from", peer, ours],
        ] as const) {
          const corpus = corpora[name];
          assert.ok(corpus !== undefined);
          const endpoint = transport === "tcp" ? "tcp://127.0.0.1:0" : `ipc://${join(folder, `${number++}`)}`;
          await t.test(`${name} ${way} ${kind} over ${transport}`, { timeout: 60000 }, () =>
            transfer(from, to, corpus, endpoint),
          );
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
