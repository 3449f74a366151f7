// SPDX-License-Identifier: MIT
/**
 * The promises of one socket: what waits for room to send, for a message, for readiness, in call order. The public face
 * is `socket.ts`; everything without a promise is in `socket/socket.ts`.
 */
import { ZmqError } from "../base/errors.ts";
import type { SocketType } from "../pattern/socket-type.ts";
import type { Message } from "../pipe/message.ts";
import { type Event, newEvent } from "../session/events.ts";
import type { Runtime } from "../socket/core-context.ts";
import { SocketCore } from "../socket/socket.ts";
import type { Context, Member } from "./context.ts";
import { showDetails } from "./details.ts";
import { Hold } from "./hold.ts";
import type { Observer } from "./observer.ts";
import { type MessageInput, toMessage } from "./parts.ts";
import { Turns } from "./turns.ts";
import { type CallOptions, timedOut, Waiters } from "./waiters.ts";

const DONE: Promise<void> = Promise.resolve();

/** Calls of a socket type that wait in a way of their own: `request()`, `waitForSubscribers()`. */
export interface BesideTurns {
  /** Something happened that may let one of them go on. */
  serve(): void;
  /** Fails all of them. */
  end(reason: ZmqError): void;
}

/** The promise machinery of one socket. Kept apart from `Socket`, so that its members are nobody's API. */
export class SocketWorks implements Member {
  readonly core: SocketCore;
  readonly runtime: Runtime;
  readonly context: Context;
  /** What keeps the program alive for this socket. */
  readonly hold: Hold;
  /** The socket's own observer, once it was asked for. */
  observer: Observer | undefined = undefined;
  private readonly observers = new Set<Observer>();
  /** Closed, and all that was sent has left. */
  private isGone = false;
  private readonly mourners = new Set<() => void>();
  /** How applications see what stands beside the part of a message: set by the classes whose messages have such. */
  form: ((message: Message, runtime: Runtime) => void) | undefined = undefined;
  /** REQ: its requests, from the first on; publishers: who waits for subscribers. */
  beside: BesideTurns | undefined = undefined;
  private readonly receiving: Waiters<Message, undefined>;
  private readonly sending: Waiters<void, Message>;
  private readonly readable: Waiters<void, undefined>;
  private readonly writable: Waiters<void, undefined>;
  private readonly turns: Turns;
  /** REQ and REP take turns: whoever is out of turn waits for it. */
  private readonly takesTurns: boolean;
  /** True while waiting operations are being served; what changes meanwhile is looked at afterwards, never from inside. */
  private isServing = false;
  private isStale = false;

  constructor(context: Context, type: SocketType) {
    const { runtime, ...resources } = context.enter(this, type.name, type.lingersByDefault);
    const { clock } = runtime;
    const { abortSignals } = context;
    this.runtime = runtime;
    this.context = context;
    this.takesTurns = type.name === "REQ" || type.name === "REP";
    this.turns = new Turns(clock);
    // Whoever gives up may have stood in the way of another: the message behind it may be for a peer that has room.
    const gaveUp = (): void => this.activity();
    const hold = new Hold(runtime.keepAlive);
    this.hold = hold;
    this.receiving = new Waiters(clock, hold, "receive()", gaveUp, abortSignals);
    this.sending = new Waiters(clock, hold, "send()", gaveUp, abortSignals);
    this.readable = new Waiters(clock, hold, "whenReadable()", gaveUp, abortSignals);
    this.writable = new Waiters(clock, hold, "whenWritable()", gaveUp, abortSignals);
    this.core = new SocketCore({
      ...resources,
      type,
      clock,
      mechanisms: runtime.mechanisms,
      activity: () => this.activity(),
      isObserved: () => this.observers.size > 0,
      emit: (event) => this.emit(event),
    });
  }

  // ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────────

