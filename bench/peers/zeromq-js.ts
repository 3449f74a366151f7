// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` (the native binding of libzmq) in the roles of libzmq's tools: one `await send` and one turn of
 * `for await` a message, the only path that it offers. Neighbours: tool.ts, and ours.ts, whose "await" variant it mirrors.
 */
import { Pair, Pull, Push, Reply, Request } from "zeromq";
import { checkSize, LatencyClock, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function localThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const pull = new Pull();
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  const clock = new RateClock(warmUp, count);
  for await (const [part] of pull) {
    checkSize(part?.length ?? -1, size);
    if (clock.pass(1)) break;
  }
  clock.report();
  pull.close();
}

async function remoteThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const push = new Push();
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new RateClock(warmUp, count);
  do {
    await push.send(payload);
  } while (!clock.pass(1));
  await released();
  clock.report();
  push.close();
}

async function localLat({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const socket = variant === "pair" ? new Pair() : new Reply();
  await socket.bind(endpoint);
  reportReady(socket.lastEndpoint ?? endpoint);
  for (let trips = 0; trips < warmUp + count; trips += 1) {
    const [part] = await socket.receive();
    checkSize(part?.length ?? -1, size);
    await socket.send(part ?? "");
  }
  socket.close();
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
  socket.close();
}

async function inprocThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const pull = new Pull();
  const push = new Push();
  await pull.bind(endpoint);
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new RateClock(warmUp, count);
  const sending = (async () => {
    for (let sent = 0; sent < warmUp + count; sent += 1) await push.send(payload);
  })();
  for await (const [part] of pull) {
    checkSize(part?.length ?? -1, size);
    if (clock.pass(1)) break;
  }
  clock.report();
  await sending;
  push.close();
  pull.close();
}

runRole({
  local_thr: localThr,
  remote_thr: remoteThr,
  local_lat: localLat,
  remote_lat: remoteLat,
  inproc_thr: inprocThr,
});
