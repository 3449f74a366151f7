// SPDX-License-Identifier: MIT
/**
 * This library in the roles of the "curve" suite: PUSH to PULL as in ours.ts, with the same variants, and handshakes: a
 * client that connects, asks one thing, has its answer and closes, again and again. "batch-native" uses `sodium-native`, which
 * the others do not find: most users have not installed it. Neighbours: tool.ts, curve-keys.ts.
 */
import Module from "node:module";
import { Pull, Push, Reply, Request } from "../../src/index.ts";
import { client, clientsOf, server } from "./curve-keys.ts";
import { checkSize, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function localThr({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const pull = new Pull(server);
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    for await (const [part] of pull) {
      checkSize(part?.length ?? -1, size);
      if (clock.pass(1)) break;
    }
  } else {
    for (let done = false; !done; ) {
      const messages = await pull.receiveBatch();
      for (const message of messages) checkSize(message[0]?.length ?? -1, size);
      done = clock.pass(messages.length);
    }
  }
  clock.report();
  await pull.close();
}

async function remoteThr({ endpoint, size, count, warmUp, variant }: ToolArguments): Promise<void> {
  const push = new Push(client);
  push.connect(endpoint);
  const payload = Buffer.alloc(size, "x");
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    do {
      await push.send(payload);
    } while (!clock.pass(1));
  } else {
    for (let done = false; !done; ) {
      const room = clock.next;
      let sent = 0;
      while (sent < room && push.trySend(payload)) sent += 1;
      done = clock.pass(sent);
      if (sent < room) await push.whenWritable();
    }
  }
  await released();
  clock.report();
  await push.close();
}

async function answer({ endpoint }: ToolArguments): Promise<void> {
  const reply = new Reply(server);
  await reply.bind(endpoint);
  reportReady(reply.lastEndpoint ?? endpoint);
  for await (const request of reply) {
    await reply.send(request);
    if (request[0]?.length === 0) break;
  }
  await reply.close();
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
        await request.close();
      }),
    );
  } while (!clock.pass(clients));
  clock.report();
  const last = new Request(client);
  last.connect(endpoint);
  await last.send("");
  await last.receive();
  await last.close();
}

function hide(name: string): void {
  const resolver = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
  const original = resolver._resolveFilename;
  resolver._resolveFilename = (request, ...rest) => {
    if (request === name) throw new Error(`${name} is not to be found`);
    return original.call(Module, request, ...rest);
  };
}

if (!process.argv.includes("batch-native")) hide("sodium-native");

runRole({ local_thr: localThr, remote_thr: remoteThr, local_hs: answer, remote_hs: shakeHands });
