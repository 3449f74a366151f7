// SPDX-License-Identifier: MIT
/**
 * The sockets of version 5 of npm `zeromq`: event emitters that read by themselves, around the sockets of today. Reading
 * stops while a socket is paused, so that what comes meanwhile waits under the high-water marks.
 */
import { EventEmitter } from "node:events";
import * as zmq from "../index.ts";
import { ZMQ_SNDMORE, ZMQ_SUBSCRIBE, ZMQ_UNSUBSCRIBE } from "./constants.ts";
import { passOn } from "./monitor.ts";
import { getOption, optionNumber, type Properties, type ShortOption, setOption, shortOptions } from "./options.ts";

/** The types of sockets. */
export type SocketType =
  | "pair"
  | "req"
  | "rep"
  | "pub"
  | "sub"
  | "dealer"
  | "xreq"
  | "router"
  | "xrep"
  | "pull"
  | "push"
  | "xpub"
  | "xsub"
  | "stream";

/** What is called when an operation is done, or has failed. */
type Callback = (error?: Error) => void;

/** Messages that are taken at a time. */
const BATCH = 100;

const CLASSES: Readonly<Record<SocketType, new () => zmq.Socket>> = {
  pair: zmq.Pair,
  req: zmq.Request,
  rep: zmq.Reply,
  pub: zmq.Publisher,
  sub: zmq.Subscriber,
  dealer: zmq.Dealer,
  xreq: zmq.Dealer,
  router: zmq.Router,
  xrep: zmq.Router,
  pull: zmq.Pull,
  push: zmq.Push,
  xpub: zmq.XPublisher,
  xsub: zmq.XSubscriber,
  stream: zmq.Stream,
};

/** A socket of version 5: `message` events, callbacks, options by libzmq's names. */
export class Socket extends EventEmitter {
  /** The short options, such as `identity` and `linger`; and whatever a program keeps on its socket. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as npm zeromq declares it: programs set and read what they like
  [name: string]: any;
  /** The type, as it was given. */
  type: SocketType;
  readonly #socket: zmq.Socket;
  /** Parts of a message of which more is to come. */
  #parts: zmq.MessageLike[] = [];
  /** Taken, and not yet handed out, as a listener paused the socket. */
  #received: Buffer[][] = [];
  #unsent: { readonly message: zmq.MessageLike[]; readonly done: Callback | undefined }[] = [];
  #paused = false;
  #reading: AbortController | undefined = undefined;
  #stopMonitor: (() => void) | undefined = undefined;

  constructor(type: SocketType) {
    super();
    if (!Object.hasOwn(CLASSES, type)) throw new Error(`Invalid socket type: ${type}`);
    this.type = type;
    this.#socket = new CLASSES[type]();
    this.#read();
  }

  /** True once `close` was called. */
  get closed(): boolean {
    return this.#socket.closed;
  }

  /** Starts to accept peers at an endpoint; then there is a `bind` event. Without a callback, a failure is an `error` event. */
  bind(address: string, done?: Callback): this {
    this.#settle(this.#socket.bind(address), done, () => this.emit("bind", address));
    return this;
  }

  /** Stops accepting at an endpoint; then there is an `unbind` event. Without a callback, a failure is an `error` event. */
  unbind(address: string, done?: Callback): this {
    this.#settle(this.#socket.unbind(address), done, () => this.emit("unbind", address));
    return this;
  }

  /** The same as `bind`, done when it returns. */
  bindSync(address: string): void {
    this.#socket.bindSync(address);
  }

  /** The same as `unbind`, done when it returns. */
  unbindSync(address: string): void {
    this.#socket.unbindSync(address);
  }

  /** Connects to an endpoint. */
  connect(address: string): this {
    this.#socket.connect(address);
    return this;
  }

  /** Ends the connections to an endpoint. */
  disconnect(address: string): this {
    this.#socket.disconnect(address);
    return this;
  }

