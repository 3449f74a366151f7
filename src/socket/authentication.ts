// SPDX-License-Identifier: MIT
/**
 * Asks the authenticator of a context: a ZAP handler that the application has bound to `inproc://zeromq.zap.01` (RFC 27).
 * Each question travels through a pipe of its own, so that a slow or lost handler holds up one handshake only.
 */
import { EMPTY } from "../base/bytes.ts";
import { type ProtocolError, ZmqError } from "../base/errors.ts";
import type { Pipe, PipeOwner } from "../pipe/pipe.ts";
import type { PipeSide, PipeTransport } from "../transport/transport.ts";
import { encodeZapRequest, parseZapReply, type ZapReply, type ZapRequest } from "../wire/zap.ts";

/** Name of the handler's endpoint within its context (RFC 27). */
const HANDLER = "zeromq.zap.01";

/** True when a handler is there to be asked. */
export function hasAuthenticator(inproc: PipeTransport | undefined): inproc is PipeTransport {
  return inproc?.isBound(HANDLER) === true;
}

/** Asks; exactly one of the two callbacks comes, unless the handler never answers. */
export function askAuthenticator(
  inproc: PipeTransport,
  request: ZapRequest,
  reply: (reply: ZapReply) => void,
  failed: (error: ZmqError) => void,
): void {
  const question = new Question(reply, failed);
  inproc.connect(HANDLER, question);
  question.send(request);
}

/** One question: the asking end of a pipe to the handler. */
class Question implements PipeSide, PipeOwner {
  readonly sendHighWaterMark = 0;
  readonly receiveHighWaterMark = 0;
  readonly conflate = false;
  readonly guard = undefined;
  readonly peer = { routingId: EMPTY, socketType: "REQ", address: "", metadata: new Map(), wantsEverything: false };
  private pipe: Pipe | undefined = undefined;
  private readonly reply: (reply: ZapReply) => void;
  private readonly failed: (error: ZmqError) => void;

  constructor(reply: (reply: ZapReply) => void, failed: (error: ZmqError) => void) {
    this.reply = reply;
    this.failed = failed;
  }

  attach(pipe: Pipe): void {
    this.pipe = pipe;
    pipe.owner = this;
    pipe.checkRead();
  }

  send(request: ZapRequest): void {
    this.pipe?.write(encodeZapRequest(request));
  }

  readActivated(pipe: Pipe): void {
    const item = pipe.read();
    if (!Array.isArray(item)) return;
    pipe.close();
    let answer: ZapReply;
    try {
      answer = parseZapReply(item);
    } catch (error) {
      this.failed(error as ProtocolError);
      return;
    }
    this.reply(answer);
  }

  closing(pipe: Pipe): void {
    if (pipe.readable > 0) return;
    pipe.close();
    this.failed(new ZmqError("EPIPE", "the ZAP handler went away before it answered"));
  }

  writeActivated(): void {}
  connected(): void {}
  disconnected(): void {}
  hiccuped(): void {}
  closed(): void {}
}
