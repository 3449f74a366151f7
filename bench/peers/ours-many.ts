// SPDX-License-Identifier: MIT
/**
 * This library with many peers, through its public entry. Variants: "batch" (`trySend`, `receiveBatch`) and "await"
 * (`await send`, `for await`, as zeromq-js-many.ts does it). Neighbours: phases.ts, tool.ts.
 *
 *   publish <bind-to> <message-size> <count> <warm-up> <variant> <peers>        XPUB that waits instead of dropping
 *   subscribe <connect-to> <message-size> <count> <warm-up> <variant> <peers>   XSUB with so many connections, measures
 *   collect <bind-to> …       PULL, measures
 *   distribute <connect-to> … PUSH with so many connections
 *   serve <bind-to> …         ROUTER, echoes
 *   ask <connect-to> … <window>   so many DEALER sockets, so many requests each under way, measures
 */
import { Context, Dealer, Pull, Push, Router, XPublisher, XSubscriber } from "../../src/index.ts";
import { askPhases, BACKLOG, PhaseClock, peersOf, proceeded, receivePhases, SPARE_SOCKETS } from "./phases.ts";
import { checkSize, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function publish(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp, variant } = options;
  const publisher = new XPublisher({ backlog: BACKLOG, noDrop: true, verbosity: "allSubs" });
  await publisher.bind(endpoint);
  reportReady(publisher.lastEndpoint ?? endpoint);
  for (let missing = peersOf(options); missing > 0; missing -= 1) await publisher.receive();
  const payload = Buffer.alloc(size, "x");
  const send = variant === "await" ? sendOneByOne : publishAll;
  await send(publisher, payload, warmUp);
  await proceeded();
  const clock = new PhaseClock();
  await send(publisher, payload, count);
  await released();
  clock.report(count);
  await publisher.close();
}

async function sendOneByOne(socket: XPublisher | Push | Dealer, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await socket.send(payload);
}

async function publishAll(publisher: XPublisher, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    // A publisher is always "writable": who may not drop waits with the message itself.
    if (!publisher.trySend(payload)) await publisher.send(payload);
  }
}

async function subscribe(options: ToolArguments): Promise<void> {
  const { endpoint, size, variant } = options;
  const peers = peersOf(options);
  const subscriber = new XSubscriber();
  for (let i = 0; i < peers; i += 1) subscriber.connect(endpoint);
  await subscriber.send("\u0001");
  const take = variant === "await" ? takeOneByOne : takeBatches;
  await receivePhases(options, (messages) => take(subscriber, size, messages));
  await subscriber.close();
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

async function takeBatches(socket: XSubscriber | Pull | Dealer, size: number, messages: number): Promise<void> {
  for (let left = messages; left > 0; ) {
    const batch = await socket.receiveBatch(left);
    for (const message of batch) checkSize(message[0]?.length ?? -1, size);
    left -= batch.length;
  }
}

async function collect(options: ToolArguments): Promise<void> {
  const { endpoint, size, variant } = options;
  const pull = new Pull({ backlog: BACKLOG });
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  const take = variant === "await" ? takeOneByOne : takeBatches;
  await receivePhases(options, (messages) => take(pull, size, messages));
  await pull.close();
}

async function distribute(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp, variant } = options;
  const peers = peersOf(options);
  const push = new Push();
  for (let i = 0; i < peers; i += 1) push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const send = variant === "await" ? sendOneByOne : sendAll;
  await send(push, payload, warmUp * peers);
  await proceeded();
  const clock = new PhaseClock();
  await send(push, payload, count * peers);
  await released();
  clock.report(count * peers);
  await push.close();
}

async function sendAll(socket: Push | Dealer, payload: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    while (sent < count && socket.trySend(payload)) sent += 1;
    if (sent < count) await socket.whenWritable();
  }
}

async function serve(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp, variant } = options;
  const peers = peersOf(options);
  const router = new Router({ backlog: BACKLOG });
  await router.bind(endpoint);
  reportReady(router.lastEndpoint ?? endpoint);
  const echo = variant === "await" ? echoOneByOne : echoBatches;
  await echo(router, size, warmUp * peers);
  const clock = new PhaseClock();
  await echo(router, size, count * peers);
  await released();
  clock.report(count * peers);
  await router.close();
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

async function echoBatches(router: Router, size: number, requests: number): Promise<void> {
  for (let left = requests; left > 0; ) {
    const batch = await router.receiveBatch(left);
    for (const message of batch) {
      checkSize(message[1]?.length ?? -1, size);
      if (!router.trySend(message)) await router.send(message);
    }
    left -= batch.length;
  }
}

async function ask(options: ToolArguments): Promise<void> {
  const { endpoint, size, variant } = options;
  const peers = peersOf(options);
  const context = new Context({ maxSockets: peers + SPARE_SOCKETS });
  const clients = Array.from({ length: peers }, () => new Dealer({ context }));
  for (const client of clients) client.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const isOneByOne = variant === "await";
  const send = isOneByOne ? sendOneByOne : sendAll;
  const take = isOneByOne ? takeReplies : takeBatches;
  await askPhases(options, async (window) => {
    for (const client of clients) await send(client, payload, window);
    for (const client of clients) await take(client, size, window);
  });
  await Promise.all(clients.map((client) => client.close()));
}

/** One call each, as an iterator for so few messages would be no fairer. */
async function takeReplies(client: Dealer, size: number, messages: number): Promise<void> {
  for (let received = 0; received < messages; received += 1) {
    const [part] = await client.receive();
    checkSize(part?.length ?? -1, size);
  }
}

runRole({ publish, subscribe, collect, distribute, serve, ask });
