// SPDX-License-Identifier: MIT
/** Ordinary programs as users of npm `zeromq` write them, with the import changed and nothing else. */
import * as zmq from "zeromq-ts";
import { Pull, Push, Reply, Request } from "zeromq-ts";

async function pipeline(): Promise<void> {
  const push = new Push();
  await push.bind("tcp://127.0.0.1:3000");
  await push.send("some work");
  await push.send(["head", Buffer.from("body"), new Uint8Array(3), new ArrayBuffer(4), null]);

  const pull = new Pull();
  pull.connect("tcp://127.0.0.1:3000");
  for await (const [work] of pull) {
    if (work !== undefined) console.log(work.toString(), work.length);
  }
}

async function publishing(): Promise<void> {
  const publisher = new zmq.Publisher({ sendHighWaterMark: 10, linger: 0 });
  await publisher.bind("tcp://127.0.0.1:*");
  const subscriber = new zmq.Subscriber({ receiveHighWaterMark: 10 });
  subscriber.connect(publisher.lastEndpoint ?? "");
  subscriber.subscribe("kitty cats", Buffer.from("dogs"));
  subscriber.subscribe();
  subscriber.unsubscribe("dogs");
  for await (const [topic, text] of subscriber) {
    const line: string = `${topic?.toString()}: ${text?.toString()}`;
    console.log(line);
    break;
  }
  publisher.close();
  subscriber.close();
}

async function requests(): Promise<number> {
  const request = new Request({ relaxed: true, correlate: true, receiveTimeout: 1000 });
  request.connect("tcp://127.0.0.1:3000");
  await request.send("4");
  const [result] = await request.receive();

  const reply = new Reply();
  await reply.bind("tcp://127.0.0.1:3000");
  for await (const [number] of reply) {
    await reply.send(String(2 * Number.parseInt(String(number), 10)));
  }
  await reply.unbind("tcp://127.0.0.1:3000");
  return result === undefined ? 0 : Number(result.toString());
}

async function routing(): Promise<void> {
  const router = new zmq.Router({ mandatory: true, handover: true });
  router.connect("tcp://127.0.0.1:3000", { routingId: "peer" });
  const [id, ...parts] = await router.receive();
  if (id !== undefined) await router.send([id, ...parts]);

  const dealer = new zmq.Dealer({ routingId: "dealer" });
  dealer.events.on("connect", (event) => console.log(event.type, event.address));
  dealer.sendHighWaterMark = 100;
  const wait: number = dealer.reconnectInterval;
  const stream = new zmq.Stream();
  stream.connect("tcp://127.0.0.1:80", { routingId: "web" });
  console.log(wait, router.closed, router.readable, router.writable, dealer.context instanceof zmq.Context);
}

async function events(socket: zmq.Socket): Promise<void> {
  for await (const event of socket.events) {
    switch (event.type) {
      case "bind":
        console.log(event.address);
        break;
      case "bind:error":
        console.log(event.error.message);
        break;
      case "connect:retry":
        console.log(event.interval);
        break;
      default:
        break;
    }
  }
}

async function proxying(): Promise<void> {
  const proxy = new zmq.Proxy(new zmq.Router(), new zmq.Dealer());
  await proxy.frontEnd.bind("tcp://127.0.0.1:3001");
  await proxy.backEnd.bind("tcp://127.0.0.1:3002");
  await proxy.run();
  proxy.pause();
  proxy.resume();
  proxy.terminate();
}

void Promise.all([pipeline(), publishing(), requests(), routing(), events(new zmq.Pair()), proxying()]);
