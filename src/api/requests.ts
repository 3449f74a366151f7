// SPDX-License-Identifier: MIT
/**
 * `request()`: the promises of a REQ's requests that do not take turns. Each has a number on the wire and an attempt or
 * more, each attempt its time; none waits for the answer of another. What is sent is in `pattern/inquiries.ts`.
 */
import type { Timer } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { Ring } from "../base/ring.ts";
import { Inquiry } from "../pattern/inquiries.ts";
import type { Message } from "../pipe/message.ts";
import { type MessageInput, toMessage } from "./parts.ts";
import type { BesideTurns, SocketWorks } from "./socket-works.ts";
import { type CallOptions, cancelled, MAX_WAITING, timedOut } from "./waiters.ts";

/** What `request()` takes. */
export interface RequestCallOptions extends CallOptions {
  /** How long each attempt may take, in milliseconds; −1: for ever. Default: the socket's `receiveTimeout`. */
  timeout?: number | undefined;
  /** How often to send the request again, each time to the next server, when there is no answer in time. Default 0. */
  retries?: number | undefined;
}

/** One call of `request()`. */
class Call extends Inquiry {
  readonly resolve: (answer: Message | Promise<Message>) => void;
  readonly reject: (error: unknown) => void;
  readonly timeout: number;
  readonly attempts: number;
  readonly signal: AbortSignal | undefined;
  attempt = 0;
  timer: Timer | undefined = undefined;
  onAbort: (() => void) | undefined = undefined;
  /** It stands in the line of those that wait for room. */
  isInLine = false;
  isOver = false;

  constructor(
    body: Message,
    timeout: number,
    { retries = 0, signal }: RequestCallOptions,
    resolve: Call["resolve"],
    reject: Call["reject"],
  ) {
    super(body);
    this.timeout = timeout;
    this.attempts = retries + 1;
    this.signal = signal;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** The requests of one socket. */
export class Requests implements BesideTurns {
  private readonly works: SocketWorks;
  /** All that are not over. */
  private readonly calls = new Set<Call>();
  /** Those that wait for room. */
  private readonly line = new Ring<Call>();

  constructor(works: SocketWorks) {
    this.works = works;
  }

  request(input: MessageInput, options: RequestCallOptions = {}): Promise<Message> {
    try {
      const { works } = this;
      const { signal, timeout = works.core.options.receiveTimeout } = options;
      checkRetries(options.retries);
      const body = toMessage(input, works.runtime);
      if (body.length === 0) throw new TypeError("A request needs at least one part");
      works.core.requireOpen("request()");
      if (signal?.aborted === true) throw cancelled("request()", signal);
      if (timeout === 0) throw timedOut("request()", 0);
      if (this.calls.size >= MAX_WAITING) {
        throw new ZmqError("EAGAIN", `${MAX_WAITING} calls of request() wait already; await some before the next`);
      }
      // It may be sent again after the caller has gone on.
      works.core.guard.isForeign = typeof input !== "string";
      works.core.guard.own(body);
      works.core.guard.release();
      return new Promise((resolve, reject) => this.begin(new Call(body, timeout, options, resolve, reject)));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  serve(): void {
    if (this.calls.size === 0) return;
    for (let call = this.nextSettled(); call !== undefined; call = this.nextSettled()) this.settled(call);
    for (let call = this.line.peek(); call !== undefined && this.ask(call); call = this.line.peek()) {
      this.line.shift();
      call.isInLine = false;
    }
  }

  end(reason: ZmqError): void {
    for (const call of this.calls) this.fail(call, reason);
  }

  private begin(call: Call): void {
    const { works } = this;
    this.calls.add(call);
    works.hold.hold();
    if (call.signal !== undefined) {
      const { signal } = call;
      call.onAbort = () => this.fail(call, cancelled("request()", signal));
      works.context.abortSignals.add(signal, call.onAbort);
    }
    this.attempt(call);
  }

  private attempt(call: Call): void {
    call.attempt += 1;
    call.timer?.cancel();
    if (call.timeout > 0) call.timer = this.works.runtime.clock.setTimer(call.timeout, () => this.timeIsUp(call));
    this.sendInLine(call);
  }

  /** Sends it, when nobody stands in line before it. */
  private sendInLine(call: Call): void {
    if (call.isInLine || (this.line.length === 0 && this.ask(call))) return;
    call.isInLine = true;
    this.line.push(call);
  }

  private ask(call: Call): boolean {
    return this.works.core.perform((pattern) => pattern.ask?.(call)) === true;
  }

  private nextSettled(): Call | undefined {
    return this.works.core.perform((pattern) => pattern.nextSettled?.()) as Call | undefined;
  }

  private settled(call: Call): void {
    if (call.isOver) return;
    if (call.answer !== undefined) {
      this.finish(call);
      if (this.works.core.options.messageDetails) this.works.core.peers.mark(call.answer, call.answeredBy);
      call.resolve(this.works.given(call.answer));
    } else if (call.lostAt === undefined) {
      this.sendInLine(call);
    } else if (call.attempt < call.attempts) {
      this.attempt(call);
    } else {
      const text = `request(): the connection to ${call.lostAt} was lost before the answer came (${attempts(call)}); it may have been carried out`;
      this.fail(call, new ZmqError("ECONNRESET", text, { address: call.lostAt }));
    }
  }

  private timeIsUp(call: Call): void {
    if (call.attempt < call.attempts) {
      this.attempt(call);
      return;
    }
    const text = `Operation was not possible or timed out (request(), no answer in ${call.timeout} ms, ${attempts(call)})`;
    this.fail(call, new ZmqError("EAGAIN", text));
  }

  private fail(call: Call, error: ZmqError): void {
    this.finish(call);
    call.reject(error);
  }

  private finish(call: Call): void {
    call.isOver = true;
    call.timer?.cancel();
    const { works } = this;
    if (call.signal !== undefined && call.onAbort !== undefined) {
      works.context.abortSignals.remove(call.signal, call.onAbort);
    }
    this.calls.delete(call);
    if (call.isInLine) this.line.remove(call);
    works.core.perform((pattern) => pattern.abandon?.(call));
    works.hold.release();
  }
}

function attempts({ attempt }: Call): string {
  return attempt === 1 ? "1 attempt" : `${attempt} attempts`;
}

function checkRetries(retries: number | undefined): void {
  if (retries === undefined) return;
  if (typeof retries !== "number") throw new TypeError("retries must be a number");
  if (retries >= 0 && (Number.isInteger(retries) || retries === Number.POSITIVE_INFINITY)) return;
  throw new ZmqError("EINVAL", `retries must be a whole number from 0, or Infinity, not ${retries}`);
}
