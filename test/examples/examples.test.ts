// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runToEnd } from "../support/processes.ts";

const folder = fileURLToPath(new URL("../../examples", import.meta.url));

/** What each example prints. */
const expected: Readonly<Record<string, string>> = {
  "async-server.ts": "fast: done after 1 ms\nmiddle: done after 150 ms\nslow: done after 300 ms\n",
  "batches.ts": "received 100000 messages\n",
  "cancellation.ts": `a timeout: ZmqError EAGAIN
a signal: AbortError ECANCELED
a signal with a time: AbortError ECANCELED
the one that gave up: ZmqError EAGAIN
the one that waited on: got the message
closing: ZmqError EAGAIN
`,
  "inproc.ts": "right received ping 1\nleft received pong 2\n",
  "plain-authentication.ts": "ann: hello ann\nann with a wrong password: refused, 400\neve: refused, 400\n",
  "pub-sub.ts": "ann heard: weather sunny\nbob heard: sport/football 2:1, sport/chess draw\n",
  "requests.ts": "ann: 2\nann: 4\n3: ECONNRESET\n4: EAGAIN\nbob: 10\nbob: 12, bob: 14, bob: 16\nbob ends: ETERM\n",
  "request-reply.ts": "twice 1 is 2\ntwice 2 is 4\ntwice 21 is 42\n",
  "stream-tcp.ts": "you asked for /hello\n",
  "work-queue.ts": `the sum of the squares from 1 to 9 is 285
ann did 3 of 9
bob did 3 of 9
cem did 3 of 9
`,
};

for (const [name, output] of Object.entries(expected)) {
  test(`${name} runs to its end`, async () => {
    const printed = await runToEnd(process.execPath, "--import", "tsx", join(folder, name));
    const lines = (text: string) => text.split("\n").sort();
    // Subscribers print side by side, in any order.
    if (name === "pub-sub.ts") assert.deepEqual(lines(printed), lines(output));
    else assert.equal(printed, output);
  });
}

test("every example is run", () => {
  const examples = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assert.deepEqual(examples.sort(), Object.keys(expected).sort());
});
