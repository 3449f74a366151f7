// SPDX-License-Identifier: MIT
/** The proxy of version 5: both ways, a copy for whoever captures, and which types go together. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { proxy } from "../../../src/compat/proxy.ts";
import type { Socket } from "../../../src/compat/socket.ts";
import type { SocketType } from "../../../src/compat/works.ts";

/** A socket that keeps what it was given to send. */
class FakeSocket extends EventEmitter {
  readonly sent: string[][] = [];
  readonly type: SocketType;

  constructor(type: SocketType) {
    super();
    this.type = type;
  }

  send(parts: Buffer[]): this {
    this.sent.push(parts.map(String));
    return this;
  }
}

function joined(front: SocketType, back: SocketType): [FakeSocket, FakeSocket, FakeSocket] {
  const sockets = [new FakeSocket(front), new FakeSocket(back), new FakeSocket("pub")] as const;
  proxy(...(sockets as unknown as [Socket, Socket, Socket]));
  return [...sockets];
}

const parts = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

test("messages pass both ways; what comes from the back-end is captured without its envelope", () => {
  for (const [front, back] of [
    ["router", "dealer"],
    ["xrep", "xreq"],
  ] as const) {
    const [frontend, backend, capture] = joined(front, back);
    frontend.emit("message", ...parts("id", "", "question"));
    backend.emit("message", ...parts("id", "", "answer"));
    assert.deepEqual(backend.sent, [["id", "", "question"]]);
    assert.deepEqual(frontend.sent, [["id", "", "answer"]]);
    assert.deepEqual(capture.sent, [["answer"]]);
  }
});

test("what a publisher's subscribers ask for is not captured", () => {
  const [frontend, backend, capture] = joined("xpub", "xsub");
  frontend.emit("message", ...parts("\x01topic"));
  backend.emit("message", ...parts("topic", "news"));
  assert.deepEqual(
    [backend.sent, frontend.sent, capture.sent],
    [[["\x01topic"]], [["topic", "news"]], [["topic", "news"]]],
  );
});

test("of a pipeline everything is captured, whichever way it goes", () => {
  const [, backend, capture] = joined("push", "pull");
  backend.emit("message", ...parts("job"));
  assert.deepEqual(capture.sent, [["job"]]);
  const [frontend, , other] = joined("pull", "push");
  frontend.emit("message", ...parts("job"));
  assert.deepEqual(other.sent, [["job"]]);
});

test("types that do not go together are refused", () => {
  for (const [front, back] of [
    ["req", "rep"],
    ["dealer", "router"],
    ["pub", "sub"],
  ] as const) {
    assert.throws(() => joined(front, back), /This socket type order is not supported in compatibility mode/);
  }
});
