// SPDX-License-Identifier: MIT
/** A TypeScript program for npm `zeromq` 6: a broker for services and their workers, after the Majordomo pattern (RFC 7). */
import { Dealer, Message, MessageLike, Request, Router, SocketOptions } from "zeromq";

type Handler = (...parts: string[]) => Promise<MessageLike> | MessageLike;

const READY = "ready";
const EMPTY = "";

/** Hands requests out to the workers of the service that they name. */
class Broker {
  readonly socket: Router = new Router({ mandatory: true, linger: 0 } as SocketOptions<Router>);
  private readonly idle = new Map<string, Message[]>();
  private readonly requests = new Map<string, Message[][]>();

  async start(): Promise<string> {
    await this.socket.bind("tcp://127.0.0.1:*");
    void this.run();
    return this.socket.lastEndpoint as string;
  }

  stop(): void {
    if (!this.socket.closed) this.socket.close();
  }

  private async run(): Promise<void> {
    for await (const [sender, , kind, ...rest] of this.socket) {
      if (sender === undefined || kind === undefined) continue;
      const [service = Buffer.alloc(0), ...body] = rest;
      const name = service.toString();
      if (kind.toString() === "worker") {
        const [client, ...reply] = body;
        if (client !== undefined && client.toString() !== READY) await this.socket.send([client, EMPTY, ...reply]);
        this.listOf(this.idle, name).push(sender);
      } else {
        this.listOf(this.requests, name).push([sender, ...body]);
      }
      await this.dispatch(name);
    }
  }

  private async dispatch(name: string): Promise<void> {
    const [idle, requests] = [this.listOf(this.idle, name), this.listOf(this.requests, name)];
    while (idle.length > 0 && requests.length > 0) {
      const worker = idle.shift() as Message;
      const request = requests.shift() as Message[];
      await this.socket.send([worker, EMPTY, ...request]);
    }
  }

  private listOf<T>(lists: Map<string, T[]>, name: string): T[] {
    let list = lists.get(name);
    if (list === undefined) lists.set(name, (list = []));
    return list;
  }
}

/** Serves one service. */
class Worker extends Dealer {
  constructor(options?: SocketOptions<Worker>) {
    super({ linger: 0, ...options });
  }
}

async function work(worker: Worker, service: string, handle: Handler): Promise<number> {
  let served = 0;
  await worker.send([EMPTY, "worker", service, READY]);
  for await (const [, client, ...parts] of worker) {
    const reply: MessageLike = await handle(...parts.map((part) => part.toString()));
    await worker.send([EMPTY, "worker", service, client ?? null, reply]);
    served += 1;
  }
  return served;
}

async function call(address: string, service: string, ...parts: MessageLike[]): Promise<string> {
  const request = new Request({ receiveTimeout: 10_000, linger: 0 });
  request.connect(address);
  try {
    await request.send(["client", service, ...parts]);
    const [reply] = await request.receive();
    return (reply as Message).toString();
  } finally {
    request.close();
  }
}

async function main(): Promise<void> {
  const broker = new Broker();
  const address = await broker.start();
  const workers = [new Worker(), new Worker(), new Worker({ routingId: "shouter" })];
  for (const worker of workers) worker.connect(address);
  const [first, second, third] = workers as [Worker, Worker, Worker];
  const serving = [
    work(first, "sum", (...numbers) => String(numbers.map(Number).reduce((a, b) => a + b, 0))),
    work(second, "sum", (...numbers) => String(numbers.map(Number).reduce((a, b) => a + b, 0))),
    work(third, "shout", (text = "") => text.toUpperCase()),
  ];
  const replies = await Promise.all([
    ...[1, 2, 3, 4].map((n) => call(address, "sum", String(n), String(n))),
    call(address, "shout", Buffer.from("hello")),
  ]);
  console.log(replies.join(" "));
  for (const worker of workers) worker.close();
  broker.stop();
  const served = await Promise.all(serving);
  console.log((served[0] as number) + (served[1] as number), served[2]);
}

main().catch((error: Error) => {
  console.error(error);
  process.exit(1);
});