  send(input: MessageInput, options?: CallOptions): Promise<void> {
    let message: Message;
    try {
      message = toMessage(input, this.runtime);
      if (message.length === 0) return DONE;
      this.core.requireOpen("send()");
      if (
        options?.signal?.aborted !== true &&
        this.sending.length === 0 &&
        this.sendNow(message, typeof input !== "string")
      ) {
        return this.turns.isOver() ? this.turns.later(undefined) : DONE;
      }
      // Without waiting, a REQ or REP that is out of turn is told so.
      if (this.takesTurns && this.sending.length === 0 && this.sendWait(options) === 0)
        this.core.trySend(message, false);
    } catch (error) {
      return Promise.reject(error);
    }
    this.core.guard.isForeign = true;
    this.core.guard.own(message);
    this.core.guard.release();
    return this.sending.wait(message, this.sendWait(options), options?.signal);
  }

  private sendWait(options: CallOptions | undefined): number {
    return options?.timeout ?? this.core.options.sendTimeout;
  }

  trySend(input: MessageInput): boolean {
    const message = toMessage(input, this.runtime);
    this.core.requireOpen("trySend()");
    if (message.length === 0) return true;
    return this.sending.length === 0 && this.attempt(message, typeof input !== "string");
  }

  /** Sends what another socket's `takeForward` gave, if there is room: its parts are nobody else's, and need no copy. */
  forward(message: Message): boolean {
    return this.sending.length === 0 && this.attempt(message, false);
  }

  /** Where the rule of being full is an error, it is one for those who would wait. */
  private attempt(message: Message, isForeign: boolean): boolean {
    try {
      return this.turned(this.core.trySend(message, isForeign));
    } catch (error) {
      if ((error as ZmqError).code === "EAGAIN" && this.core.options.whenFull === "error") return false;
      throw error;
    }
  }

  async sendBatch(inputs: Iterable<MessageInput>, options?: CallOptions): Promise<void> {
    const deadline = new Deadline(this.runtime, options, this.core.options.sendTimeout);
    for (const input of inputs) {
      if (options?.signal?.aborted !== true && !this.core.isOver && this.trySend(input)) {
        if (this.turns.isOver()) await this.turns.later(undefined);
      } else {
        await this.send(input, deadline.left());
      }
    }
  }

  private sendNow(message: Message, isForeign: boolean): boolean {
    if (this.takesTurns && !this.core.canSend()) return false;
    return this.turned(this.core.trySend(message, isForeign));
  }

  /** After a step of REQ or REP it is the other direction's turn: whoever waits there may go on. */
  private turned<T>(result: T): T {
    if (this.takesTurns) this.activity();
    return result;
  }

  private wakeSenders(): void {
    while (this.sending.length > 0) {
      let isSent: boolean;
      try {
        isSent = this.sendNow(this.sending.first, false);
      } catch (error) {
        this.sending.rejectFirst(error);
        continue;
      }
      if (!isSent) return;
      this.sending.resolveFirst();
    }
  }

  // ── Receiving ──────────────────────────────────────────────────────────────────────────────────────────────────

  receive(options?: CallOptions): Promise<Message> {
    try {
      this.core.requireOpen("receive()");
      if (options?.signal?.aborted !== true && this.receiving.length === 0) {
        const message = this.receiveNow();
        if (message !== undefined) return this.turns.isOver() ? this.turns.later(message) : Promise.resolve(message);
        if ((options?.timeout ?? this.core.options.receiveTimeout) === 0) this.complainOutOfTurn();
      }
    } catch (error) {
      return Promise.reject(error);
    }
    return this.receiving.wait(undefined, options?.timeout ?? this.core.options.receiveTimeout, options?.signal);
  }

  tryReceive(): Message | undefined {
    this.core.requireOpen("tryReceive()");
    return this.receiving.length === 0 ? this.take() : undefined;
  }

