// SPDX-License-Identifier: MIT
/** Fast senders and slow receivers: memory stays at the marks, and everything arrives in the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryInUse } from "../support/leaks.ts";
import { bound, join, receiveTexts, turns, withSockets } from "../support/sockets.ts";

test("a fast sender with a stalled receiver holds memory at the marks", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 20 });
    const pull = open("pull", { receiveHighWaterMark: 20 });
    await join(pull, push);
    const before = await memoryInUse();
    let sent = 0;
    const sending = (async () => {
      for (; sent < 2000; sent += 1) await push.send(Buffer.alloc(100_000, sent));
    })();
    for (let quiet = 0, last = -1; quiet < 20; await turns(5)) {
      if (sent === last) quiet += 1;
      else quiet = 0;
      last = sent;
    }
    assert.ok(sent < 500, `${sent} messages found room`);
    const grown = (await memoryInUse()) - before;
    // Two marks of 20 messages; the rest is in the system's buffers and in what is being encoded and decoded.
    assert.ok(grown < 20_000_000, `${grown} octets are held`);
    for (let i = 0; i < 2000; i += 1) {
      const [part] = await pull.receive({ timeout: 5000 });
      assert.deepEqual([part?.length, part?.[0]], [100_000, i & 255]);
    }
    await sending;
  }),
);

test("a publisher drops for the subscriber that does not read, and for nobody else", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const xpub = open("xpub", { sendHighWaterMark: 10 });
    const endpoint = await bound(xpub);
    const [slow, quick] = [open("sub", { receiveHighWaterMark: 10 }), open("sub", { receiveHighWaterMark: 10 })];
    for (const sub of [slow, quick]) {
      sub.subscribe(sub === slow ? "" : "x");
      sub.connect(endpoint);
      await xpub.receive({ timeout: 2000 });
    }
    const before = await memoryInUse();
    for (let i = 0; i < 1000; i += 1) {
      await xpub.send(["x", String(i), Buffer.alloc(50_000)]);
      assert.equal((await receiveTexts(quick))[1], String(i));
    }
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 20_000_000, `${grown} octets are held for the slow one`);
    let received = 0;
    while (slow.tryReceive() !== undefined) {
      received += 1;
      await turns(2);
    }
    assert.ok(received < 1000);
  }),
);

test("small parts of large chunks do not keep the chunks", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 0 });
    const pull = open("pull", { receiveHighWaterMark: 0 });
    await join(pull, push);
    const before = await memoryInUse();
    const kept: Buffer[] = [];
    for (let round = 0; round < 200; round += 1) {
      // One small message to keep among large ones that are dropped.
      await push.sendBatch([Buffer.alloc(60_000), "small", Buffer.alloc(60_000)]);
      for (let i = 0; i < 3; i += 1) {
        const [part] = await pull.receive({ timeout: 5000 });
        if (part?.length === 5) kept.push(part);
      }
    }
    assert.equal(kept.length, 200);
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 4_000_000, `200 messages of 5 octets keep ${grown}`);
  }),
);

test("tens of thousands of receives that are given up leave nothing behind", { timeout: 60_000 }, () =>
  withSockets(async (open) => {
    const pull = open("pull");
    await bound(pull);
    const controller = new AbortController();
    const round = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1000) {
        const all: Promise<unknown>[] = [];
        for (let k = 0; k < 1000; k += 1) {
          const own = new AbortController();
          all.push(pull.receive({ signal: own.signal }).catch(() => {}));
          if (k % 2 === 0) all.push(pull.receive({ timeout: 1, signal: controller.signal }).catch(() => {}));
          own.abort();
        }
        await Promise.all(all);
      }
    };
    await round(5000);
    const before = await memoryInUse();
    await round(30_000);
    const grown = (await memoryInUse()) - before;
    assert.ok(grown < 1_000_000, `${grown} octets were left behind`);
  }),
);

test(
  "a hundred thousand messages over a socket that reconnects all the while come in order, with gaps at most",
  { timeout: 60_000 },
  () =>
    withSockets(async (open) => {
      const pull = open("pull");
      const endpoint = await bound(pull);
      const push = open("push", { reconnectInterval: 1 });
      push.connect(endpoint);
      let isDone = false;
      // More than a hundred thousand: the last of them may be on a connection that is broken.
      const sending = (async () => {
        for (let i = 0; !isDone; i += 1) await push.send(String(i), { timeout: 5000 });
      })();
      const breaking = (async () => {
        for (let i = 0; i < 20 && !isDone; i += 1) {
          await turns(20);
          await pull.unbind(endpoint);
          await pull.bind(endpoint);
        }
      })();
      let last = -1;
      let received = 0;
      while (last < 99_999) {
        const [text] = await receiveTexts(pull);
        const number = Number(text);
        assert.ok(number > last, `${number} after ${last}`);
        last = number;
        received += 1;
      }
      isDone = true;
      while (pull.tryReceive() !== undefined);
      await Promise.all([sending, breaking]);
      // Each lost connection may take along all that the system held for it.
      assert.ok(received > 1000, `${received} arrived`);
    }),
);
