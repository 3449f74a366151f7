// SPDX-License-Identifier: MIT
/** Every type of npm `zeromq` 6, used as its users do. Compiled with both packages, unchanged; never run. */
import * as zmq from "zeromq";
import {
  Context,
  Dealer,
  Event,
  EventOfType,
  EventSubscriber,
  EventType,
  Message,
  MessageLike,
  Observer,
  Proxy,
  Publisher,
  Pull,
  Push,
  Readable,
  Request,
  Router,
  RouterConnectOptions,
  Socket,
  SocketOptions,
  Stream,
  StreamConnectOptions,
  Subscriber,
  Writable,
  XPublisher,
} from "zeromq";
import { Client, Datagram, Dish, Gather, Radio, Scatter, Server } from "zeromq/draft";
import * as v5 from "zeromq/v5-compat";

// Constructors and options.
const context = new Context({ maxSockets: 10, ioThreads: 1, blocky: false, ipv6: true });
const options: SocketOptions<Push> = { sendHighWaterMark: 1, linger: 0, context };
const push = new Push(options);
const loose: SocketOptions<Socket> = { linger: 0, tcpKeepalive: 1, reconnectInterval: 5, maxMessageSize: -1 };
const created: Socket[] = [push, new Pull({ ...loose, receiveHighWaterMark: 2 }), new zmq.Pair({})];
const limit: number = zmq.context.maxSocketsLimit;
context.maxSockets = limit;
context.threadPriority = 1;
const text: string = zmq.version;
const hasIpc: boolean | undefined = zmq.capability.ipc;

// Messages.
const parts: MessageLike[] = ["text", Buffer.from("octets"), new Uint16Array(2), new ArrayBuffer(2), 12, null];
async function exchange(): Promise<Message> {
  await push.send(parts);
  await push.send("one");
  const pull = new Pull();
  const [first, ...rest]: Message[] = await pull.receive();
  const joined: Buffer = Buffer.concat([first as Message, ...rest]);
  for await (const [topic, message] of new Subscriber()) console.log(topic?.toString("utf8"), message?.length);
  return joined;
}

// What can be read from, and written to.
async function pump(from: Readable, to: Writable): Promise<void> {
  for await (const message of from) await to.send(message);
  from.receiveTimeout = 1;
  to.sendTimeout = 1;
  from.receiveBufferSize = 1;
  to.multicastHops = 1;
}
async function single(to: Writable<MessageLike>, stream: Readable<[Message, Message]>): Promise<void> {
  const [id, data] = await stream.receive();
  await to.send(id.length > data.length ? id : data);
}
void pump(new zmq.Reply(), new zmq.Request());
void pump(new zmq.XSubscriber(), new XPublisher());
void single(push, new Stream());

// Sockets of one's own.
class Worker extends Dealer {
  constructor(init?: SocketOptions<Worker>) {
    super({ routingId: "worker", ...init });
  }

  get fastpath(): boolean {
    this.setInt32Option(23, 100);
    this.setStringOption(5, Buffer.from("id"));
    return this.getBoolOption(39) && this.getInt32Option(23) > 0 && this.getStringOption(32) !== null;
  }
}
const generic = <S extends Socket & Readable>(socket: S): AsyncIterator<Message[], undefined> =>
  socket[Symbol.asyncIterator]();
generic(new Worker());
function make<S extends Socket>(type: new (init?: SocketOptions<S>) => S, init: SocketOptions<S>): S {
  return new type(init);
}
make(Worker, { linger: 1 }).probeRouter = true;