  async receiveBatch(limit: number, options?: CallOptions): Promise<Message[]> {
    const batch = [await this.receive(options)];
    // REQ and REP never have a second one: it is their turn to send now.
    if (this.takesTurns || this.receiving.length > 0 || this.core.isOver) return batch;
    this.core.tryReceiveAll(batch, limit);
    for (let i = 1; i < batch.length; i += 1) this.dress(batch[i] as Message);
    return batch;
  }

  /** The next message for an iterator, which ends when the socket is closed. */
  next(): Promise<IteratorResult<Message, undefined>> {
    try {
      if (!this.core.isOver && this.receiving.length === 0) {
        const message = this.receiveNow();
        if (message !== undefined) {
          const result = { value: message, done: false } as const;
          return this.turns.isOver() ? this.turns.later(result) : Promise.resolve(result);
        }
      }
    } catch (error) {
      return Promise.reject(error);
    }
    return this.nextLater();
  }

  private async nextLater(): Promise<IteratorResult<Message, undefined>> {
    if (this.core.isOver) return { value: undefined, done: true };
    try {
      return { value: await this.receive(), done: false };
    } catch (error) {
      const { code } = error as ZmqError;
      if (this.core.isOver && (code === "EAGAIN" || code === "ETERM")) return { value: undefined, done: true };
      throw error;
    }
  }

  private take(): Message | undefined {
    const message = this.core.tryReceive();
    if (message !== undefined) this.dress(message);
    return this.turned(message);
  }

  /** A message for the application, in the turn in which it may have it. */
  given(message: Message): Message | Promise<Message> {
    this.dress(message);
    return this.turns.isOver() ? this.turns.later(message) : message;
  }

  /** Puts parts into the type that this runtime's users expect: most have it, but patterns make some themselves. */
  private dress(message: Message): void {
    if (this.core.options.messageDetails) showDetails(message);
    if (this.form !== undefined) {
      this.form(message, this.runtime);
      return;
    }
    const { partClass } = this.runtime;
    for (let i = 0; i < message.length; i += 1) {
      const part = message[i] as Uint8Array;
      if (!(part instanceof partClass)) message[i] = this.runtime.asPart(part);
    }
  }

  /** Takes the next message for another socket's `forward`; undefined: there is none, or it is not its turn. */
  takeForward(): Message | undefined {
    if (this.receiving.length > 0 || (this.takesTurns && !this.core.canReceive())) return undefined;
    return this.turned(this.core.tryReceive());
  }

  private receiveNow(): Message | undefined {
    if (this.takesTurns && !this.core.canReceive()) return undefined;
    return this.take();
  }

  /** Without waiting, a REQ or REP that is out of turn is told so. */
  private complainOutOfTurn(): void {
    if (this.takesTurns) this.core.tryReceive();
  }

  private wakeReceivers(): void {
    while (this.receiving.length > 0) {
      let message: Message | undefined;
      try {
        message = this.receiveNow();
      } catch (error) {
        this.receiving.rejectFirst(error);
        continue;
      }
      if (message === undefined) return;
      this.receiving.resolveFirst(message);
    }
  }

  // ── Readiness, and the end ─────────────────────────────────────────────────────────────────────────────────────

  whenReadable(options?: CallOptions): Promise<void> {
    if (this.core.isOver) return this.refuse("whenReadable()");
    if (this.receiving.length === 0 && this.core.canReceive()) return DONE;
    return this.readable.wait(undefined, options?.timeout ?? -1, options?.signal);
  }

  whenWritable(options?: CallOptions): Promise<void> {
    if (this.core.isOver) return this.refuse("whenWritable()");
    if (this.sending.length === 0 && this.core.canSend()) return DONE;
    return this.writable.wait(undefined, options?.timeout ?? -1, options?.signal);
  }

  /** An option that takes effect at once may let go on who waits: a REQ that is relaxed now, a ROUTER that may drop. */
  optionChanged(): void {
    this.activity();
  }

  private activity(): void {
    this.isStale = true;
    if (this.isServing) return;
    this.isServing = true;
    try {
      while (this.isStale) {
        this.isStale = false;
        this.serve();
      }
    } finally {
      this.isServing = false;
    }
  }

