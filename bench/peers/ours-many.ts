// SPDX-License-Identifier: MIT
/**
 * This library with many peers, through its public entry. Variants: "batch" (`trySend`, `receiveBatch`) and "await"
 * (`await send`, `for await`, as zeromq-js-many.ts does it). Neighbours: phases.ts, tool.ts.
 *
 *   publish <bind-to> <message-size> <count> <warm-up> <variant> <peers>        XPUB that waits instead of dropping
 *   subscribe <connect-to> <message-size> <count> <warm-up> <variant> <peers>   XSUB with so many connections, measures
 */
import { XPublisher, XSubscriber } from "../../src/index.ts";
import { BACKLOG, PhaseClock, proceeded, readPeers, receivePhases } from "./phases.ts";
import { checkSize, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function publish({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const publisher = new XPublisher({ backlog: BACKLOG, noDrop: true, verbosity: "allSubs" });
  await publisher.bind(endpoint);
  reportReady(publisher.lastEndpoint ?? endpoint);
  for (let missing = readPeers(); missing > 0; missing -= 1) await publisher.receive();
  const payload = Buffer.alloc(size, "x");
  const send = variant === "await" ? sendOneByOne : sendAll;
  await send(publisher, payload, warmUp);
  await proceeded();
  const clock = new PhaseClock();
  await send(publisher, payload, count);
  await released();
  clock.report(count);
  await publisher.close();
}

async function sendOneByOne(publisher: XPublisher, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await publisher.send(payload);
}

async function sendAll(publisher: XPublisher, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    // A publisher is always "writable": who may not drop waits with the message itself.
    if (!publisher.trySend(payload)) await publisher.send(payload);
  }
}

async function subscribe(options: ToolArguments): Promise<void> {
  const { endpoint, size, variant } = options;
  const peers = readPeers();
  const subscriber = new XSubscriber();
  for (let i = 0; i < peers; i += 1) subscriber.connect(endpoint);
  await subscriber.send("\u0001");
  const take = variant === "await" ? takeOneByOne : takeBatches;
  await receivePhases(options, peers, (messages) => take(subscriber, size, messages));
  await subscriber.close();
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

async function takeBatches(subscriber: XSubscriber, size: number, messages: number): Promise<void> {
  for (let left = messages; left > 0; ) {
    const batch = await subscriber.receiveBatch(left);
    for (const message of batch) checkSize(message[0]?.length ?? -1, size);
    left -= batch.length;
  }
}

runRole({ publish, subscribe });
