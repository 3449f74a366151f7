// SPDX-License-Identifier: MIT
/** Limits in octets at the ends of a pipe. Marks in messages, and what is counted, are in `local-pipe.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import type { PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets, show } from "../../support/pattern-host.ts";

function pair(
  limit: number,
  keeps?: (near: LocalPipe) => void,
): { near: LocalPipe; far: LocalPipe; woken: () => number } {
  const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
  let count = 0;
  const owner: Partial<PipeOwner> = {
    readActivated() {},
    closing() {},
    writeActivated() {
      count += 1;
    },
  };
  near.owner = owner as PipeOwner;
  far.owner = owner as PipeOwner;
  near.setOctetLimits(-1, limit);
  keeps?.(near);
  return { near, far, woken: () => count };
}

test("a message is taken while fewer octets wait, and the writer is woken when half of them are left", () => {
  const { near, far, woken } = pair(10);
  for (const size of [4, 4, 100]) assert.equal(near.write([octets("x".repeat(size))]), true);
  assert.equal(near.write([octets("")]), false);
  far.read();
  far.read();
  assert.equal(woken(), 0);
  assert.equal(near.checkWrite(), false);
  far.read();
  assert.equal(woken(), 1);
  assert.equal(near.write([octets("x")]), true);
});

test("both sides' limits add up, and one without a limit lifts the other's", () => {
  const { near, far } = pair(10);
  far.setOctetLimits(5, -1);
  assert.equal(near.write([octets("x".repeat(14))]), true);
  assert.equal(near.write([octets("x")]), true);
  assert.equal(near.write([octets("x")]), false);
  far.setOctetLimits(0, -1);
  assert.equal(near.write([octets("x".repeat(1000))]), true);
});

test("with a limit, or where messages take each other's place, nothing is announced and no run is taken", () => {
  assert.equal(pair(10).near.canAnnounce, false);
  const [plain] = createPipePair({ inbound: 0, outbound: 0 });
  assert.equal(plain.canAnnounce, true);
  plain.keepLastOf({ keyOf: () => "k" });
  assert.equal(plain.canAnnounce, false);
});

test("what takes another's place weighs in its stead; keeping the last only needs no limit", () => {
  const { near, far } = pair(10, (end) => end.keepLastOf({ keyOf: ([first]) => String((first as Uint8Array)[0]) }));
  assert.equal(near.write([octets("a234567890")]), true);
  assert.equal(near.write([octets("b")]), false);
  assert.equal(near.write([octets("a")]), true);
  assert.equal(near.write([octets("b")]), true);
  assert.deepEqual([show(far.read()), show(far.read()), far.read()], [["a"], ["b"], undefined]);
  assert.deepEqual([near.replaced, near.sent], [1, 3]);
  const last = pair(1, (end) => end.keepLastOnly());
  for (const size of [5, 6, 7]) assert.equal(last.near.write([octets("x".repeat(size))]), true);
});

test("what is taken back, or discarded, weighs nothing any more", () => {
  const { near, far } = pair(3);
  const message = [octets("xyz")];
  assert.equal(near.write(message), true);
  assert.equal(near.checkWrite(), false);
  assert.equal(near.retract(message), true);
  assert.equal(near.write([octets("xyz")]), true);
  far.discard();
  assert.deepEqual([near.checkWrite(), near.lost], [true, 1]);
});
