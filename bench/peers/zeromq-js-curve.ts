// SPDX-License-Identifier: MIT
/** npm `zeromq` in the roles of the "curve" suite, as ours-curve.ts has them. Neighbours: tool.ts, curve-keys.ts, zeromq-js.ts. */
import { Pull, Push, Reply, Request } from "zeromq";
import { client, clientsOf, server } from "./curve-keys.ts";
import { checkSize, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function localThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const pull = new Pull(server);
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
  const push = new Push(client);
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

async function answer({ endpoint }: ToolArguments): Promise<void> {
  const reply = new Reply(server);
  await reply.bind(endpoint);
  reportReady(reply.lastEndpoint ?? endpoint);
  for await (const request of reply) {
    await reply.send(request);
    if (request[0]?.length === 0) break;
  }
  reply.close();
}

async function shakeHands(options: ToolArguments): Promise<void> {
  const { endpoint, count, warmUp } = options;
  const clients = clientsOf(options);
  const clock = new RateClock(warmUp, count);
  do {
    await Promise.all(
      Array.from({ length: clients }, async () => {
        const request = new Request(client);
        request.connect(endpoint);
        await request.send("x");
        const [part] = await request.receive();
        checkSize(part?.length ?? -1, 1);
        request.close();
      }),
    );
  } while (!clock.pass(clients));
  clock.report();
  const last = new Request(client);
  last.connect(endpoint);
  await last.send("");
  await last.receive();
  last.close();
}

runRole({ local_thr: localThr, remote_thr: remoteThr, local_hs: answer, remote_hs: shakeHands });
