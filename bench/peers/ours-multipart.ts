// SPDX-License-Identifier: MIT
/**
 * This library in the roles of the "multipart" suite: PUSH to PULL with messages of `more[0]` parts. Variants as in ours.ts:
 * "batch" (`trySend`, `receiveBatch`) and "await" (`await send`, `for await`). Neighbour: tool.ts.
 */
import { Pull, Push } from "../../src/index.ts";
import { checkParts, partsOf, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function localThr(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp, variant } = options;
  const parts = partsOf(options);
  const pull = new Pull();
  await pull.bind(endpoint);
  reportReady(pull.lastEndpoint ?? endpoint);
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    for await (const message of pull) {
      checkParts(message, parts, size);
      if (clock.pass(1)) break;
    }
  } else {
    for (let done = false; !done; ) {
      const messages = await pull.receiveBatch();
      for (const message of messages) checkParts(message, parts, size);
      done = clock.pass(messages.length);
    }
  }
  clock.report();
  await pull.close();
}

async function remoteThr(options: ToolArguments): Promise<void> {
  const { endpoint, size, count, warmUp, variant } = options;
  const push = new Push();
  push.connect(endpoint);
  const message: Buffer[] = Array.from({ length: partsOf(options) }, () => Buffer.alloc(size, "x"));
  const clock = new RateClock(warmUp, count);
  if (variant === "await") {
    do {
      await push.send(message);
    } while (!clock.pass(1));
  } else {
    for (let done = false; !done; ) {
      const room = clock.next;
      let sent = 0;
      while (sent < room && push.trySend(message)) sent += 1;
      done = clock.pass(sent);
      if (sent < room) await push.whenWritable();
    }
  }
  await released();
  clock.report();
  await push.close();
}

runRole({ local_thr: localThr, remote_thr: remoteThr });
