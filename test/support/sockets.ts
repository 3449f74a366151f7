// SPDX-License-Identifier: MIT
/**
 * What tests need around sockets: `withSockets` opens them in a context of their own and closes them on the way out,
 * `married` waits for handshakes. No sleeps: everything waits for an event.
 */
import assert from "node:assert/strict";
import type * as zmq from "../../src/index.ts";
import { Context, type ContextOptions, type Socket } from "../../src/index.ts";

/** The package's classes, by the names of their types. */
interface Classes {
  pair: typeof zmq.Pair;
  pub: typeof zmq.Publisher;
  sub: typeof zmq.Subscriber;
  req: typeof zmq.Request;
  rep: typeof zmq.Reply;
  dealer: typeof zmq.Dealer;
  router: typeof zmq.Router;
  pull: typeof zmq.Pull;
  push: typeof zmq.Push;
  xpub: typeof zmq.XPublisher;
  xsub: typeof zmq.XSubscriber;
  stream: typeof zmq.Stream;
  server: typeof zmq.Server;
  client: typeof zmq.Client;
  radio: typeof zmq.Radio;
  dish: typeof zmq.Dish;
  gather: typeof zmq.Gather;
  scatter: typeof zmq.Scatter;
  dgram: typeof zmq.Datagram;
  peer: typeof zmq.Peer;
  channel: typeof zmq.Channel;
}

/** Opens a socket; closed when the test is over. */
export interface Open {
  <T extends keyof Classes>(type: T, options?: ConstructorParameters<Classes[T]>[0]): InstanceType<Classes[T]>;
  /** The context of the test. */
  readonly context: Context;
}

/** Runs a test with sockets of a fresh context, which do not linger; closes them all, however the test ends. */
export async function withSockets(test: (open: Open) => Promise<void>, options: ContextOptions = {}): Promise<void> {
  const context = new Context({ ...options, defaults: { linger: 0, ...options.defaults } });
  const opened: Socket[] = [];
  const open = Object.assign(
    <T extends keyof Classes>(type: T, values?: ConstructorParameters<Classes[T]>[0]) => {
      const socket = context.socket(type, values) as unknown as InstanceType<Classes[T]>;
      opened.push(socket);
      return socket;
    },
    { context },
  );
  // Nothing that the library does by itself keeps the process alive, but a test waits for it.
  const hold = setInterval(() => {}, 1 << 30);
  try {
    await test(open);
  } finally {
    clearInterval(hold);
    await Promise.all(opened.map((socket) => socket.close({ linger: 0 })));
  }
}

/** Resolves with the address of the next event of a type. To be called before the event can come: before a turn ends. */
export function nextEvent(socket: Socket, type: zmq.EventType): Promise<string> {
  return new Promise((resolve) => {
    socket.events.once(type, ({ endpoint }) => resolve(endpoint));
  });
}

/** Resolves when each of the sockets has finished a handshake. To be called in the turn in which they were connected. */
export async function married(...sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => nextEvent(socket, "handshake")));
}

/** Lets the runtime look at its input and output once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Lets a few turns pass: enough for what is already under way within the process. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i += 1) await turn();
}

/** The parts of a message as texts. */
export function texts(message: readonly Uint8Array[] | undefined): string[] {
  return (message ?? []).map((part) => Buffer.from(part).toString());
}

/** Receives a message and gives its parts as texts; fails soon rather than never. */
export async function receiveTexts(
  socket: { receive(options?: { timeout?: number }): Promise<Uint8Array[]> },
  timeout = 5000,
): Promise<string[]> {
  return texts(await socket.receive({ timeout }));
}

/** Everything that can be received without waiting, as texts. */
export function receiveAll(socket: { tryReceive(): Uint8Array[] | undefined }): string[][] {
  const all: string[][] = [];
  for (let message = socket.tryReceive(); message !== undefined; message = socket.tryReceive())
    all.push(texts(message));
  return all;
}

/** Binds to a free port of the loopback, or another wildcard, and gives the endpoint. */
export async function bound(socket: Socket, wildcard = "tcp://127.0.0.1:*"): Promise<string> {
  await socket.bind(wildcard);
  assert.ok(socket.lastEndpoint !== null);
  return socket.lastEndpoint;
}

/** Binds one, connects the other, waits for the handshake of both. */
export async function join(binder: Socket, connecter: Socket, wildcard?: string): Promise<string> {
  const endpoint = await bound(binder, wildcard);
  const both = married(binder, connecter);
  connecter.connect(endpoint);
  await both;
  return endpoint;
}

/** Resolves to `"pending"` when a promise has not settled after a few turns; to `"resolved"` or the error's code otherwise. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = "pending";
  promise.then(
    () => {
      state = "resolved";
    },
    (error: { code?: string; name: string }) => {
      state = error.code ?? error.name;
    },
  );
  await turns(3);
  return state;
}

/** Fails when a promise does not settle in time: a hang then has a name. */
export function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing after ${milliseconds} ms`)), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A promise with what resolves it. */
export function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
