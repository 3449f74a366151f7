// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` with many peers: one `await send` and one turn of `for await` a message, the only path that it offers.
 * Neighbours: phases.ts, tool.ts, and ours-many.ts, whose "await" variant it mirrors.
 */
import { setImmediate as turn } from "node:timers/promises";
import { Context, Dealer, Pull, Push, Router, XPublisher, XSubscriber } from "zeromq";
import { askPhases, BACKLOG, PhaseClock, peersOf, proceeded, receivePhases, SPARE_SOCKETS } from "./phases.ts";
import { checkSize, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function publish(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const publisher = new XPublisher({ backlog: BACKLOG, noDrop: true, verbosity: "allSubs" });
  await publisher.bind(endpoint);
  reportReady(publisher.lastEndpoint ?? endpoint);
  for (let missing = peersOf(options); missing > 0; missing -= 1) await publisher.receive();
  const payload = Buffer.alloc(size, "x");
  await publishOneByOne(publisher, payload, warmUp);
  await proceeded();
  const clock = new PhaseClock();
  await publishOneByOne(publisher, payload, count);
  await released();
  clock.report(count);
  publisher.close();
}

async function publishOneByOne(publisher: XPublisher, payload: Buffer, count: number): Promise<void> {
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
  const peers = peersOf(options);
  const subscriber = new XSubscriber();
  for (let i = 0; i < peers; i += 1) subscriber.connect(endpoint);
  await subscriber.send("\u0001");
  await receivePhases(options, (messages) => takeOneByOne(subscriber, size, messages));
  subscriber.close();
}

async function takeOneByOne(socket: XSubscriber | Pull, size: number, messages: number): Promise<void> {
  let left = messages;
  if (left === 0) return;
  for await (const [part] of socket) {
    checkSize(part?.length ?? -1, size);
    left -= 1;
    if (left === 0) return;
  }
}

async function collect(options: ToolArguments): Promise<void> {
  const { endpoint, size } = options;
  const pull = new Pull({ backlog: BACKLOG });
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  await receivePhases(options, (messages) => takeOneByOne(pull, size, messages));
  pull.close();
}

async function distribute(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const peers = peersOf(options);
  const push = new Push();
  for (let i = 0; i < peers; i += 1) push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  await sendOneByOne(push, payload, warmUp * peers);
  await proceeded();
  const clock = new PhaseClock();
  await sendOneByOne(push, payload, count * peers);
  await released();
  clock.report(count * peers);
  push.close();
}

async function sendOneByOne(socket: Push | Dealer, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await socket.send(payload);
}

async function serve(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const peers = peersOf(options);
  const router = new Router({ backlog: BACKLOG });
  await router.bind(endpoint);
  reportReady(router.lastEndpoint ?? endpoint);
  await echoOneByOne(router, size, warmUp * peers);
  const clock = new PhaseClock();
  await echoOneByOne(router, size, count * peers);
  await released();
  clock.report(count * peers);
  router.close();
}

async function echoOneByOne(router: Router, size: number, requests: number): Promise<void> {
  let left = requests;
  for await (const message of router) {
    checkSize(message[1]?.length ?? -1, size);
    await router.send(message);
    left -= 1;
    if (left === 0) return;
  }
}

async function ask(options: ToolArguments): Promise<void> {
  const { endpoint, size } = options;
  const peers = peersOf(options);
  const context = new Context({ maxSockets: peers + SPARE_SOCKETS });
  const clients = Array.from({ length: peers }, () => new Dealer({ context }));
  for (const client of clients) client.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  await askPhases(options, async (window) => {
    for (const client of clients) await sendOneByOne(client, payload, window);
    for (const client of clients) await takeReplies(client, size, window);
  });
  for (const client of clients) client.close();
}

async function takeReplies(client: Dealer, size: number, messages: number): Promise<void> {
  for (let received = 0; received < messages; received += 1) {
    const [part] = await client.receive();
    checkSize(part?.length ?? -1, size);
  }
}

runRole({ publish, subscribe, collect, distribute, serve, ask });
