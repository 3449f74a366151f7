// SPDX-License-Identifier: MIT
/**
 * This library over epgm, for suite "epgm". The publisher sends until it is released; messages carry their number, so that the
 * subscriber, who ends after so many or when nothing comes any more, can tell what it lost. Neighbours: tool.ts, libzmq-epgm.c.
 */
import { once } from "node:events";
import { Publisher, Subscriber } from "../../src/index.ts";
import { checkSize, report, reportReady, runRole, type ToolArguments } from "./tool.ts";

/** Messages without a look at what else there is to do. */
const BURST = 100;
/** Milliseconds of silence after which nothing is expected to come. */
const SILENCE = 2_000;
/** Milliseconds that what was sent is kept for repairs. */
const RECOVERY = 1_000;

const optionsOf = ({ more: [rate] }: ToolArguments): { rate: number; recoveryInterval: number } => ({
  rate: Number(rate),
  recoveryInterval: RECOVERY,
});

async function publish(options: ToolArguments): Promise<void> {
  const publisher = new Publisher({ ...optionsOf(options), noDrop: true, linger: 0 });
  await publisher.bind(options.endpoint);
  let isReleased = false;
  process.stdin.resume();
  void once(process.stdin, "end").then(() => {
    isReleased = true;
  });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let sent = 0;
  while (!isReleased) {
    let room = BURST;
    for (; room > 0; room -= 1) {
      const message = Buffer.allocUnsafe(Math.max(8, options.size));
      message.writeDoubleLE(sent, 0);
      if (!publisher.trySend(message)) break;
      sent += 1;
    }
    // Only what waits for a network lets standard input be heard.
    if (room > 0) await publisher.whenWritable();
    else await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(cpu);
  report({ messages: sent, seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 });
  await publisher.close();
}

async function subscribe(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const subscriber = new Subscriber(optionsOf(options));
  subscriber.subscribe("");
  await subscriber.bind(endpoint);
  reportReady(endpoint);
  let [received, first, last, start, end, cpu] = [0, 0, 0, 0, 0, process.cpuUsage()];
  while (received < warmUp + count) {
    let messages: Awaited<ReturnType<Subscriber["receiveBatch"]>>;
    try {
      messages = await subscriber.receiveBatch();
    } catch (error) {
      if ((error as { code?: string }).code === "EAGAIN" && received > warmUp) break;
      throw error;
    }
    const before = received;
    for (const [part] of messages) {
      checkSize(part?.length ?? -1, Math.max(8, size));
      last = (part as Buffer).readDoubleLE(0);
    }
    received += messages.length;
    end = performance.now();
    if (before < warmUp && received >= warmUp) {
      subscriber.receiveTimeout = SILENCE;
      [first, start, cpu] = [last, end, process.cpuUsage()];
      received = warmUp;
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const messages = received - warmUp;
  report({
    messages,
    seconds: (end - start) / 1e3,
    cpuSeconds: (user + system) / 1e6,
    lost: Math.max(0, 1 - messages / (last - first)),
  });
  await subscriber.close();
}

runRole({ publish, subscribe });
