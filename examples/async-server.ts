// SPDX-License-Identifier: MIT
/**
 * A server that works on many requests at a time, and clients that ask without waiting for each answer (ROUTER and DEALER).
 * Answers come in the order in which they are ready. See docs/sockets/router.md and dealer.md.
 * In a program of your own, import from "zeromq-ts".
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer, Router } from "../src/index.ts";

const server = new Router();
await server.bind("tcp://127.0.0.1:0");

/** One request: `milliseconds` is how long it takes. */
async function answer(client: Uint8Array, id: Uint8Array, milliseconds: number): Promise<void> {
  await sleep(milliseconds);
  // The first part says to whom: a ROUTER sends to the peer with that routing id.
  await server.send([client, id, `done after ${milliseconds} ms`]);
}

async function serve(): Promise<void> {
  // A ROUTER puts the routing id of the sender before each message. Nothing is awaited here: requests overlap.
  for await (const [client, id, time] of server) {
    if (client !== undefined && id !== undefined) void answer(client, id, Number(time));
  }
}
const serving = serve();

const client = new Dealer();
client.connect(server.lastEndpoint ?? "");
await client.send(["slow", "300"]);
await client.send(["fast", "1"]);
await client.send(["middle", "150"]);
for (let count = 0; count < 3; count += 1) {
  const [id, text] = await client.receive();
  console.log(`${id}: ${text}`);
}

await client.close();
await server.close();
await serving;
