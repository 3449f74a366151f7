// SPDX-License-Identifier: MIT
/**
 * Requests with timeouts and retries, while servers come and go; then the end of the whole context. See docs/guide/requests.md.
 * In a program of your own, import from "zeromq-ts".
 */
import { Context, type ZmqError } from "../src/index.ts";

const context = new Context({ defaults: { reconnectInterval: 10 } });

/** Answers as many questions as it may, then dies with the next. */
async function serve(name: string, endpoint: string, questions: number): Promise<string> {
  const server = context.socket("rep");
  await server.bind(endpoint);
  const bound = server.lastEndpoint ?? "";
  void (async () => {
    for (let left = questions; left > 0; left -= 1) {
      const [question] = await server.receive();
      await server.send(`${name}: ${2 * Number(question)}`);
    }
    await server.receive();
    await server.close({ linger: 0 });
  })().catch((error: ZmqError) => console.log(`${name} ends: ${error.code}`));
  return bound;
}

const client = context.socket("req");
const endpoint = await serve("ann", "tcp://127.0.0.1:0", 2);
client.connect(endpoint);

for (const number of [1, 2]) console.log(String(await client.request(`${number}`, { timeout: 1000 })));

// Ann dies with this one, and nobody takes her place.
try {
  await client.request("3", { timeout: 1000 });
} catch (error) {
  console.log("3:", (error as ZmqError).code);
}
try {
  await client.request("4", { timeout: 20, retries: 2 });
} catch (error) {
  console.log("4:", (error as ZmqError).code);
}

// This one waits for bob; the one before was given up, and he never hears of it.
const five = client.request("5", { timeout: 100, retries: 50 });
await serve("bob", endpoint, 10);
console.log(String(await five));
console.log((await Promise.all(["6", "7", "8"].map((each) => client.request(each)))).join(", "));

await context.terminate({ linger: 100 });