// What single types have.
async function types(): Promise<void> {
  const router = new Router({ mandatory: true, handover: false });
  const named: RouterConnectOptions = { routingId: "peer" };
  router.connect("tcp://127.0.0.1:1", named);
  const stream = new Stream({ notify: true });
  const other: StreamConnectOptions = {};
  stream.connect("tcp://127.0.0.1:1", other);
  const [id, data]: [Message, Message] = await stream.receive();
  await stream.send([id, data]);
  const xpub = new XPublisher({ manual: true, welcomeMessage: "hi" });
  xpub.verbosity = "allSubsUnsubs";
  xpub.verbosity = null;
  const sub = new Subscriber();
  sub.subscribe("a", Buffer.from("b"));
  sub.unsubscribe();
  const pub = new Publisher({ noDrop: true, conflate: false, invertMatching: false });
  const req = new Request({ correlate: true, relaxed: true, routingId: null });
  const mechanism: null | "plain" | "curve" | "gssapi" = req.securityMechanism;
  const last: string | null = pub.lastEndpoint;
  const kind: number = pub.type;
  pub.bindSync("tcp://127.0.0.1:*");
  pub.unbindSync("tcp://127.0.0.1:*");
  await pub.bind("tcp://127.0.0.1:*");
  await pub.unbind(last ?? "");
  req.disconnect("tcp://127.0.0.1:*");
  console.log(mechanism, kind, pub.context === zmq.context, pub.closed, pub.writable, sub.readable);
  for (const each of [router, stream, xpub, sub, pub, req]) each.close();
}

// Events.
async function events(socket: Socket): Promise<void> {
  const observer: Observer = socket.events;
  const subscriber: EventSubscriber = observer;
  const listen = (event: EventOfType<"bind">): void => console.log(event.address);
  subscriber.on("bind", listen).on("connect:retry", ({ interval }) => console.log(interval.toFixed()));
  observer.off("bind", listen);
  const next: Event = await observer.receive();
  const type: EventType = next.type;
  for await (const event of new Observer(socket)) {
    switch (event.type) {
      case "accept":
      case "connect:delay":
        console.log(event.address);
        break;
      case "connect:retry":
        console.log(event.interval, event.address);
        break;
      case "bind:error":
      case "accept:error":
      case "close:error":
      case "handshake:error:other":
        console.log(event.error.code, event.error.errno, event.address);
        break;
      case "handshake:error:auth":
        console.log(event.error.status === 400);
        break;
      case "handshake:error:protocol":
        console.log(event.error.code === "ERR_ZMTP_INVALID_METADATA");
        break;
      case "end":
        return;
      default:
        console.log(type);
    }
  }
  observer.close();
  console.log(observer.closed);
}

// Proxies.
async function proxy(): Promise<void> {
  const between: Proxy<Router, Dealer> = new Proxy(new Router(), new Dealer());
  between.frontEnd.mandatory = true;
  between.backEnd.probeRouter = true;
  const running: Promise<void> = between.run();
  between.pause();
  between.resume();
  between.terminate();
  await running;
}

// Drafts.
async function drafts(): Promise<void> {
  const server = new Server();
  const [message, { routingId }]: [Message, { routingId: number }] = await server.receive();
  await server.send(message, { routingId });
  const client = new Client({ linger: 0 });
  await client.send("text");
  const [answer]: [Message] = await client.receive();
  const radio = new Radio();
  await radio.send(answer, { group: "group" });
  const dish = new Dish();
  dish.join("group", Buffer.from("other"));
  dish.leave("group");
  const [news, { group }]: [Message, { group: Buffer }] = await dish.receive();
  await new Scatter({ conflate: true }).send(Buffer.concat([news, group]));
  const [gathered]: [Message] = await new Gather().receive();
  const datagram = new Datagram();
  const [address, body]: [Message, Message] = await datagram.receive();
  await datagram.send([address, Buffer.concat([body, gathered])]);
}

// Version 5.
function version5(): void {
  const type: v5.SocketType = "sub";
  const socket: v5.Socket = v5.socket(type, { linger: 0 });
  socket.identity = "me";
  socket
    .monitor()
    .connect("tcp://127.0.0.1:1")
    .subscribe("")
    .on("message", (topic: Buffer, message: Buffer) => console.log(topic, message));
  socket.setsockopt(v5.ZMQ_LINGER, 0).setsockopt("linger", 1);
  socket.send(["a", "b"], v5.ZMQ_SNDMORE).send("c", 0, (error?: Error) => console.log(error?.message));
  socket.bind("tcp://127.0.0.1:*", (error) => console.log(error?.message)).close();
  const value: string | number | boolean | null = socket.getsockopt("linger");
  console.log(value, v5.Context.getMaxSockets(), v5.version, Object.keys(v5.options), v5.curveKeypair().public);
  v5.proxy(v5.createSocket("xpub"), v5.createSocket("xsub"), socket);
}

console.log(created, text, hasIpc, exchange, types, events, proxy, drafts, version5);
