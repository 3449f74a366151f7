// SPDX-License-Identifier: MIT
/**
 * Thousands of connections in one process: each exchanges messages, a message costs about as much as with few, and one
 * that is idle has neither timer nor work, and little memory.
 */
import assert from "node:assert/strict";
import { execSync } from "node:child_process";
import { Socket as NetSocket } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, memoryInUse, openHandles } from "../support/leaks.ts";
import { bound, withSockets } from "../support/sockets.ts";
import { Servant } from "./wire.ts";

const FEW = 50;
/** Requests in each measurement. */
const REQUESTS = 10_000;

/** Connections that both processes may have: 5000, or what the system allows. */
function many(): number {
  const allowed = process.platform === "win32" ? Number.POSITIVE_INFINITY : Number(execSync("ulimit -Hn").toString());
  return Number.isNaN(allowed) ? 5000 : Math.min(5000, allowed - 200);
}

/** Counts what costs: writes to the system, chunks from it, and timers, both begun and still to come. */
class Meter {
  readonly counts = { writes: 0, chunks: 0, timers: 0 };
  readonly pending: Set<unknown> = new Set();
  private readonly restore: () => void;

  constructor() {
    const { write, emit } = NetSocket.prototype;
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    const { counts } = this;
    NetSocket.prototype.write = function (this: NetSocket, ...values: unknown[]): boolean {
      counts.writes += 1;
      return Reflect.apply(write, this, values) as boolean;
    };
    NetSocket.prototype.emit = function (this: NetSocket, name: string, ...values: unknown[]): boolean {
      if (name === "data") counts.chunks += 1;
      return Reflect.apply(emit, this, [name, ...values]) as boolean;
    };
    globalThis.setTimeout = ((callback: () => void, delay: number) => {
      counts.timers += 1;
      const timer = set(() => {
        this.pending.delete(timer);
        callback();
      }, delay);
      this.pending.add(timer);
      return timer;
    }) as typeof setTimeout;
    globalThis.clearTimeout = ((timer: NodeJS.Timeout) => {
      this.pending.delete(timer);
      clear(timer);
    }) as typeof clearTimeout;
    this.restore = () => {
      NetSocket.prototype.write = write;
      NetSocket.prototype.emit = emit;
      globalThis.setTimeout = set;
      globalThis.clearTimeout = clear;
    };
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}

test("5000 connections, each with something to say", { timeout: 100_000 }, async (t) => {
  using meter = new Meter();
  const most = many();
  const program = fileURLToPath(new URL("./main.ts", import.meta.url));
  const crowd = new Servant("crowd", {
    program: process.execPath,
    arguments: ["--import", import.meta.resolve("tsx"), program, "--role", "crowd"],
  });
  try {
    await withSockets(async (open) => {
      const router = open("router");
      const endpoint = await bound(router);
      let answered = 0;
      const answering = (async () => {
        for await (const message of router) {
          assert.equal(router.trySend(message), true);
          answered += 1;
        }
      })();

      /** Lets `count` clients ask; gives what a request costs in microseconds of this process, and in operations. */
      const measure = async (count: number): Promise<{ cost: number; writes: number; chunks: number }> => {
        await crowd.call("grow", { endpoint, count });
        await crowd.call("exchange", 2);
        const [before, writes, chunks, timers] = [
          answered,
          meter.counts.writes,
          meter.counts.chunks,
          meter.counts.timers,
        ];
        const [start, began] = [process.cpuUsage(), performance.now()];
        const each = Math.ceil(REQUESTS / count);
        assert.deepEqual(await crowd.call("exchange", each), []);
        const { user, system } = process.cpuUsage(start);
        assert.equal(answered - before, each * count, "each request was answered, once");
        // What holds the process alive looks every 5 ms whether it still has to; nothing is for a message or a connection.
        const allowed = (performance.now() - began) / 4 + 5;
        assert.ok(meter.counts.timers - timers <= allowed, `${meter.counts.timers - timers} timers, not ${allowed}`);
        const requests = each * count;
        return {
          cost: (user + system) / requests,
          writes: (meter.counts.writes - writes) / requests,
          chunks: (meter.counts.chunks - chunks) / requests,
        };
      };

      const withFew = await measure(FEW);
      const before = await memoryInUse();
      const withMany = await measure(most);
      const memory = ((await memoryInUse()) - before) / (most - FEW);

      // One write and one read for each request, or fewer, whatever the number of connections.
      for (const { writes, chunks } of [withFew, withMany]) assert.ok(writes <= 1.01 && chunks <= 1.01);
      assert.ok(memory < 16_384, `${memory} octets for each connection`);
      // Twice is the aim; the rest is for a machine that has other things to do.
      assert.ok(withMany.cost < 5 * withFew.cost, `${withFew.cost} µs a request with few, ${withMany.cost} with many`);

      assert.ok((openHandles().TCPSocketWrap ?? 0) <= 1, "connections do not keep the process alive");
      await eventually("an idle connection has no timer", () => meter.pending.size === 0);
      const [writes, chunks, timers] = [meter.counts.writes, meter.counts.chunks, meter.counts.timers];
      const start = process.cpuUsage();
      await crowd.call("exchange", 0);
      const { user, system } = process.cpuUsage(start);
      assert.deepEqual([meter.counts.writes - writes, meter.counts.chunks - chunks], [1, 1], "only the call itself");
      assert.equal(meter.counts.timers - timers, 1);
      t.diagnostic(
        `${most} connections: ${memory.toFixed(0)} octets each; a request costs ${withMany.cost.toFixed(1)} µs, ` +
          `with ${FEW} ${withFew.cost.toFixed(1)}; ${withMany.writes.toFixed(2)} writes and ${withMany.chunks.toFixed(2)} reads; ` +
          `a moment of idling ${user + system} µs`,
      );
      await router.close();
      await answering;
    });
  } finally {
    assert.equal(await crowd.end(), "exit code 0");
  }
});
