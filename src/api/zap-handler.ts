// SPDX-License-Identifier: MIT
/** The ZAP handler of a context, for an authenticator (RFC 27): a ROUTER at `inproc://zeromq.zap.01`, so that a slow answer holds up nobody else. */
import { type AuthorizationQuestion, Question } from "../auth/question.ts";
import { failureReply } from "../auth/reply.ts";
import { EMPTY } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import type { AuthenticationReply } from "../security/mechanism.ts";
import { encodeZapReply, parseZapRequest, type ReceivedZapRequest } from "../wire/zap.ts";
import type { Context } from "./context.ts";
import type { SocketClasses } from "./sockets.ts";

const ENDPOINT = "inproc://zeromq.zap.01";

/** Who asks does not say when nobody waits any more: handshakes take no longer than this, unless `handshakeInterval` says so. */
const LONGEST_WAIT = 30_000;

type Router = InstanceType<SocketClasses["router"]>;

/** Answers the questions of one context. */
export class ZapHandler {
  private readonly socket: Router;
  private readonly clock: Clock;
  private readonly decide: (question: AuthorizationQuestion) => Promise<AuthenticationReply>;
  private readonly aborter = new AbortController();

  constructor(
    context: Context,
    clock: Clock,
    decide: (question: AuthorizationQuestion) => Promise<AuthenticationReply>,
  ) {
    this.clock = clock;
    this.decide = decide;
    this.socket = context.socket("router", { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
    this.socket.unref();
  }

  /** @throws ZmqError `EADDRINUSE` */
  async open(): Promise<void> {
    try {
      await this.socket.bind(ENDPOINT);
    } catch (error) {
      await this.socket.close();
      throw error;
    }
    void this.serve();
  }

  async close(): Promise<void> {
    this.aborter.abort();
    await this.socket.close();
  }

  private async serve(): Promise<void> {
    try {
      for await (const [id, , ...request] of this.socket as AsyncIterable<Uint8Array[]>) {
        if (id !== undefined) void this.answer(id, request);
      }
    } catch {
      // The context was ended, and the handler with it.
    }
    this.aborter.abort();
  }

  /** Never rejects: an asker that has gone, or a socket that is closed, gets no answer. */
  private async answer(id: Uint8Array, parts: readonly Uint8Array[]): Promise<void> {
    let reply: AuthenticationReply;
    try {
      reply = await this.ask(parseZapRequest(parts));
    } catch (error) {
      reply = { ...failureReply(error), status: 400, text: (error as Error).message };
    }
    if (this.aborter.signal.aborted) return;
    await this.socket.send([id, EMPTY, ...encodeZapReply(parts[1] ?? EMPTY, reply)]).catch(() => {});
  }

  private async ask(request: ReceivedZapRequest): Promise<AuthenticationReply> {
    const aborter = new AbortController();
    const abort = (): void => aborter.abort();
    const { signal } = this.aborter;
    signal.addEventListener("abort", abort, { once: true });
    let timer: { cancel(): void } | undefined;
    const late = new Promise<AuthenticationReply>((resolve) => {
      timer = this.clock.setTimer(LONGEST_WAIT, () => {
        abort();
        resolve({ ...failureReply(undefined), status: 300, text: "authorize took too long" });
      });
    });
    try {
      return await Promise.race([this.decide(new Question(request, request.domain, aborter.signal)), late]);
    } finally {
      timer?.cancel();
      signal.removeEventListener("abort", abort);
    }
  }
}
