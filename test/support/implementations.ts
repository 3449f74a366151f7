// SPDX-License-Identifier: MIT
/**
 * The same test for this library and for libzmq, through npm `zeromq`: what both let an application see must be the same.
 * Where npm `zeromq` cannot be loaded, its half is skipped by name.
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import * as ours from "../../src/index.ts";
import { nativeDrafts } from "./native-drafts.ts";

/** The package under test: only what both have may be used. */
export type Package = typeof ours;

type Body = (open: OpenEither, zmq: Package) => Promise<void>;

/** The classes, by the names of their types. */
interface Classes {
  pair: Package["Pair"];
  pub: Package["Publisher"];
  sub: Package["Subscriber"];
  req: Package["Request"];
  rep: Package["Reply"];
  dealer: Package["Dealer"];
  router: Package["Router"];
  pull: Package["Pull"];
  push: Package["Push"];
  xpub: Package["XPublisher"];
  xsub: Package["XSubscriber"];
  stream: Package["Stream"];
  server: Package["Server"];
  client: Package["Client"];
  radio: Package["Radio"];
  dish: Package["Dish"];
  gather: Package["Gather"];
  scatter: Package["Scatter"];
  dgram: Package["Datagram"];
  peer: Package["Peer"];
  channel: Package["Channel"];
}

/** What a test gets: sockets of one implementation. Only what both packages have may be used. */
export type OpenEither = <T extends keyof Classes>(
  type: T,
  options?: ConstructorParameters<Classes[T]>[0],
) => InstanceType<Classes[T]>;

function classesOf(zmq: Package): Classes {
  const drafts = zmq === ours ? ours : (nativeDrafts(zmq) as unknown as Package);
  return {
    pair: zmq.Pair,
    pub: zmq.Publisher,
    sub: zmq.Subscriber,
    req: zmq.Request,
    rep: zmq.Reply,
    dealer: zmq.Dealer,
    router: zmq.Router,
    pull: zmq.Pull,
    push: zmq.Push,
    xpub: zmq.XPublisher,
    xsub: zmq.XSubscriber,
    stream: zmq.Stream,
    server: drafts.Server,
    client: drafts.Client,
    radio: drafts.Radio,
    dish: drafts.Dish,
    gather: drafts.Gather,
    scatter: drafts.Scatter,
    dgram: drafts.Datagram,
    peer: drafts.Peer,
    channel: drafts.Channel,
  };
}

const native = (await import("zeromq").catch(() => undefined)) as unknown as Package | undefined;

async function run(zmq: Package, body: Body): Promise<void> {
  const context = new zmq.Context();
  const classes = classesOf(zmq);
  const sockets: { close(): unknown; linger: number }[] = [];
  const open: OpenEither = (type, options) => {
    const create = classes[type] as unknown as new (options: object) => InstanceType<Classes[typeof type]>;
    const socket = new create({ linger: 0, ...options, context });
    sockets.push(socket);
    return socket;
  };
  const hold = setInterval(() => {}, 1 << 30);
  try {
    await body(open, zmq);
  } finally {
    clearInterval(hold);
    for (const socket of sockets) {
      // Closed ones take no options any more.
      if (!(socket as { closed?: boolean }).closed) socket.linger = 0;
      await socket.close();
    }
  }
}

/** A test that both must pass. */
export function testBoth(name: string, body: Body): void {
  test(name, { timeout: 20_000 }, () => run(ours, body));
  const skip = native === undefined ? "npm zeromq cannot be loaded here" : false;
  test(`${name} (libzmq)`, { skip, timeout: 20_000 }, () => run(native as Package, body));
}

/** A test of behaviour that npm `zeromq` does not show: drafts, and what is ours alone. */
export function testOurs(name: string, body: Body): void {
  test(name, { timeout: 20_000 }, () => run(ours, body));
}

/** True for sockets of this library: libzmq's tell and do some things later, or not at all. */
export function isOurs(socket: object): boolean {
  return socket instanceof ours.Socket;
}

/** Sets an option that npm `zeromq` has no property for, by libzmq's number: in both packages that is for classes that extend one. */
export function setByNumber(socket: object, option: number, value: number | string): void {
  const numbered = socket as {
    setInt32Option(id: number, to: number): void;
    setStringOption(id: number, to: string): void;
  };
  if (typeof value === "number") numbered.setInt32Option(option, value);
  else numbered.setStringOption(option, value);
}

/** Sends without waiting; false when that is not possible. */
export async function sendNow(
  socket: { sendTimeout: number; send(message: string | Buffer | (string | Buffer)[]): Promise<void> },
  message: string | Buffer | (string | Buffer)[],
): Promise<boolean> {
  socket.sendTimeout = 0;
  try {
    await socket.send(message);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EAGAIN") return false;
    throw error;
  }
}

/** Receives within a time, as texts; undefined when there is nothing. */
export async function receiveSoon(
  socket: { receiveTimeout: number; receive(): Promise<Buffer[]> },
  timeout = 3000,
): Promise<string[] | undefined> {
  const end = performance.now() + timeout;
  for (let left = timeout; left >= 0; left = end - performance.now()) {
    socket.receiveTimeout = Math.ceil(left);
    try {
      return (await socket.receive()).map(String);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      // npm zeromq gives up at once when what woke it is a message that libzmq then throws away.
      if (timeout === 0) break;
    }
  }
  return undefined;
}

/** Resolves with the first event of a type; to be called before it can come. */
export async function eventOf(socket: ours.Socket, type: string): Promise<ours.Event> {
  for await (const event of socket.events) if (event.type === type) return event;
  throw new Error(`the socket was closed before ${type}`);
}

/** Binds to a wildcard and gives the endpoint. */
export async function boundTo(socket: ours.Socket, wildcard = "tcp://127.0.0.1:*"): Promise<string> {
  await socket.bind(wildcard);
  return socket.lastEndpoint as string;
}

/** A tcp endpoint of the loopback where nobody listens, and which can be bound. */
export async function freeEndpoint(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `tcp://127.0.0.1:${port}`;
}

/** Binds to an endpoint that was unbound just now: libzmq gives it back a moment later. */
export async function bindAgain(socket: ours.Socket, endpoint: string): Promise<void> {
  for (let left = 200; ; left -= 1) {
    try {
      await socket.bind(endpoint);
      return;
    } catch (error) {
      if (left === 0 || (error as { code?: string }).code !== "EADDRINUSE") throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }
}
