// SPDX-License-Identifier: MIT
/** A web server whose page subscribes to prices and asks a question, on one port: `npm run build`, `npx tsx examples/browser/server.ts`, then open what it says.
 * In a program of your own, import from "zeromq-ts". */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Publisher, Reply } from "../../src/index.ts";

const files = new Map([
  ["/", { type: "text/html", path: new URL("index.html", import.meta.url) }],
  ["/zeromq-ts.js", { type: "text/javascript", path: new URL("../../dist/browser.js", import.meta.url) }],
]);

const server = createServer((request, response) => {
  const file = files.get(request.url ?? "");
  if (file === undefined) response.writeHead(404).end();
  else response.setHeader("Content-Type", file.type).end(readFileSync(fileURLToPath(file.path)));
});
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  const publisher = new Publisher();
  await publisher.bind(`ws://127.0.0.1:${port}/prices`, { server });
  const reply = new Reply();
  await reply.bind(`ws://127.0.0.1:${port}/ask`, { server });
  console.log(`http://127.0.0.1:${port}/`);

  setInterval(() => {
    for (const name of ["EUR", "GBP", "JPY"]) void publisher.send([name, (100 + 10 * Math.random()).toFixed(2)]);
  }, 200);
  for await (const [question] of reply) await reply.send(`You asked: ${question} It is ${new Date().toISOString()}.`);
});
