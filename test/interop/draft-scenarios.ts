// SPDX-License-Identifier: MIT
/**
 * Conversations of the types whose messages have one part (RFC 41, 48, 49, 51, 52), as `scenarios.ts` has them for the others.
 * A routing id or a group is a part before the message here, as `support/peers/addressed-socket.ts` turns it.
 */
import assert from "node:assert/strict";
import { type Corpus, summarize } from "../support/peers/corpus.ts";
import type { PeerSocket } from "../support/peers/peer.ts";
import type { Scenario } from "./scenarios.ts";

/** Sizes around the seams of the frame formats (RFC 37). */
const corpus: Corpus = {
  seed: 9,
  count: 9,
  shapes: [[0], [1], [254], [255], [256], [8192], [65535], [65536], [300000]],
};

/** A word that tells that a JOIN has come; sent until it arrives. */
const JOINED = "?joined";

async function untilJoined(radio: PeerSocket, dish: PeerSocket): Promise<void> {
  const arrival = new AbortController();
  const arrive = async (): Promise<void> => {
    try {
      await dish.take();
    } finally {
      arrival.abort();
    }
  };
  const keepSaying = async (): Promise<void> => {
    while (!arrival.signal.aborted) {
      await radio.put(JOINED, "");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await Promise.all([arrive(), keepSaying()]);
}

/** The next message that does not only tell of the JOIN. */
async function takeText(dish: PeerSocket): Promise<string[]> {
  for (;;) {
    const message = (await dish.take()).map((part) => part.toString());
    if (message[0] !== JOINED) return message;
  }
}

/** Each legal pair of these types. DGRAM speaks no ZMTP. */
export const draftScenarios: readonly Scenario[] = [
  {
    left: "client",
    right: "server",
    talk: async (left, right) => {
      const [answers] = await Promise.all([left.exchange(corpus), right.echo(corpus.count)]);
      assert.deepEqual(answers, summarize(corpus));
    },
  },
  {
    left: "scatter",
    right: "gather",
    talk: async (left, right) => {
      const [, summary] = await Promise.all([left.send(corpus), right.receive(corpus.count)]);
      assert.deepEqual(summary, summarize(corpus));
    },
  },
  {
    left: "channel",
    right: "channel",
    talk: async (left, right) => {
      await Promise.all([left.send(corpus), right.send(corpus)]);
      const received = await Promise.all([left.receive(corpus.count), right.receive(corpus.count)]);
      assert.deepEqual(received, [summarize(corpus), summarize(corpus)]);
    },
  },
  {
    left: "radio",
    right: "dish",
    prepare: async (_radio, dish) => {
      await dish.join("before");
    },
    talk: async (radio, dish) => {
      await dish.join("g");
      await dish.join(JOINED);
      await untilJoined(radio, dish);
      await dish.leave(JOINED);
      await radio.put("g2", "nobody wants this");
      await radio.put("", "nobody wants this");
      await radio.put("before", "1");
      assert.deepEqual(await takeText(dish), ["before", "1"]);
      await radio.send(corpus, "g");
      assert.deepEqual(await dish.receive(corpus.count, 1), summarize(corpus));
      await dish.leave("before");
      await radio.put("before", "nobody wants this any more");
      await radio.put("g", "2");
      assert.deepEqual(await takeText(dish), ["g", "2"]);
    },
  },
];
