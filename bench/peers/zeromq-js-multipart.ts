// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` in the roles of the "multipart" suite: PUSH to PULL with messages of `more[0]` parts, with `await send` and
 * `for await`. Neighbours: tool.ts, and ours-multipart.ts, whose "await" variant it mirrors.
 */
import { Pull, Push } from "zeromq";
import { checkParts, partsOf, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function localThr(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const parts = partsOf(options);
  const pull = new Pull();
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  const clock = new RateClock(warmUp, count);
  for await (const message of pull) {
    checkParts(message, parts, size);
    if (clock.pass(1)) break;
  }
  clock.report();
  pull.close();
}

async function remoteThr(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp } = options;
  const push = new Push();
  push.connect(endpoint);
  const message: Buffer[] = Array.from({ length: partsOf(options) }, () => Buffer.alloc(size, "x"));
  const clock = new RateClock(warmUp, count);
  do {
    await push.send(message);
  } while (!clock.pass(1));
  await released();
  clock.report();
  push.close();
}

runRole({ local_thr: localThr, remote_thr: remoteThr });
