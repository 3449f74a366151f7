// SPDX-License-Identifier: MIT
/** A web server whose page subscribes to rates and asks questions, on one port: `npm run build`, `npx tsx examples/browser/server.ts`, then open what it says.
 * In a program of your own, import from "zeromq-ts". */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Publisher, Reply } from "../../src/index.ts";

/** Where the library's file for browsers is. */
const library = process.env["ZEROMQ_TS"] ?? fileURLToPath(new URL("../../dist/browser.js", import.meta.url));

const files = new Map([
  ["/", { type: "text/html", path: fileURLToPath(new URL("index.html", import.meta.url)) }],
  ["/zeromq-ts.js", { type: "text/javascript", path: library }],
]);

const server = createServer((request, response) => {
  const file = files.get(request.url ?? "");
  if (file === undefined) response.writeHead(404).end();
  else response.setHeader("Content-Type", file.type).end(readFileSync(file.path));
});
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  const publisher = new Publisher();
  await publisher.bind(`ws://127.0.0.1:${port}/rates`, { server });
  const reply = new Reply();
  await reply.bind(`ws://127.0.0.1:${port}/ask`, { server });
  console.log(`http://127.0.0.1:${port}/`);

  const rates = new Map(
    Object.entries({ EUR: 1.0852, GBP: 1.2644, CHF: 1.1271, AUD: 0.6538, CAD: 0.7312, NZD: 0.5976 }),
  );
  setInterval(() => {
    for (const [name, rate] of rates) {
      const next = rate * (1 + (Math.random() - 0.5) / 500);
      rates.set(name, next);
      void publisher.send([name, next.toFixed(6)]);
    }
  }, 100);
  for await (const [question] of reply) {
    const [dearest, rate] = [...rates].reduce((a, b) => (a[1] < b[1] ? b : a));
    await reply.send(`You asked: ${question} It is ${dearest}, at ${rate.toFixed(4)} dollars.`);
  }
});
