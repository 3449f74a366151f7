// SPDX-License-Identifier: MIT
/** Asking an authenticator that the application has bound in its context: what it is asked, and each way it can answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askAuthenticator, hasAuthenticator } from "../../../src/socket/authentication.ts";
import { InprocTransport } from "../../../src/transport/inproc.ts";
import type { ZapReply } from "../../../src/wire/zap.ts";
import { octets, PatternHost, text } from "../../support/pattern-host.ts";

/** A handler: a ROUTER pattern bound to the name of RFC 27. */
function open(): { inproc: InprocTransport; handler: PatternHost; ask: () => Answer } {
  const inproc = new InprocTransport();
  const handler = new PatternHost("ROUTER");
  const noSide = { sendHighWaterMark: 0, receiveHighWaterMark: 0, conflate: false, guard: undefined };
  const peer = {
    routingId: octets(""),
    socketType: "ROUTER",
    address: "",
    metadata: new Map(),
    wantsEverything: false,
  };
  inproc.bind("zeromq.zap.01", { ...noSide, peer, attach: (pipe, isLocal) => handler.attach(pipe, isLocal) });
  const ask = (): Answer => {
    const answer: Answer = { takeBack: () => {}, reply: undefined, error: undefined, count: 0 };
    const request = {
      domain: "global",
      address: "127.0.0.1",
      routingId: octets("R"),
      mechanism: "PLAIN",
      credentials: [octets("user"), octets("word")],
    };
    answer.takeBack = askAuthenticator(
      inproc,
      request,
      (reply) => {
        answer.reply = reply;
        answer.count += 1;
      },
      (error) => {
        answer.error = error;
        answer.count += 1;
      },
    );
    return answer;
  };
  return { inproc, handler, ask };
}

interface Answer {
  takeBack: () => void;
  reply: ZapReply | undefined;
  error: (Error & { code?: string; protocolError?: string }) | undefined;
  count: number;
}

test("a handler is there when the name is bound", () => {
  assert.ok(hasAuthenticator(open().inproc));
  assert.ok(!hasAuthenticator(new InprocTransport()));
  assert.ok(!hasAuthenticator(undefined));
});

test("the handler gets the request as REQ would send it, and its answer comes back", () => {
  const { handler, ask } = open();
  const answer = ask();
  const [id, ...request] = handler.receive() as [string, ...string[]];
  assert.deepEqual(request, ["", "1.0", "1", "global", "127.0.0.1", "R", "PLAIN", "user", "word"]);
  handler.send(id, "", "1.0", "1", "200", "OK", "me", "\u0001X\u0000\u0000\u0000\u0001y");
  assert.deepEqual(
    [answer.reply?.status, answer.reply?.text, text(answer.reply?.userId as Uint8Array)],
    [200, "OK", "me"],
  );
  assert.equal(text(answer.reply?.metadata.get("X") as Uint8Array), "y");
  assert.equal(answer.count, 1);
});

test("several questions at once each get their own answer, in any order", () => {
  const { handler, ask } = open();
  const answers = [ask(), ask(), ask()];
  const ids = answers.map(() => (handler.receive() as string[])[0] as string);
  for (const index of [2, 0, 1]) handler.send(ids[index] as string, "", "1.0", "1", "200", `for ${index}`, "", "");
  assert.deepEqual(
    answers.map((answer) => answer.reply?.text),
    ["for 0", "for 1", "for 2"],
  );
  assert.equal(handler.pipes.size, 0, "each question's pipe goes with its answer");
});

test("answers that break RFC 27 are told apart", () => {
  for (const [reply, protocolError] of [
    [["", "1.1", "1", "200", "OK", "", ""], "ZAP_BAD_VERSION"],
    [["", "1.0", "2", "200", "OK", "", ""], "ZAP_BAD_REQUEST_ID"],
    [["", "1.0", "1", "201", "OK", "", ""], "ZAP_INVALID_STATUS_CODE"],
    [["", "1.0", "1", "200", "OK", "", "\u0005"], "ZAP_INVALID_METADATA"],
    [["", "1.0", "1", "200", "OK", ""], "ZAP_MALFORMED_REPLY"],
    [["", "1.0", "1", "200", "OK", "", "", ""], "ZAP_MALFORMED_REPLY"],
    [["x", "1.0", "1", "200", "OK", "", ""], "ZAP_UNSPECIFIED"],
  ] as const) {
    const { handler, ask } = open();
    const answer = ask();
    const [id] = handler.receive() as string[];
    handler.send(id as string, ...reply);
    assert.deepEqual([answer.reply, answer.error?.protocolError, answer.count], [undefined, protocolError, 1]);
  }
});

test("a handler that goes away before it answers is an error, once", () => {
  const { handler, ask } = open();
  const answer = ask();
  for (const pipe of [...handler.pipes]) handler.drop(pipe);
  assert.deepEqual([answer.error?.code, answer.count], ["EPIPE", 1]);
});

test("a question that is taken back is not in the handler's way, and its answer goes nowhere", () => {
  const { handler, ask } = open();
  const unread = ask();
  const read = ask();
  unread.takeBack();
  const [id = ""] = handler.receive() as string[];
  assert.equal(handler.receive(), undefined);
  read.takeBack();
  handler.send(id, "", "1.0", "1", "200", "too late", "", "");
  const answered = ask();
  const [last = ""] = handler.receive() as string[];
  handler.send(last, "", "1.0", "1", "200", "in time", "", "");
  answered.takeBack();
  assert.deepEqual([unread.count, read.count, answered.count], [0, 0, 1]);
  assert.equal(answered.reply?.text, "in time");
  assert.equal(handler.pipes.size, 0);
});
