// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` in the roles of the "proxy" suite: its Proxy runs libzmq's in a thread, the two ends of either pattern await
 * each message. Neighbours: proxy-tool.ts, phases.ts, tool.ts, and libzmq-proxy.c, which says what the roles are.
 */
import { Dealer, Proxy, Pull, Push, Router } from "zeromq";
import { PhaseClock, proceeded } from "./phases.ts";
import { isRequests, reportCpuUntilReleased, WINDOW } from "./proxy-tool.ts";
import {
  checkParts,
  checkSize,
  RateClock,
  released,
  report,
  reportReady,
  runRole,
  type ToolArguments,
} from "./tool.ts";

async function proxy(options: ToolArguments): Promise<void> {
  const [front, back] = isRequests(options) ? [new Router(), new Dealer()] : [new Pull(), new Push()];
  await front.bind(options.endpoint);
  reportReady(front.lastEndpoint ?? "");
  await back.bind(options.more[1] ?? "");
  reportReady(back.lastEndpoint ?? "");
  const between = new Proxy(front, back);
  const running = between.run();
  await reportCpuUntilReleased();
  between.terminate();
  await running;
}

async function source({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const push = new Push();
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  for (let i = 0; i < warmUp; i += 1) await push.send(payload);
  await proceeded();
  const clock = new PhaseClock();
  for (let i = 0; i < count; i += 1) await push.send(payload);
  await released();
  clock.report(count);
  push.close();
}

async function sink({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const pull = new Pull();
  pull.connect(endpoint);
  await take(pull, size, warmUp);
  report({ warm: warmUp });
  await take(pull, size, 1);
  const clock = new PhaseClock();
  await take(pull, size, count - 1);
  clock.report(count - 1);
  pull.close();
}

async function take(pull: Pull, size: number, messages: number): Promise<void> {
  if (messages === 0) return;
  let left = messages;
  for await (const [part] of pull) {
    checkSize(part?.length ?? -1, size);
    left -= 1;
    if (left === 0) return;
  }
}

async function client({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const dealer = new Dealer();
  dealer.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  await ask(dealer, payload, warmUp);
  report({ warm: warmUp });
  await proceeded();
  const clock = new PhaseClock();
  await ask(dealer, payload, count);
  clock.report(count);
  dealer.close();
}

async function ask(dealer: Dealer, payload: Buffer, total: number): Promise<void> {
  let sent = 0;
  for (; sent < WINDOW && sent < total; sent += 1) await dealer.send(payload);
  let left = total;
  for await (const reply of dealer) {
    checkParts(reply, 1, payload.length);
    left -= 1;
    if (left === 0) return;
    if (sent === total) continue;
    sent += 1;
    await dealer.send(payload);
  }
}

async function worker({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const dealer = new Dealer();
  dealer.connect(endpoint);
  const clock = new RateClock(warmUp, count);
  for await (const request of dealer) {
    checkSize(request[1]?.length ?? -1, size);
    await dealer.send(request);
    if (clock.pass(1)) break;
  }
  await released();
  clock.report();
  dealer.close();
}

runRole({ proxy, source, sink, client, worker });
