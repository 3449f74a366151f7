// SPDX-License-Identifier: MIT
/** The sockets of version 5 of npm `zeromq`: event emitters around the sockets of today. What they do is in `works.ts`. */
import { EventEmitter } from "node:events";
import { type MessageLike, Subscriber } from "../index.ts";
import { ZMQ_SNDMORE, ZMQ_SUBSCRIBE, ZMQ_UNSUBSCRIBE } from "./constants.ts";
import { passOn } from "./monitor.ts";
import { getOption, optionNumber, type Properties, type ShortOption, setOption, shortOptions } from "./options.ts";
import { type Callback, type SocketType, Works } from "./works.ts";

/** Where a socket keeps what is nobody else's. */
const WORKS: symbol = Symbol("works");

/** A socket of version 5: `message` events, callbacks, options by libzmq's names. */
class EmitterSocket extends EventEmitter {
  /** The short options, such as `identity` and `linger`; and whatever a program keeps on its socket. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as npm zeromq declares it: programs set and read what they like
  [name: string]: any;
  /** The type, as it was given. */
  declare type: SocketType;

  constructor(type: SocketType) {
    super();
    begin(this, type);
  }

  /** True once `close` was called. */
  get closed(): boolean {
    return worksOf(this).socket.closed;
  }

  /** Starts to accept peers at an endpoint; then there is a `bind` event. Without a callback, a failure is an `error` event. */
  bind(address: string, done?: Callback): this {
    worksOf(this).settle(worksOf(this).socket.bind(address), done, () => this.emit("bind", address));
    return this;
  }

  /** Stops accepting at an endpoint; then there is an `unbind` event. Without a callback, a failure is an `error` event. */
  unbind(address: string, done?: Callback): this {
    worksOf(this).settle(worksOf(this).socket.unbind(address), done, () => this.emit("unbind", address));
    return this;
  }

  /** The same as `bind`, done when it returns. */
  bindSync(address: string): void {
    worksOf(this).socket.bindSync(address);
  }

  /** The same as `unbind`, done when it returns. */
  unbindSync(address: string): void {
    worksOf(this).socket.unbindSync(address);
  }

  /** Connects to an endpoint. */
  connect(address: string): this {
    worksOf(this).socket.connect(address);
    return this;
  }

  /** Ends the connections to an endpoint. */
  disconnect(address: string): this {
    worksOf(this).socket.disconnect(address);
    return this;
  }

  /**
   * Sends a message, or with the flag `ZMQ_SNDMORE` a part of one, of which the rest comes with the next calls. Without a
   * callback, a failure is an `error` event.
   */
  send(message: MessageLike[] | MessageLike, flags?: number | null, done?: Callback): this {
    const works = worksOf(this);
    works.parts = works.parts.concat(message);
    if (((flags ?? 0) & ZMQ_SNDMORE) !== 0) return this;
    const parts = works.parts;
    works.parts = [];
    works.send(parts, done);
    return this;
  }

  /** Was taken out by version 6. @throws Error always */
  read(): void {
    throw new Error("read() has been removed from compatibility mode; use on('message', ...) instead.");
  }

  /** Stops reading and sending, until `resume`. */
  pause(): void {
    worksOf(this).pause();
  }

  /** Goes on after `pause`. */
  resume(): void {
    worksOf(this).resume();
  }

  /** Closes the socket. */
  close(): this {
    void worksOf(this).socket.close();
    worksOf(this).stopMonitor?.();
    return this;
  }

  /** Keeps the program alive from now on, whether anything waits or not. */
  ref(): void {
    worksOf(this).socket.ref();
  }

  /** Lets the program end while this socket is open. */
  unref(): void {
    worksOf(this).socket.unref();
  }

  /** Has what happens to endpoints and connections told as events. The arguments of version 4 have no meaning any more. */
  monitor(interval?: number, events?: number): this {
    if (interval || events) {
      process.emitWarning(
        "Arguments to monitor() are ignored in compatibility mode; all events are read automatically",
      );
    }
    worksOf(this).stopMonitor ??= passOn(worksOf(this).socket.events, this);
    return this;
  }

  /** Ends what `monitor` began. */
  unmonitor(): this {
    worksOf(this).stopMonitor?.();
    worksOf(this).stopMonitor = undefined;
    return this;
  }

  /** Receives what begins so. @throws Error when this is no SUB */
  subscribe(filter: string | Buffer): this {
    subscriberOf(this).subscribe(filter);
    return this;
  }

  /** Ends a subscription. @throws Error when this is no SUB */
  unsubscribe(filter: string | Buffer): this {
    subscriberOf(this).unsubscribe(filter);
    return this;
  }

  /** Sets an option, by libzmq's number or a short name. @throws Error when there is none */
  setsockopt(option: number | ShortOption, value: unknown): this {
    const number = optionNumber(option);
    if (number === ZMQ_SUBSCRIBE) return this.subscribe(value as string);
    if (number === ZMQ_UNSUBSCRIBE) return this.unsubscribe(value as string);
    setOption(worksOf(this).socket as unknown as Properties, number, value);
    return this;
  }

  /** Reads an option, by libzmq's number or a short name. @throws Error when there is none */
  getsockopt(option: number | ShortOption): string | number | boolean | null {
    return getOption(worksOf(this).socket as unknown as Properties, optionNumber(option));
  }
}

function begin(socket: EmitterSocket, type: SocketType): void {
  const works = new Works(socket, type);
  Object.defineProperty(socket, WORKS, { value: works });
  socket.type = type;
}

function worksOf(socket: EmitterSocket): Works {
  return (socket as unknown as Record<symbol, Works>)[WORKS] as Works;
}

function subscriberOf(socket: EmitterSocket): Subscriber {
  const { socket: inner } = worksOf(socket);
  if (inner instanceof Subscriber) return inner;
  throw new Error("Subscriber socket required");
}

for (const [name, option] of Object.entries(shortOptions)) {
  Object.defineProperty(EmitterSocket.prototype, name, {
    configurable: true,
    get(this: EmitterSocket) {
      return this.getsockopt(option);
    },
    set(this: EmitterSocket, value: unknown) {
      this.setsockopt(option, value);
    },
  });
}

Object.defineProperty(EmitterSocket, "name", { value: "Socket" });

/** A socket of version 5. */
export type Socket = EmitterSocket;

/**
 * The class of all sockets. It was a function in version 5, so that programs have `Socket.call(this, type)` in constructors of
 * their own: this one can be called as well.
 */
export const Socket: typeof EmitterSocket = new Proxy(EmitterSocket, {
  apply(_target, self: EmitterSocket, [type]: [SocketType]) {
    (EventEmitter as unknown as (this: EventEmitter) => void).call(self);
    begin(self, type);
  },
});
