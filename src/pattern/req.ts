// SPDX-License-Identifier: MIT
/**
 * REQ: one request, then its reply, in strict turn (RFC 28). A load balancer that remembers which pipe took the request,
 * and a fair queue that drops what comes from elsewhere. On the wire: `[request id, if correlate] [empty] [body…]`.
 */
import { EMPTY } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, prepend } from "../pipe/message.ts";
import type { Origin } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { Inquiries, type Inquiry } from "./inquiries.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { randomUint32 } from "./routing-ids.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The requester. */
export class Req implements Pattern {
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  private readonly outgoing = new LoadBalancer();
  private readonly greeter: Greeter;
  private readonly inquiries = new Inquiries();
  /** Where the last reply came from. */
  readonly arrivals: { lastPipe: Pipe | undefined; gone: Origin | undefined } = {
    lastPipe: undefined,
    gone: undefined,
  };
  private isAwaiting = false;
  /** Where the request went; undefined once that pipe is gone. */
  private replyPipe: Pipe | undefined = undefined;
  private requestId = randomUint32();
  /** The id sent with the request; undefined when it went without. */
  private requestIdFrame: Uint8Array | undefined = undefined;
  /** A reply that was read ahead to answer `canReceive`. */
  private reply: Message | undefined = undefined;

  constructor(options: PatternOptions) {
    this.options = options;
    this.greeter = new Greeter(options, true);
  }

  attach(pipe: Pipe): void {
    this.greeter.attached(pipe);
    this.incoming.attach(pipe);
    this.outgoing.attach(pipe);
  }

  connected(pipe: Pipe): void {
    this.greeter.connected(pipe);
  }

  disconnected(pipe: Pipe): void {
    this.inquiries.disconnected(pipe);
  }

  closing(pipe: Pipe): void {
    this.outgoing.detach(pipe);
  }

  detach(pipe: Pipe): void {
    this.greeter.detached(pipe);
    this.outgoing.detach(pipe);
    this.incoming.detach(pipe);
    this.inquiries.detached(pipe);
    if (this.arrivals.lastPipe === pipe) {
      this.arrivals.lastPipe = undefined;
      this.arrivals.gone = pipe.origin;
    }
    if (this.replyPipe === pipe) this.replyPipe = undefined;
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.outgoing.activate(pipe);
  }

  hiccuped(): void {}

  send(message: Message): boolean {
    if (this.isAwaiting && !this.options.relaxed) {
      throw new ZmqError("EFSM", "send: a REQ socket must receive the reply to its last request first, or be relaxed");
    }
    if (!this.outgoing.canWrite()) return false;
    // Whatever waits answers an older request: without this it could be taken for the reply to this one.
    while (this.read() !== undefined);
    const requestIdFrame = this.options.correlate ? this.nextRequestId() : undefined;
    const delimited = prepend(EMPTY, message);
    const request = requestIdFrame === undefined ? delimited : prepend(requestIdFrame, delimited);
    if (!this.outgoing.write(request)) return false;
    this.reply = undefined;
    this.requestIdFrame = requestIdFrame;
    this.isAwaiting = true;
    this.replyPipe = this.outgoing.lastPipe;
    return true;
  }

  receive(): Message | undefined {
    if (!this.isAwaiting) throw new ZmqError("EFSM", "receive: a REQ socket must send a request first");
    const reply = this.reply ?? this.readReply();
    if (reply === undefined) return undefined;
    this.reply = undefined;
    this.replyPipe = undefined;
    this.isAwaiting = false;
    return reply;
  }

  canSend(): boolean {
    return (!this.isAwaiting || this.options.relaxed) && this.outgoing.canWrite();
  }

  canReceive(): boolean {
    if (!this.isAwaiting) return false;
    this.reply ??= this.readReply();
    return this.reply !== undefined;
  }

  ask(inquiry: Inquiry): boolean {
    // A pipe tells that it can be read only once it was empty.
    this.readAll();
    const { pipe: latest, earlier } = inquiry;
    // What still waits for a peer that does not come goes to the next one instead, never to both.
    this.inquiries.retract(inquiry);
    // Others' requests may have moved the turn on to the very server that did not answer.
    if (latest !== undefined) this.outgoing.passOver((pipe) => pipe === latest || earlier.has(pipe));
    if (inquiry.id === 0) {
      inquiry.idFrame = this.nextRequestId();
      inquiry.id = this.requestId;
    }
    const request = [inquiry.idFrame, EMPTY];
    for (const frame of inquiry.body) request.push(frame);
    if (!this.outgoing.write(request)) return false;
    this.inquiries.wasSent(inquiry, request, this.outgoing.lastPipe as Pipe);
    return true;
  }

  abandon(inquiry: Inquiry): void {
    this.inquiries.forget(inquiry);
  }

  nextSettled(): Inquiry | undefined {
    this.readAll();
    return this.inquiries.next();
  }

  /** No more than one message is the reply to what was sent in turn, and it is kept for whoever receives in turn. */
  private readAll(): void {
    const reply = this.isAwaiting ? this.readReply() : undefined;
    this.reply ??= reply;
    while (this.read() !== undefined);
  }

  /** The next message that is the reply; all others are dropped. */
  private readReply(): Message | undefined {
    for (let message = this.read(); message !== undefined; message = this.read()) {
      const body = this.isFromReplier() ? this.bodyOf(message) : undefined;
      if (body === undefined) continue;
      this.arrivals.lastPipe = this.incoming.lastPipe;
      this.arrivals.gone = this.incoming.gone;
      return body;
    }
    return undefined;
  }

  /** The next message that does not answer an inquiry. */
  private read(): Message | undefined {
    for (;;) {
      const message = this.incoming.read();
      if (message === undefined || !this.inquiries.take(message, this.incoming.lastPipe)) return message;
    }
  }

  /** Once the pipe of the request is gone, only a request id can tell a reply from a stranger's message. */
  private isFromReplier(): boolean {
    if (this.replyPipe === undefined) return this.requestIdFrame !== undefined && this.incoming.lastPipe !== undefined;
    return this.incoming.lastPipe === this.replyPipe;
  }

  private bodyOf(message: Message): Message | undefined {
    const id = this.requestIdFrame;
    if (id === undefined) return hasDelimiter(message, 0) ? message.slice(1) : undefined;
    return hasDelimiter(message, 1) && isSameId(message[0] as Uint8Array, id) ? message.slice(2) : undefined;
  }

  private nextRequestId(): Uint8Array {
    do this.requestId = (this.requestId + 1) >>> 0;
    while (this.requestId === 0 || this.inquiries.has(this.requestId));
    const frame = new Uint8Array(4);
    new DataView(frame.buffer).setUint32(0, this.requestId, true);
    return frame;
  }
}

/** True when an empty frame stands at the given place and something follows it. */
function hasDelimiter(message: Message, index: number): boolean {
  return message.length > index + 1 && (message[index] as Uint8Array).length === 0;
}

function isSameId(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === 4 && a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** The row of REQ. */
export const REQ: SocketType = /* @__PURE__ */ socketType({
  name: "REQ",
  id: 3,
  peers: ["REP", "ROUTER"],
  create: (options) => new Req(options),
  announcesRoutingId: true,
  isSingleConnect: true,
});
