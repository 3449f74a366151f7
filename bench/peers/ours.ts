// SPDX-License-Identifier: MIT
/**
 * This library in the roles of libzmq's tools, through its public entry. Variants: "batch" (`trySend`, `receiveBatch`)
 * and "await" (`await send`, `for await`, as zeromq-js.ts does it). Neighbour: tool.ts.
 */
import { Pair, Pull, Push, Reply, Request } from "../../src/index.ts";
import { checkSize, LatencyClock, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

/** What the one-thread "batch" role sends before it receives; below the default high-water marks. */
const BURST = 500;

async function localThr(options: ToolArguments): Promise<void> {
  const pull = new Pull();
  await pull.bind(options.endpoint);
  reportReady(pull.lastEndpoint ?? options.endpoint);
  const clock = new RateClock(options.warmUp, options.count);
  if (options.variant === "await") await drainOneByOne(pull, options.size, clock);
  else await drainBatches(pull, options.size, clock);
  clock.report();
  await pull.close();
}

async function drainOneByOne(pull: Pull, size: number, clock: RateClock): Promise<void> {
  for await (const [part] of pull) {
    checkSize(part?.length ?? -1, size);
    if (clock.pass(1)) break;
  }
}

async function drainBatches(pull: Pull, size: number, clock: RateClock): Promise<void> {
  for (;;) {
    const messages = await pull.receiveBatch();
    for (const message of messages) checkSize(message[0]?.length ?? -1, size);
    if (clock.pass(messages.length)) return;
  }
}

async function remoteThr({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const push = new Push();
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    do {
      await push.send(payload);
    } while (!clock.pass(1));
  } else {
    await sendAll(push, payload, clock);
  }
  await released();
  clock.report();
  await push.close();
}

async function sendAll(push: Push, payload: Buffer, clock: RateClock): Promise<void> {
  for (let done = false; !done; ) {
    const room = clock.next;
    let sent = 0;
    while (sent < room && push.trySend(payload)) sent += 1;
    done = clock.pass(sent);
    if (sent < room) await push.whenWritable();
  }
}

async function localLat({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const socket = variant === "pair" ? new Pair() : new Reply();
  await socket.bind(endpoint);
  reportReady(socket.lastEndpoint ?? endpoint);
  for (let trips = 0; trips < warmUp + count; trips += 1) {
    const [part] = await socket.receive();
    checkSize(part?.length ?? -1, size);
    await socket.send(part ?? null);
  }
  await socket.close();
}

async function remoteLat({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const socket = variant === "pair" ? new Pair() : new Request();
  socket.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new LatencyClock(warmUp, count);
  do {
    clock.leave();
    await socket.send(payload);
    const [part] = await socket.receive();
    checkSize(part?.length ?? -1, size);
  } while (!clock.back());
  clock.report();
  await socket.close();
}

async function inprocThr({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const pull = new Pull();
  const push = new Push();
  await pull.bind(endpoint);
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    const sending = sendOneByOne(push, payload, warmUp + count);
    await drainOneByOne(pull, size, clock);
    clock.report();
    await sending;
  } else {
    burst(push, pull, payload, clock);
    clock.report();
  }
  await push.close();
  await pull.close();
}

async function sendOneByOne(push: Push, payload: Buffer, total: number): Promise<void> {
  for (let sent = 0; sent < total; sent += 1) await push.send(payload);
}

function burst(push: Push, pull: Pull, payload: Buffer, clock: RateClock): void {
  let done = false;
  while (!done) {
    const messages = Math.min(BURST, clock.next);
    for (let i = 0; i < messages; i += 1) {
      if (!push.trySend(payload)) throw new Error("no room below the high-water mark");
    }
    for (let i = 0; i < messages; i += 1) checkSize(pull.tryReceive()?.[0]?.length ?? -1, payload.length);
    done = clock.pass(messages);
  }
}

runRole({
  local_thr: localThr,
  remote_thr: remoteThr,
  local_lat: localLat,
  remote_lat: remoteLat,
  inproc_thr: inprocThr,
});
