// A program on npm zeromq's draft types, and what is added to them.
import { Channel, Context, Peer, type Readable, type Socket, type Writable } from "zeromq-ts";
import { Client, Datagram, Dish, Gather, Radio, Scatter, Server } from "zeromq-ts/draft";

const server = new Server({ linger: 0, receiveHighWaterMark: 10 });
const client = new Client({ sendTimeout: 0 });
for await (const [message, { routingId }] of server) {
  const text: string = message.toString("utf8");
  const id: number = routingId;
  await server.send(text, { routingId: id });
  await server.send(message, { routingId, timeout: 5 });
}
const [message, { routingId }] = await server.receive();
await server.send([message, { routingId }]);
await server.sendBatch(await server.receiveBatch());
await server.sendBatch(["a", Buffer.from("b")], { routingId });
const isSent: boolean = server.trySend("x", { routingId });
server.disconnectPeer(routingId);
for await (const [part] of client) console.log(part.length, isSent);
await client.send("question");

const radio = new Radio({ sendHighWaterMark: 1 });
await radio.send("weather", { group: "forecast" });
await radio.send(["weather"], { group: Buffer.from("forecast") });
const dish = new Dish();
dish.join("forecast", Buffer.from("news"));
dish.leave("news");
for await (const [part, { group }] of dish) {
  const name: Buffer = group;
  console.log(name.toString(), part.toString());
}

const gather = new Gather();
gather.conflate = true;
const [job]: [Buffer] = await gather.receive();
const scatter = new Scatter({ conflate: true });
await scatter.send(job);

const datagram = new Datagram();
for await (const [address, body] of datagram) await datagram.send([address, body]);

const peer = new Peer({ helloMessage: "hello" });
const number: number = peer.connectPeer("tcp://127.0.0.1:5555");
await peer.send("x", { routingId: number });
const channel = new Channel();
await channel.send("x");

const context = new Context();
const sockets: Socket[] = [context.socket("server"), context.socket("xrep"), context.socket("channel")];
const reads: Readable<[Buffer]> = client;
const writes: Writable = client;

export { reads, sockets, writes };
