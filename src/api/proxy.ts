// SPDX-License-Identifier: MIT
/**
 * A proxy (zmq_proxy(3)): passes whole messages between two sockets, both ways where both can, under the back-pressure of
 * either. ROUTER with DEALER makes a shared queue, XSUB with XPUB a forwarder, PULL with PUSH a streamer.
 */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import { Socket } from "./socket.ts";
import type { SocketWorks } from "./socket-works.ts";

/** Messages that one direction passes on before everybody else has a turn; as libzmq's proxy. */
const BURST = 1000;

/** Passes messages between a front-end and a back-end socket, until it is terminated. */
export class Proxy<Front extends Socket = Socket, Back extends Socket = Socket> {
  /** The socket that clients reach. */
  readonly frontEnd: Front;
  /** The socket that workers reach. */
  readonly backEnd: Back;
  readonly #ending = new AbortController();
  #isRunning = false;
  #paused: { promise: Promise<void>; resume: () => void } | undefined = undefined;

  constructor(frontEnd: Front, backEnd: Back) {
    if (!(frontEnd instanceof Socket)) throw new TypeError("Front-end must be a socket object");
    if (!(backEnd instanceof Socket)) throw new TypeError("Back-end must be a socket object");
    this.frontEnd = frontEnd;
    this.backEnd = backEnd;
  }

  /**
   * Runs until `terminate` is called or a socket is closed, then closes both sockets.
   * @throws ZmqError `EINVAL` when a socket is neither bound nor connected, `EBADF` when one is closed
   */
  async run(): Promise<void> {
    const [front, back] = [this.frontEnd.works, this.backEnd.works];
    if (front.core.isClosed || back.core.isClosed)
      throw new ZmqError("EBADF", "Socket is closed: a proxy needs open ones");
    if (front.core.endpoints.size === 0) throw new ZmqError("EINVAL", "Front-end socket must be bound or connected");
    if (back.core.endpoints.size === 0) throw new ZmqError("EINVAL", "Back-end socket must be bound or connected");
    this.#isRunning = true;
    try {
      await Promise.all([this.#pass(front, back), front === back ? undefined : this.#pass(back, front)]);
    } finally {
      this.#isRunning = false;
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

  #requireRunning(): void {
    if (!this.#isRunning) throw new ZmqError("EBADF", "Socket is closed: the proxy does not run");
  }

  async #pass(from: SocketWorks, to: SocketWorks): Promise<void> {
    if (!from.core.type.canReceive || !to.core.type.canSend) return;
    const { signal } = this.#ending;
    const passage = new Passage(from, to);
    try {
      while (!signal.aborted) {
        await this.#paused?.promise;
        await from.whenReadable({ signal });
        await to.whenWritable({ signal });
        if (this.#paused !== undefined || signal.aborted) continue;
        const unsent = passage.pass();
        if (unsent !== undefined) await to.send(unsent);
        else if (passage.isLong) await passage.rest();
      }
    } catch (error) {
      // Terminated, or one of the sockets was closed: then the other direction ends as well.
      const isExpected = signal.aborted || from.core.isOver || to.core.isOver;
      this.#ending.abort();
      if (!isExpected) throw error;
    }
  }
}

/** One direction. */
class Passage {
  private readonly from: SocketWorks;
  private readonly to: SocketWorks;
  /** Messages until the rest of the program, and the other direction, must have a turn. */
  private left = BURST;

  constructor(from: SocketWorks, to: SocketWorks) {
    this.from = from;
    this.to = to;
  }

  /**
   * Passes on what is there, while there is room. Gives a message that found none after all (a ROUTER can have room, but not
   * for that peer): it was taken, and is sent however long its turn takes.
   */
  pass(): Message | undefined {
    const { from, to } = this;
    while (this.left > 0 && to.core.canSend()) {
      const message = from.takeForward();
      if (message === undefined) return undefined;
      this.left -= 1;
      if (!to.forward(message)) return message;
    }
    return undefined;
  }

  get isLong(): boolean {
    return this.left <= 0;
  }

  rest(): Promise<void> {
    this.left = BURST;
    return new Promise((resolve) => {
      this.from.runtime.clock.yieldTurn(resolve);
    });
  }
}
