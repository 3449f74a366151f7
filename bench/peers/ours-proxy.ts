// SPDX-License-Identifier: MIT
/**
 * This library in the roles of the "proxy" suite: the proxy, and the two ends of either pattern, with `trySend` and
 * `receiveBatch`. Neighbours: proxy-tool.ts, phases.ts, tool.ts, and libzmq-proxy.c, which says what the roles are.
 */
import { Dealer, Proxy, Pull, Push, Router } from "../../src/index.ts";
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
  await sendAll(push, payload, warmUp);
  await proceeded();
  const clock = new PhaseClock();
  await sendAll(push, payload, count);
  await released();
  clock.report(count);
  await push.close();
}

async function sendAll(push: Push, payload: Buffer, messages: number): Promise<void> {
  for (let left = messages; left > 0; ) {
    while (left > 0 && push.trySend(payload)) left -= 1;
    if (left > 0) await push.whenWritable();
  }
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
  await pull.close();
}

async function take(pull: Pull, size: number, messages: number): Promise<void> {
  for (let left = messages; left > 0; ) {
    const batch = await pull.receiveBatch(left);
    for (const message of batch) checkSize(message[0]?.length ?? -1, size);
    left -= batch.length;
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
  await dealer.close();
}

async function ask(dealer: Dealer, payload: Buffer, total: number): Promise<void> {
  let unsent = total;
  const send = (most: number): void => {
    const requests = Math.min(most, unsent);
    for (let i = 0; i < requests; i += 1) if (!dealer.trySend(payload)) throw new Error("no room for a window");
    unsent -= requests;
  };
  send(WINDOW);
  for (let left = total; left > 0; ) {
    const replies = await dealer.receiveBatch();
    for (const reply of replies) checkParts(reply, 1, payload.length);
    left -= replies.length;
    send(replies.length);
  }
}

async function worker({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const dealer = new Dealer();
  dealer.connect(endpoint);
  const clock = new RateClock(warmUp, count);
  for (let done = false; !done; ) {
    const requests = await dealer.receiveBatch();
    for (const request of requests) {
      checkSize(request[1]?.length ?? -1, size);
      if (!dealer.trySend(request)) await dealer.send(request);
    }
    done = clock.pass(requests.length);
  }
  await released();
  clock.report();
  await dealer.close();
}

runRole({ proxy, source, sink, client, worker });
