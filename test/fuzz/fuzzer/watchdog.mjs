// SPDX-License-Identifier: MIT
/**
 * A thread beside a fuzzing worker: when one execution does not end, it writes its input and ends the process. Nothing
 * within the thread that hangs could.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workerData } from "node:worker_threads";

const { shared, folder, target, seconds } = workerData;
const state = new Int32Array(shared, 0, 2);
let last = -1;
let since = 0;

setInterval(() => {
  const number = Atomics.load(state, 0);
  since = number === last ? since + 1 : 0;
  last = number;
  // −1: nothing runs.
  if (number === -1 || since < seconds) return;
  const data = Buffer.from(new Uint8Array(shared, 8, Atomics.load(state, 1)));
  const path = join(folder, target, `hangs-${createHash("sha256").update(data).digest("hex").slice(0, 12)}`);
  mkdirSync(join(folder, target), { recursive: true });
  writeFileSync(path, data);
  process.kill(process.pid, "SIGKILL");
}, 1000);
