// SPDX-License-Identifier: MIT
/**
 * Request and reply: a server that doubles numbers, and a client that asks it. See docs/sockets/req.md and rep.md.
 * In a program of your own, import from "zeromq-ts".
 */
import { Reply, Request } from "../src/index.ts";

const server = new Reply();
await server.bind("tcp://127.0.0.1:0"); // port 0: any free one

async function serve(): Promise<void> {
  for await (const [number] of server) await server.send(String(2 * Number(number)));
}
const serving = serve();

const client = new Request();
client.connect(server.lastEndpoint ?? "");
for (const number of [1, 2, 21]) {
  await client.send(String(number));
  const [answer] = await client.receive();
  console.log(`twice ${number} is ${answer}`);
}

await client.close();
await server.close(); // ends the loop in serve()
await serving;
