// SPDX-License-Identifier: MIT
/**
 * A queue of work: one producer, three workers, one place that collects the results (PUSH and PULL). Work goes to the workers
 * in turn; one that is full is passed over. See docs/sockets/push.md and pull.md.
 * In a program of your own, import from "zeromq-ts".
 */
import { Pull, Push } from "../src/index.ts";

const work = new Push();
await work.bind("tcp://127.0.0.1:0");
const results = new Pull();
await results.bind("tcp://127.0.0.1:0");

/** A worker: takes work, sends results, until it is told to end. In a real queue it is a process of its own. */
async function runWorker(name: string, signal: AbortSignal): Promise<void> {
  await using input = new Pull();
  await using output = new Push();
  input.connect(work.lastEndpoint ?? "");
  output.connect(results.lastEndpoint ?? "");
  await output.send([name, "ready"]);
  try {
    for (;;) {
      const [number] = await input.receive({ signal });
      await output.send([name, String(Number(number) ** 2)]);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "ECANCELED") throw error;
  }
}

const stop = new AbortController();
const workers = ["ann", "bob", "cem"].map((name) => runWorker(name, stop.signal));

// Work that is sent while only one worker is connected goes to that one: wait until all have said that they are there.
for (const _ of workers) await results.receive();

for (let number = 1; number <= 9; number += 1) await work.send(String(number));
let sum = 0;
const shares = new Map<string, number>();
for (let count = 0; count < 9; count += 1) {
  const [name, square] = await results.receive();
  sum += Number(square);
  shares.set(String(name), (shares.get(String(name)) ?? 0) + 1);
}
console.log(`the sum of the squares from 1 to 9 is ${sum}`);
for (const name of ["ann", "bob", "cem"]) console.log(`${name} did ${shares.get(name)} of 9`);

stop.abort();
await Promise.all([...workers, work.close(), results.close()]);
