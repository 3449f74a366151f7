// SPDX-License-Identifier: MIT
/**
 * In bulk: `sendBatch` and `receiveBatch` spare a promise for each message. For those who need hundreds of thousands a second.
 * See docs/guide/performance.md. In a program of your own, import from "zeromq-ts".
 *
 *     npx tsx examples/batches.ts 1000000
 */
import { Pull, Push } from "../src/index.ts";

const total = Number(process.argv[2] ?? 100_000);
const pull = new Pull();
await pull.bind("tcp://127.0.0.1:0");
const push = new Push();
push.connect(pull.lastEndpoint ?? "");

function* messages(): Generator<string> {
  for (let number = 1; number <= total; number += 1) yield `message ${number}`;
}

const begin = performance.now();
// Waits whenever the high-water mark is reached, so that memory stays bounded however many there are.
const sending = push.sendBatch(messages());
let count = 0;
let batches = 0;
while (count < total) {
  const batch = await pull.receiveBatch();
  count += batch.length;
  batches += 1;
}
await sending;
const seconds = (performance.now() - begin) / 1000;

console.log(`received ${count} messages`);
console.error(`${Math.round(count / seconds)} a second, in batches of ${Math.round(count / batches)} on average`);
await Promise.all([push.close(), pull.close()]);
