// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` beside somebody who does not take what comes, in the roles of ours-stalled.ts. Its `send` waits for room or
 * fails; with a timeout of 0 it fails at once, and is called again. Neighbours: watch.ts, stranger.ts.
 */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Publisher, Pull, Push, Router } from "zeromq";
import { reportReady, runRole, type ToolArguments } from "./tool.ts";
import { watched } from "./watch.ts";

const BURST = 100;
const classes = { PUSH: Push, PUB: Publisher, ROUTER: Router } as const;

async function stalledSend({ endpoint, size, count, variant }: ToolArguments): Promise<void> {
  // All three send alike.
  const socket = new classes[variant as keyof typeof classes]({ sendTimeout: 0, linger: 0 }) as Push;
  await socket.bind(endpoint);
  reportReady(socket.lastEndpoint ?? endpoint);
  const payload = Buffer.alloc(size, "x");
  const message = variant === "ROUTER" ? ["stranger", payload] : [payload];
  await watched(count, async () => {
    for (let i = 0; i < BURST; i += 1) await socket.send(message).catch(expectFull);
    await turn();
    return BURST;
  });
  socket.close();
}

function expectFull(error: unknown): void {
  if ((error as { code?: string }).code !== "EAGAIN") throw error;
}

async function stalledReceive({ endpoint, count }: ToolArguments): Promise<void> {
  const pull = new Pull();
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  await watched(count, async () => {
    await delay(1);
    return 0;
  });
  pull.close();
}

runRole({ stalled_send: stalledSend, stalled_receive: stalledReceive });
