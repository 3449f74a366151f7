// SPDX-License-Identifier: MIT
/** What the runtime gives to a context: parts in Node's own type, transports, memory that goes round. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRuntime } from "../../../src/runtime/node.ts";

test("parts are Buffers, views of the same octets", () => {
  const octets = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const part = nodeRuntime.asPart(octets.subarray(2, 4));
  assert.ok(Buffer.isBuffer(part));
  assert.deepEqual([...part], [3, 4]);
  part[0] = 9;
  assert.equal(octets[2], 9);
  const buffer = Buffer.from("x");
  assert.equal(nodeRuntime.asPart(buffer), buffer);
  assert.deepEqual([...nodeRuntime.asPart(octets.buffer)], [1, 2, 9, 4, 5, 6, 7, 8]);
  assert.deepEqual([...nodeRuntime.asPart(new DataView(octets.buffer, 6))], [7, 8]);
  assert.deepEqual([...nodeRuntime.asPart(new Uint16Array(octets.buffer, 0, 1))], [1, 2]);
  const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(5);
  assert.deepEqual([...nodeRuntime.asPart(shared.buffer)], [5, 5, 5]);
});

test("texts are UTF-8, in Buffers", () => {
  const part = nodeRuntime.encodeText("zürich €");
  assert.ok(Buffer.isBuffer(part));
  assert.equal(part.toString(), "zürich €");
});

test("contexts get transports and names of their own", () => {
  assert.deepEqual(
    nodeRuntime.createTransports().map((each) => each.scheme),
    ["tcp", "ipc", "tls+tcp", "ws", "wss", "udp", "epgm", "pgm"],
  );
  assert.equal(nodeRuntime.createInproc().scheme, "inproc");
  assert.notEqual(nodeRuntime.createInproc(), nodeRuntime.createInproc());
});

test("slabs are as large as is asked for, go round, and few idle ones are kept", () => {
  const slabs = nodeRuntime.createSlabs();
  for (const least of [9, 4096, 4097, 16384, 65536, 98304, 200000]) {
    const slab = slabs.take(least);
    assert.ok(slab.length >= least);
    slabs.give(slab);
    if (least <= 98304) assert.equal(slabs.take(least), slab);
    const many = Array.from({ length: 100 }, () => slabs.take(least));
    assert.equal(new Set(many).size, 100);
    for (const each of many) slabs.give(each);
    const kept = Array.from({ length: 100 }, () => slabs.take(least)).filter((each) => many.includes(each));
    assert.ok(kept.length < 100);
  }
});

test("what is deferred runs after the code of now, and a turn comes after input and output", async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    nodeRuntime.clock.yieldTurn(() => {
      order.push("turn");
      resolve();
    });
    nodeRuntime.clock.defer(() => order.push("deferred"));
    order.push("now");
  });
  assert.deepEqual(order, ["now", "deferred", "turn"]);
});
