// SPDX-License-Identifier: MIT
/**
 * A proxy (zmq_proxy(3), zmq_proxy_steerable(3)): passes whole messages between two sockets, both ways where both can, under
 * the back-pressure of either. ROUTER with DEALER makes a shared queue, XSUB with XPUB a forwarder, PULL with PUSH a
 * streamer. It can be paused and counted, by the program or through a control socket, and copies what passes to a third one.
 */
import { ZmqError } from "../base/errors.ts";
import { Passage, Tally } from "./passage.ts";
import { ProxyControl } from "./proxy-control.ts";
import { Socket } from "./socket.ts";

/** Further sockets of a proxy. Both stay open when it ends. */
export interface ProxyOptions {
  /**
   * Gets a copy of every message, of both directions: a PUB, PUSH, PAIR or DEALER. Where it has no room the proxy waits, as with
   * libzmq, unless it drops, as a PUB does.
   */
  readonly capture?: Socket | undefined;
  /**
   * Takes libzmq's commands, each a message of one part: `PAUSE`, `RESUME`, `TERMINATE`, `STATISTICS`. A REP, PAIR, DEALER, PULL or
   * SUB. `STATISTICS` is answered with eight parts, unsigned 64-bit numbers in this machine's order: what the front-end
   * received, in parts and octets, what it sent, and the same of the back-end. A REP answers the others with an empty message.
   */
  readonly control?: Socket | undefined;
}

/** What has passed in one direction of one socket. */
export interface ProxyCount {
  /** Whole messages. */
  readonly messages: number;
  /** Their parts: what libzmq counts. */
  readonly parts: number;
  /** Octets of all parts. */
  readonly octets: number;
}

/** What one socket of a proxy has received and sent. */
export interface ProxyTraffic {
  /** Taken from its peers. */
  readonly received: ProxyCount;
  /** Given to its peers. */
  readonly sent: ProxyCount;
}

/** What has passed through a proxy. */
export interface ProxyStatistics {
  /** At the socket that clients reach. */
  readonly frontEnd: ProxyTraffic;
  /** At the socket that workers reach. */
  readonly backEnd: ProxyTraffic;
}

/** Passes messages between a front-end and a back-end socket, until it is terminated. */
export class Proxy<Front extends Socket = Socket, Back extends Socket = Socket> {
  /** The socket that clients reach. */
  readonly frontEnd: Front;
  /** The socket that workers reach; may be the same one, which then gets back all that it receives. */
  readonly backEnd: Back;
  readonly #options: ProxyOptions;
  readonly #ending = new AbortController();
  readonly #atFront = { received: new Tally(), sent: new Tally() };
  readonly #atBack = { received: new Tally(), sent: new Tally() };
  #isRunning = false;
  #paused: { promise: Promise<void>; resume: () => void } | undefined = undefined;

  constructor(frontEnd: Front, backEnd: Back, options: ProxyOptions = {}) {
    requireSocket(frontEnd, "Front-end");
    requireSocket(backEnd, "Back-end");
    if (options.capture !== undefined) requireSocket(options.capture, "Capture");
    if (options.control !== undefined) requireSocket(options.control, "Control");
    this.frontEnd = frontEnd;
    this.backEnd = backEnd;
    this.#options = options;
    if (options.capture?.works.core.type.canSend === false) throw cannot("Capture", "send", options.capture);
    if (options.control?.works.core.type.canReceive === false) throw cannot("Control", "receive", options.control);
  }

  /**
   * Runs until `terminate` is called, a socket is closed or the context is terminated, then closes both sockets. What was
   * taken from one socket is given to the other first.
   * @throws ZmqError `EINVAL` when a socket is neither bound nor connected, `EBADF` when one is closed
   */
  async run(): Promise<void> {
    const [front, back] = [this.frontEnd.works, this.backEnd.works];
    if (front.core.isClosed || back.core.isClosed)
      throw new ZmqError("EBADF", "Socket is closed: a proxy needs open ones");
    if (front.core.endpoints.size === 0) throw new ZmqError("EINVAL", "Front-end socket must be bound or connected");
    if (back.core.endpoints.size === 0) throw new ZmqError("EINVAL", "Back-end socket must be bound or connected");
    this.#isRunning = true;
    // While it is paused it waits for neither socket, and would not hear that one is closed.
    const forgets = [front, back].map((socket) => socket.whenOver(() => this.terminate()));
    const forth = new Passage(front, back, this.#atFront.received, this.#atBack.sent);
    const home = new Passage(back, front, this.#atBack.received, this.#atFront.sent);
    try {
      await Promise.all([this.#pass(forth), front === back ? undefined : this.#pass(home), this.#listen()]);
    } finally {
      this.#isRunning = false;
      for (const forget of forgets) forget();
      void this.frontEnd.close();
      void this.backEnd.close();
    }
  }

  /** Stops passing messages on; they wait in the sockets. @throws ZmqError `EBADF` when the proxy does not run */
  pause(): void {
    this.#requireRunning();
    if (this.#paused !== undefined) return;
    let resume: () => void = () => {};
    const promise = new Promise<void>((resolve) => {
      resume = resolve;
    });
    this.#paused = { promise, resume };
  }

  /** Goes on after a pause. @throws ZmqError `EBADF` when the proxy does not run */
  resume(): void {
    this.#requireRunning();
    this.#paused?.resume();
    this.#paused = undefined;
  }

  /** Ends `run`. @throws ZmqError `EBADF` when the proxy does not run */
  terminate(): void {
    this.#requireRunning();
    this.#ending.abort();
    this.#paused?.resume();
  }

  /** What has passed so far; before `run`, nothing. */
  statistics(): ProxyStatistics {
    const traffic = ({ received, sent }: { received: Tally; sent: Tally }): ProxyTraffic => ({
      received: received.copy(),
      sent: sent.copy(),
    });
    return { frontEnd: traffic(this.#atFront), backEnd: traffic(this.#atBack) };
  }

  #requireRunning(): void {
    if (!this.#isRunning) throw new ZmqError("EBADF", "Socket is closed: the proxy does not run");
  }

  async #listen(): Promise<void> {
    const { control } = this.#options;
    if (control === undefined) return;
    try {
      await new ProxyControl(control.works, this).listen(this.#ending.signal);
    } catch (error) {
      this.#ending.abort();
      throw error;
    }
  }

  async #pass(passage: Passage): Promise<void> {
    const { from, to } = passage;
    if (!from.core.type.canReceive || !to.core.type.canSend) return;
    const { signal } = this.#ending;
    const capture = this.#options.capture?.works;
    try {
      while (!signal.aborted) {
        await this.#paused?.promise;
        await from.whenReadable({ signal });
        if (from !== to) await to.whenWritable({ signal });
        if (capture !== undefined) await capture.whenWritable({ signal });
        if (this.#paused !== undefined || signal.aborted) continue;
        const held = passage.pass(capture);
        if (held !== undefined) await passage.deliver(held, capture);
        else if (passage.isLong) await passage.rest();
      }
    } catch (error) {
      // Terminated, or one of the sockets is over: then the other direction ends as well.
      const isExpected = signal.aborted || from.core.isOver || to.core.isOver;
      this.#ending.abort();
      if (!isExpected) throw error;
    }
  }
}

function requireSocket(socket: unknown, what: string): void {
  if (!(socket instanceof Socket)) throw new TypeError(`${what} must be a socket object`);
}

function cannot(what: string, verb: string, socket: Socket): ZmqError {
  return new ZmqError("ENOTSUP", `${what} socket must be able to ${verb}; a ${socket.works.core.type.name} is not`);
}
