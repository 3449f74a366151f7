// SPDX-License-Identifier: MIT
/** What this library has beyond npm `zeromq`. */
import {
  Context,
  type MessageLike,
  Pull,
  Push,
  type Readable,
  Request,
  type RequestCallOptions,
  type Writable,
} from "zeromq-ts";

async function cancelling(pull: Pull, push: Push, signal: AbortSignal): Promise<void> {
  await push.send("x", { signal, timeout: 100 });
  const [first] = await pull.receive({ signal });
  const octets: Uint8Array | undefined = first;
  await pull.whenReadable({ timeout: 0 });
  await push.whenWritable();
  console.log(octets);
}

async function inBulk(pull: Pull, push: Push): Promise<void> {
  const isSent: boolean = push.trySend(["a", "b"]);
  const message = pull.tryReceive();
  if (message !== undefined) console.log(message[0]?.length, isSent);
  for (const parts of await pull.receiveBatch(100)) console.log(parts.length);
  await push.sendBatch(["one", ["two", "parts"]]);
}

async function disposing(): Promise<void> {
  await using push = new Push({ linger: 100 });
  await push.bind("inproc://jobs");
  await push.close({ linger: 0 });
}

async function requesting(request: Request, signal: AbortSignal): Promise<string> {
  const options: RequestCallOptions = { timeout: 100, retries: 3, signal };
  const [answer] = await request.request(["question", Buffer.from("part")], options);
  const octets: Buffer | undefined = answer;
  return String(octets ?? (await request.request("again")));
}

async function ending(): Promise<void> {
  await using context = new Context();
  const same: Push = context.socket("push").ref().unref();
  console.log(same.closed, context.closed);
  context.shutdown();
  await context.terminate({ linger: 100 });
}

function contexts(): void {
  const context = new Context({ defaults: { linger: 0, sendHighWaterMark: 5 }, maxSockets: 10 });
  const publisher = context.socket("pub", { linger: 10 });
  publisher.trySend("x");
  const subscriber = context.socket("sub");
  subscriber.subscribe("x");
  const pull = new Pull({ context });
  console.log(pull.context === context);
}

/** Functions that take whatever can send, or receive. */
async function forward(from: Readable, to: Writable, header: MessageLike): Promise<void> {
  for await (const parts of from) await to.send([header, ...parts]);
}

void Promise.all([
  cancelling(new Pull(), new Push(), new AbortController().signal),
  inBulk(new Pull(), new Push()),
  disposing(),
  requesting(new Request(), new AbortController().signal),
  ending(),
  forward(new Pull(), new Push(), "header"),
]);
contexts();
