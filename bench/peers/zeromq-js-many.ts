// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` with many peers: one `await send` and one turn of `for await` a message, the only path that it offers.
 * Neighbours: phases.ts, tool.ts, and ours-many.ts, whose "await" variant it mirrors.
 */
import { setImmediate as turn } from "node:timers/promises";
import { XPublisher, XSubscriber } from "zeromq";
import { BACKLOG, PhaseClock, proceeded, readPeers, receivePhases } from "./phases.ts";
import { checkSize, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function publish({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const publisher = new XPublisher({ backlog: BACKLOG, noDrop: true, verbosity: "allSubs" });
  await publisher.bind(endpoint);
  reportReady(publisher.lastEndpoint ?? endpoint);
  for (let missing = readPeers(); missing > 0; missing -= 1) await publisher.receive();
  const payload = Buffer.alloc(size, "x");
  await sendOneByOne(publisher, payload, warmUp);
  await proceeded();
  const clock = new PhaseClock();
  await sendOneByOne(publisher, payload, count);
  await released();
  clock.report(count);
  publisher.close();
}

async function sendOneByOne(publisher: XPublisher, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    try {
      await publisher.send(payload);
      sent += 1;
    } catch (error) {
      // With `noDrop` it does not wait for subscribers that are full, it fails; there is nothing to wait for but time.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await turn();
    }
  }
}

async function subscribe(options: ToolArguments): Promise<void> {
  const { endpoint, size } = options;
  const peers = readPeers();
  const subscriber = new XSubscriber();
  for (let i = 0; i < peers; i += 1) subscriber.connect(endpoint);
  await subscriber.send("\u0001");
  await receivePhases(options, peers, (messages) => takeOneByOne(subscriber, size, messages));
  subscriber.close();
}

async function takeOneByOne(subscriber: XSubscriber, size: number, messages: number): Promise<void> {
  let left = messages;
  if (left === 0) return;
  for await (const [part] of subscriber) {
    checkSize(part?.length ?? -1, size);
    left -= 1;
    if (left === 0) return;
  }
}

runRole({ publish, subscribe });
