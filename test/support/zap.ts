// SPDX-License-Identifier: MIT
/**
 * Authenticators for tests (RFC 27), as an application writes them: a ROUTER or REP on the reserved endpoint, in either
 * package. What is asked is kept; each test says what is answered. `support/implementations.ts` opens the sockets.
 */
import type { Socket } from "../../src/index.ts";
import type { OpenEither } from "./implementations.ts";

/** What is asked, without the envelope. */
export interface ZapQuestion {
  readonly version: string;
  readonly id: string;
  readonly domain: string;
  readonly address: string;
  readonly routingId: Buffer;
  readonly mechanism: string;
  readonly credentials: readonly Buffer[];
}

/** A reply's parts after the delimiter; undefined when none is to come. */
export type ZapAnswer = (
  question: ZapQuestion,
) => readonly (string | Buffer)[] | undefined | Promise<readonly (string | Buffer)[] | undefined>;

/** An authenticator that runs. */
export interface ZapHandler {
  readonly asked: ZapQuestion[];
  close(): Promise<void>;
}

/** A reply as it should be. */
export function zapReply(
  question: ZapQuestion,
  status: number | string,
  { userId = "", metadata = "" }: { userId?: string; metadata?: string | Buffer } = {},
): (string | Buffer)[] {
  return ["1.0", question.id, String(status), "text", userId, metadata];
}

/** Binds an authenticator that answers each question as it comes, whether the one before has been answered or not. */
export async function answerZap(
  open: OpenEither,
  answer: ZapAnswer,
  observe: (socket: Socket) => unknown = () => {},
): Promise<ZapHandler> {
  const handler = open("router");
  // A test that watches sockets closes them in this order, and libzmq's servers let go only of a handler that was closed first.
  observe(handler);
  await handler.bind("inproc://zeromq.zap.01");
  const asked: ZapQuestion[] = [];
  void (async () => {
    for await (const [peer, delimiter, ...parts] of handler) {
      const question = readQuestion(parts);
      asked.push(question);
      void Promise.resolve(answer(question)).then(async (reply) => {
        if (reply !== undefined && !handler.closed)
          await handler.send([peer as Buffer, delimiter as Buffer, ...(reply as Buffer[])]);
      });
    }
  })().catch(() => {});
  return { asked, close: async () => handler.close() };
}

/** Reads the parts of a question. */
export function readQuestion(parts: readonly Buffer[]): ZapQuestion {
  const [version, id, domain, address, routingId, mechanism, ...credentials] = parts;
  return {
    version: String(version),
    id: String(id),
    domain: String(domain),
    address: String(address),
    routingId: routingId as Buffer,
    mechanism: String(mechanism),
    credentials,
  };
}
