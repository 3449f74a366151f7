// SPDX-License-Identifier: MIT
/**
 * This library beside somebody who does not take what comes: a sender at full rate whose peer has stopped reading, and a
 * receiver whose application never asks. Beside zeromq-js-stalled.ts and libzmq-stalled.c. Neighbours: watch.ts, stranger.ts.
 *
 *   stalled_send <bind-to> <message-size> <milliseconds> 1 PUSH|PUB|ROUTER
 *   stalled_receive <bind-to> <message-size> <milliseconds>
 */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Publisher, Pull, Push, Router } from "../../src/index.ts";
import { reportReady, runRole, type ToolArguments } from "./tool.ts";
import { watched } from "./watch.ts";

const BURST = 1000;
const classes = { PUSH: Push, PUB: Publisher, ROUTER: Router } as const;

async function stalledSend({ endpoint, size, count, variant }: ToolArguments): Promise<void> {
  // All three send alike.
  const socket = new classes[variant as keyof typeof classes]() as Push;
  await socket.bind(endpoint);
  reportReady(socket.lastEndpoint ?? endpoint);
  const payload = Buffer.alloc(size, "x");
  const message = variant === "ROUTER" ? ["stranger", payload] : [payload];
  await watched(count, async () => {
    for (let i = 0; i < BURST; i += 1) socket.trySend(message);
    await turn();
    return BURST;
  });
  await socket.close({ linger: 0 });
}

async function stalledReceive({ endpoint, count }: ToolArguments): Promise<void> {
  const pull = new Pull();
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  await watched(count, async () => {
    await delay(1);
    return 0;
  });
  await pull.close();
}

runRole({ stalled_send: stalledSend, stalled_receive: stalledReceive });
