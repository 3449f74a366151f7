// SPDX-License-Identifier: MIT
/**
 * Asks who may come in: the socket's own `authorize` alone where it has one, and otherwise the authenticator of its context, a ZAP
 * handler that the application has bound to `inproc://zeromq.zap.01` (RFC 27). Each question to a handler travels through a pipe of its own, so that a slow or lost handler holds up one handshake only.
 */
import type { Authorization } from "../auth/authorization.ts";
import { EMPTY } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { AuthenticationError, type ProtocolError, ZmqError } from "../base/errors.ts";
import { splitHostPort } from "../base/ip-address.ts";
import type { EngineSetup } from "../engine/engine.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe, PipeOwner } from "../pipe/pipe.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep, Mechanism } from "../security/mechanism.ts";
import type { PipeSide, PipeTransport } from "../transport/transport.ts";
import { encodeZapRequest, parseZapReply, type ZapReply, type ZapRequest } from "../wire/zap.ts";

/** Name of the handler's endpoint within its context (RFC 27). */
const HANDLER = "zeromq.zap.01";

/** What is told to the handler, besides who asks. */
interface Asker {
  readonly zapDomain: string | null;
  readonly zapEnforceDomain: boolean;
  readonly routingId: Uint8Array;
  readonly authorize: Authorization | null;
}

/** Asks whether a peer may come in: yes where there is nobody to ask, unless somebody must be. Gives what takes it back. */
export function authenticate(
  { inproc, clock }: { readonly inproc: PipeTransport | undefined; readonly clock: Clock },
  options: Asker,
  ...[question, reply, failed]: Parameters<EngineSetup["authenticate"]>
): () => void {
  const domain = options.zapDomain ?? "";
  const { mechanism, credentials } = question;
  if (options.authorize !== null) return options.authorize.ask(question, domain, clock, reply);
  if (mechanism === "CURVE" && options.zapEnforceDomain && domain === "") {
    // As libzmq has it: RFC 27 knows no question without a domain, and CURVE can do without an answer.
    reply(undefined);
  } else if (hasAuthenticator(inproc)) {
    const { routingId } = options;
    const address = splitHostPort(question.address).host;
    return askAuthenticator(inproc, { domain, address, routingId, mechanism, credentials }, reply, failed);
  } else if (options.zapEnforceDomain && domain !== "") {
    failed(new ZmqError("EFAULT", "zapEnforceDomain is set, but no ZAP handler is bound to inproc://zeromq.zap.01"));
  } else {
    reply(undefined);
  }
  return () => {};
}

/**
 * Where the application decides who may come in, nobody does whom it was not asked about, whatever the mechanism thinks: a client of PLAIN
 * or CURVE asks nobody.
 */
export function mustAsk(mechanism: Mechanism, { authorize }: Pick<Asker, "authorize">): Mechanism {
  if (authorize === null) return mechanism;
  return { name: mechanism.name, handshake: (properties) => asked(mechanism.handshake(properties)) };
}

function* asked(steps: ReturnType<Mechanism["handshake"]>): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
  const result = yield* steps;
  if (result.authentication?.status === 200) return result;
  throw new AuthenticationError(
    400,
    "authorize is for the side that is plainServer or curveServer; it was not asked about this peer",
  );
}

/** True when a handler is there to be asked. */
export function hasAuthenticator(inproc: PipeTransport | undefined): inproc is PipeTransport {
  return inproc?.isBound(HANDLER) === true;
}

/** Asks; exactly one of the two callbacks comes, unless the handler never answers, or the question is taken back with what it gives. */
export function askAuthenticator(
  inproc: PipeTransport,
  request: ZapRequest,
  reply: (reply: ZapReply) => void,
  failed: (error: ZmqError) => void,
): () => void {
  const question = new Question(reply, failed);
  const { pipe } = inproc.connect(HANDLER, question);
  const type = pipe.peer?.socketType ?? "";
  if (type !== "REP" && type !== "ROUTER") {
    pipe.close();
    failed(new ZmqError("EFAULT", `inproc://${HANDLER} is bound by a ${type}, but a ZAP handler is a REP or a ROUTER`));
    return () => {};
  }
  question.send(request);
  return () => question.takeBack();
}

/** One question: the asking end of a pipe to the handler. */
class Question implements PipeSide, PipeOwner {
  readonly sendHighWaterMark = 0;
  readonly receiveHighWaterMark = 0;
  readonly conflate = false;
  readonly guard = undefined;
  readonly peer = { routingId: EMPTY, socketType: "REQ", address: "", metadata: new Map(), wantsEverything: false };
  private pipe: Pipe | undefined = undefined;
  private request: Message | undefined = undefined;
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
    this.request = encodeZapRequest(request);
    this.pipe?.write(this.request);
  }

  /** The handshake has died: a handler that has not read the question shall not find it in its way. */
  takeBack(): void {
    if (this.request !== undefined) this.pipe?.retract(this.request);
    this.pipe?.close();
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