  private serve(): void {
    if (this.beside !== undefined) this.beside.serve();
    if (this.receiving.length > 0) this.wakeReceivers();
    if (this.sending.length > 0) this.wakeSenders();
    while (this.readable.length > 0 && this.receiving.length === 0 && this.core.canReceive())
      this.readable.resolveFirst();
    while (this.writable.length > 0 && this.sending.length === 0 && this.core.canSend()) this.writable.resolveFirst();
  }

  /** False: the socket is gone, and there is nothing to observe. */
  addObserver(observer: Observer): boolean {
    if (!this.isGone) this.observers.add(observer);
    return !this.isGone;
  }

  removeObserver(observer: Observer): void {
    this.observers.delete(observer);
  }

  private emit(event: Event): void {
    // Octets in the type that this runtime's users expect, as in messages.
    const peer = event.peer as { routingId: Uint8Array | undefined } | undefined;
    if (peer?.routingId !== undefined) peer.routingId = this.runtime.asPart(peer.routingId);
    for (const observer of [...this.observers]) observer.emit(event);
  }

  hasUnsent(waited: number): boolean {
    return this.core.hasUnsent(waited);
  }

  /** Settles what waits: what can still be done is done, the rest fails. Then closes. */
  close(linger: number | undefined): Promise<void> {
    if (this.core.isClosed) return this.core.close(linger);
    this.activity();
    this.fail(new ZmqError("EAGAIN", "Operation was not possible or timed out: the socket was closed meanwhile"));
    this.hold.close();
    const gone = this.core.close(linger).then(() => {
      this.isGone = true;
      this.emit(newEvent("end", {}));
    });
    this.context.leave(this, gone);
    return gone;
  }

  /** The context is shut down: what waits fails with `ETERM`, and so does whatever is called later. */
  terminate(): void {
    if (this.core.isOver) return;
    this.core.terminate();
    this.fail(new ZmqError("ETERM", "Context was terminated: the call gave up"));
  }

  /** Calls back when the socket is closed or its context shut down. What it gives takes that back. */
  whenOver(callback: () => void): () => void {
    this.mourners.add(callback);
    return () => this.mourners.delete(callback);
  }

  private fail(reason: ZmqError): void {
    for (const callback of [...this.mourners]) callback();
    this.beside?.end(reason);
    while (this.sending.length > 0) this.sending.rejectFirst(reason);
    while (this.receiving.length > 0) this.rejectReceiver(reason);
    while (this.readable.length > 0) this.readable.rejectFirst(reason);
    while (this.writable.length > 0) this.writable.rejectFirst(reason);
  }

  private refuse(verb: string): Promise<never> {
    try {
      this.core.requireOpen(verb);
    } catch (error) {
      return Promise.reject(error);
    }
    throw new Error(`${verb} was refused, but the socket is open`);
  }

  private rejectReceiver(gone: ZmqError): void {
    let reason: unknown = gone;
    try {
      // Out of turn is a better reason than closed.
      if (!this.core.isTerminated) this.complainOutOfTurn();
    } catch (error) {
      reason = error;
    }
    this.receiving.rejectFirst(reason);
  }
}

/** What is left of a timeout for each step of a call that takes several. */
class Deadline {
  private readonly runtime: Runtime;
  private readonly options: CallOptions | undefined;
  private readonly timeout: number;
  private readonly end: number;

  constructor(runtime: Runtime, options: CallOptions | undefined, otherwise: number) {
    this.runtime = runtime;
    this.options = options;
    this.timeout = options?.timeout ?? otherwise;
    this.end = runtime.clock.now() + this.timeout;
  }

  left(): CallOptions {
    if (this.timeout <= 0) return { ...this.options, timeout: this.timeout };
    const left = Math.ceil(this.end - this.runtime.clock.now());
    if (left <= 0) throw timedOut("sendBatch()", this.timeout);
    return { ...this.options, timeout: left };
  }
}
