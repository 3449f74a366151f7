// SPDX-License-Identifier: MIT
/**
 * Requests of a REQ that do not take turns: each carries a number on the wire, as with `ZMQ_REQ_CORRELATE`, and only the
 * answer with that number is its answer (RFC 28 lets a REP send the whole envelope back). Used by `req.ts`; the promises
 * are in `api/requests.ts`.
 */
import { EMPTY } from "../base/bytes.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";

/** One request, across its attempts: an answer to any of them is the answer. */
export class Inquiry {
  readonly body: Message;
  /** The answer's body, once it has come. */
  answer: Message | undefined = undefined;
  /** Where the answer came from. */
  answeredBy: Pipe | undefined = undefined;
  /** The endpoint of the connection that was lost with the latest attempt; undefined: none was. */
  lostAt: string | undefined = undefined;
  /** The number; 0: never sent. */
  id = 0;
  idFrame: Uint8Array = EMPTY;
  /** The latest attempt, and the pipe that took it. */
  sent: Message | undefined = undefined;
  pipe: Pipe | undefined = undefined;
  /** Those that took earlier attempts. */
  readonly earlier: Set<Pipe> = new Set();
  /** One of them is gone, and may come again as another. */
  hasLostPipe = false;

  constructor(body: Message) {
    this.body = body;
  }
}

/** The requests of one REQ that await their answers. */
export class Inquiries {
  private readonly open = new Map<number, Inquiry>();
  private readonly settled: Inquiry[] = [];

  /** True when a number is taken. */
  has(id: number): boolean {
    return this.open.has(id);
  }

  /** A request was written into a pipe. */
  wasSent(inquiry: Inquiry, message: Message, pipe: Pipe): void {
    if (inquiry.pipe !== undefined && inquiry.pipe !== pipe) inquiry.earlier.add(inquiry.pipe);
    inquiry.sent = message;
    inquiry.pipe = pipe;
    inquiry.lostAt = undefined;
    this.open.set(inquiry.id, inquiry);
  }

  /** Takes the latest attempt back, where its pipe still has it: then it never reaches anybody. */
  retract(inquiry: Inquiry): void {
    if (inquiry.sent === undefined || inquiry.pipe?.retract(inquiry.sent) !== true) return;
    inquiry.sent = undefined;
    inquiry.pipe = undefined;
  }

  /** Does not wait for it any more: an answer that still comes is a stranger's. */
  forget(inquiry: Inquiry): void {
    this.retract(inquiry);
    if (this.open.get(inquiry.id) === inquiry) this.open.delete(inquiry.id);
  }

  /** Looks whether a message answers one of them; true when it does. */
  take(message: Message, from: Pipe | undefined): boolean {
    const [id, delimiter] = message;
    if (message.length < 3 || id?.length !== 4 || delimiter?.length !== 0) return false;
    const inquiry = this.open.get(numberOf(id));
    if (inquiry === undefined || from === undefined) return false;
    if (from !== inquiry.pipe && !inquiry.hasLostPipe && !inquiry.earlier.has(from)) return false;
    inquiry.answer = message.slice(2);
    inquiry.answeredBy = from;
    this.forget(inquiry);
    this.settled.push(inquiry);
    return true;
  }

  /** A connection was lost; its pipe stays. What has not left yet is as good as never sent. */
  disconnected(pipe: Pipe): void {
    for (const inquiry of this.open.values()) {
      if (inquiry.pipe !== pipe) continue;
      this.retract(inquiry);
      if (inquiry.sent !== undefined) this.lost(inquiry, pipe);
      this.settled.push(inquiry);
    }
  }

  /** A pipe is gone, and its connection with it. */
  detached(pipe: Pipe): void {
    for (const inquiry of this.open.values()) {
      if (inquiry.earlier.delete(pipe)) inquiry.hasLostPipe = true;
      if (inquiry.pipe !== pipe) continue;
      this.lost(inquiry, pipe);
      inquiry.earlier.delete(pipe);
      inquiry.hasLostPipe = true;
      this.settled.push(inquiry);
    }
  }

  private lost(inquiry: Inquiry, pipe: Pipe): void {
    inquiry.lostAt = pipe.endpoint;
    inquiry.earlier.add(pipe);
    inquiry.pipe = undefined;
    inquiry.sent = undefined;
  }

  /** The next that was answered, or whose attempt came to nothing: its connection was lost, or it never left. */
  next(): Inquiry | undefined {
    return this.settled.shift();
  }
}

/** The number in a frame of four octets. */
export function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0, true);
}