  /**
   * Sends a message, or with the flag `ZMQ_SNDMORE` a part of one, of which the rest comes with the next calls. Without a
   * callback, a failure is an `error` event.
   */
  send(message: zmq.MessageLike[] | zmq.MessageLike, flags?: number | null, done?: Callback): this {
    this.#parts = this.#parts.concat(message);
    if (((flags ?? 0) & ZMQ_SNDMORE) !== 0) return this;
    const parts = this.#parts;
    this.#parts = [];
    if (this.#paused) this.#unsent.push({ message: parts, done });
    else this.#send(parts, done);
    return this;
  }

  /** Was taken out by version 6. @throws Error always */
  read(): void {
    throw new Error("read() has been removed from compatibility mode; use on('message', ...) instead.");
  }

  /** Stops reading and sending, until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#reading?.abort();
  }

  /** Goes on after `pause`. */
  resume(): void {
    this.#paused = false;
    for (const { message, done } of this.#unsent.splice(0)) this.#send(message, done);
    if (this.#received.length > 0) this.#handOutLater();
    this.#read();
  }

  /** Closes the socket. */
  close(): this {
    void this.#socket.close();
    this.#stopMonitor?.();
    return this;
  }

  /** Keeps the program alive from now on, whether anything waits or not. */
  ref(): void {
    this.#socket.ref();
  }

  /** Lets the program end while this socket is open. */
  unref(): void {
    this.#socket.unref();
  }

  /** Has what happens to endpoints and connections told as events. The arguments of version 4 have no meaning any more. */
  monitor(interval?: number, events?: number): this {
    if (interval || events) {
      process.emitWarning(
        "Arguments to monitor() are ignored in compatibility mode; all events are read automatically",
      );
    }
    this.#stopMonitor ??= passOn(this.#socket.events, this);
    return this;
  }

  /** Ends what `monitor` began. */
  unmonitor(): this {
    this.#stopMonitor?.();
    this.#stopMonitor = undefined;
    return this;
  }

  /** Receives what begins so. @throws Error when this is no SUB */
  subscribe(filter: string | Buffer): this {
    this.#subscriber().subscribe(filter);
    return this;
  }

  /** Ends a subscription. @throws Error when this is no SUB */
  unsubscribe(filter: string | Buffer): this {
    this.#subscriber().unsubscribe(filter);
    return this;
  }

  /** Sets an option, by libzmq's number or a short name. @throws Error when there is none */
  setsockopt(option: number | ShortOption, value: unknown): this {
    const number = optionNumber(option);
    if (number === ZMQ_SUBSCRIBE) return this.subscribe(value as string);
    if (number === ZMQ_UNSUBSCRIBE) return this.unsubscribe(value as string);
    setOption(this.#socket as unknown as Properties, number, value);
    return this;
  }

  /** Reads an option, by libzmq's number or a short name. @throws Error when there is none */
  getsockopt(option: number | ShortOption): string | number | boolean | null {
    return getOption(this.#socket as unknown as Properties, optionNumber(option));
  }

  #subscriber(): zmq.Subscriber {
    if (this.#socket instanceof zmq.Subscriber) return this.#socket;
    throw new Error("Subscriber socket required");
  }

  /** Reports the end of an operation, after everything that runs now. */
  #settle(work: Promise<void>, done: Callback | undefined, succeeded: () => void): void {
    const finish = (error?: Error): void => {
      process.nextTick(() => {
        if (error === undefined) succeeded();
        if (done !== undefined) done(...(error === undefined ? [] : [error]));
        else if (error !== undefined) this.emit("error", error);
      });
    };
    work.then(() => finish(), finish);
  }

  #send(message: zmq.MessageLike[], done: Callback | undefined): void {
    if (!("send" in this.#socket)) {
      const error = new Error("Cannot send on this socket type.");
      this.#settle(Promise.reject(error), done, () => {});
      return;
    }
    const work = (this.#socket as zmq.Push).send(message);
    // What a closed socket could not send any more is no surprise to who closed it.
    const quiet = (): void => {};
    this.#settle(
      work,
      done ?? ((error) => (error === undefined || this.closed ? quiet() : this.emit("error", error))),
      quiet,
    );
  }

  /** Reads until the socket is paused or closed. */
  #read(): void {
    if (!("receiveBatch" in this.#socket) || this.#paused || this.#reading !== undefined) return;
    const reading = new AbortController();
    this.#reading = reading;
    (this.#socket as zmq.Pull).receiveBatch(BATCH, { signal: reading.signal }).then(
      (messages) => {
        this.#reading = undefined;
        this.#received.push(...messages);
        this.#handOutLater();
        this.#read();
      },
      (error: Error) => {
        this.#reading = undefined;
        if (this.closed) return;
        if (!reading.signal.aborted) process.nextTick(() => this.emit("error", error));
        // Aborted, and resumed since: then it goes on.
        this.#read();
      },
    );
  }

  #handOutLater(): void {
    process.nextTick(() => this.#handOut());
  }

  #handOut(): void {
    while (this.#received.length > 0 && !this.#paused) {
      const message = this.#received.shift() as Buffer[];
      try {
        this.emit("message", ...message);
      } catch (error) {
        // It ends the program, or whoever catches it there goes on with the next message.
        this.#handOutLater();
        throw error;
      }
    }
  }
}

for (const [name, option] of Object.entries(shortOptions)) {
  Object.defineProperty(Socket.prototype, name, {
    configurable: true,
    get(this: Socket) {
      return this.getsockopt(option);
    },
    set(this: Socket, value: unknown) {
      this.setsockopt(option, value);
    },
  });
}
