// SPDX-License-Identifier: MIT
/** The siege in short: two thousand connections that never come to an end, and bad handshakes by the hundred, while good clients are served. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hardened } from "../../src/index.ts";
import type { FortReport } from "./fort.ts";
import { laySiege } from "./siege.ts";

const plan = { slow: 2000, pause: 1000, flood: 50, rate: 500, lasts: 2000 };
const patience = { timeout: 60_000 };
const MEGABYTE = 1e6;

/** Everybody has gone, and left nothing behind. */
function assertLevel(calm: FortReport, after: FortReport): void {
  assert.deepEqual(
    [after.descriptors, after.peers, after.handshakes],
    [calm.descriptors, calm.peers, 0],
    "descriptors, peers and handshakes afterwards",
  );
  const grown = after.heap + after.buffers - calm.heap - calm.buffers;
  assert.ok(grown < 8 * MEGABYTE, `${grown} octets were left behind`);
}

test("with the library's defaults good clients are served, and memory is bounded", patience, async (t) => {
  const { before, during, newcomers, calm, height, after, besieger } = await laySiege({
    ...plan,
    fort: { isHardened: false, options: {} },
  });
  t.diagnostic(JSON.stringify({ before, during, newcomers, height, besieger }));
  assert.ok(besieger.slowNow + besieger.slowEnded >= 1500, `${besieger.slowNow} slow connections`);
  assert.ok(besieger.flooded >= 200, `${besieger.flooded} bad handshakes`);
  assert.ok(during.count >= 50 && newcomers.count >= 1);
  assert.ok(during.most < 5000, `an answer took ${during.most} ms`);
  assert.ok(height.heap + height.buffers - calm.heap - calm.buffers < 120 * MEGABYTE, `${height.heap} octets of heap`);
  assert.ok(height.resident - calm.resident < 200 * MEGABYTE, `${height.resident} octets resident`);
  assertLevel(calm, after);
});

test("hardened: they do not even come in, and who is new still does", patience, async (t) => {
  const { during, newcomers, calm, height, after, besieger } = await laySiege({
    ...plan,
    fort: { isHardened: true, options: {} },
  });
  t.diagnostic(JSON.stringify({ during, newcomers, height, besieger }));
  assert.ok(during.count >= 50 && newcomers.count >= 1);
  assert.ok(during.most < 5000, `an answer took ${during.most} ms`);
  const { maxHandshakes, maxConnections, maxConnectionsPerAddress } = hardened;
  assert.ok(height.handshakes <= maxHandshakes, `${height.handshakes} handshakes`);
  assert.ok(height.peers <= maxConnections, `${height.peers} peers`);
  assert.ok((height.limitsPassed.maxConnectionsPerAddress ?? 0) > 2000 - 8 * maxConnectionsPerAddress);
  assert.ok(height.heap + height.buffers - calm.heap - calm.buffers < 80 * MEGABYTE, `${height.heap} octets of heap`);
  assertLevel(calm, after);
});
