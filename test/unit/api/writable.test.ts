// SPDX-License-Identifier: MIT
/** Sending that can be given up, and buffers that may be used again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, receiveAll, receiveTexts, stateOf, texts, withSockets } from "../../support/sockets.ts";

test("a send that was given up has sent nothing", () =>
  withSockets(async (open) => {
    const push = open("push");
    const controller = new AbortController();
    const aborted = push.send("aborted", { signal: controller.signal });
    const timed = push.send("timed out", { timeout: 1 });
    const kept = push.send("kept");
    controller.abort();
    await assert.rejects(aborted, { name: "AbortError", code: "ECANCELED" });
    await assert.rejects(timed, { code: "EAGAIN" });
    await assert.rejects(push.send("x", { timeout: 0 }), { code: "EAGAIN" });
    await assert.rejects(push.send("x", { signal: AbortSignal.abort() }), { name: "AbortError" });
    push.sendTimeout = 0;
    await assert.rejects(push.send("x"), { code: "EAGAIN" });
    const pull = open("pull");
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await kept;
    assert.deepEqual(receiveAll(pull), [["kept"]]);
  }));

test("a send that went out cannot be taken back", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    const controller = new AbortController();
    const sent = push.send("x", { signal: controller.signal });
    controller.abort();
    await sent;
    assert.deepEqual(await receiveTexts(pull), ["x"]);
  }));

test("small buffers may be used again at once, wherever their message waits", () =>
  withSockets(async (open) => {
    for (const [name, wildcard] of [
      ["waiting for a peer", "inproc://a"],
      ["within the process", "inproc://b"],
      ["over a connection under way", "tcp://127.0.0.1:*"],
      ["over a connection that stands", "ipc://*"],
    ] as const) {
      const push = open("push");
      const pull = open("pull");
      const part = Buffer.from("before");
      const send = async (): Promise<void> => {
        const sent = push.send([part, "x", part.subarray(0, 3)]);
        part.write("after!");
        await sent;
      };
      if (name === "waiting for a peer") {
        const sent = send();
        await pull.bind(wildcard);
        push.connect(wildcard);
        await sent;
      } else if (name === "within the process") {
        await pull.bind(wildcard);
        push.connect(wildcard);
        await send();
      } else {
        if (name === "over a connection that stands") await join(pull, push, wildcard);
        else {
          await pull.bind(wildcard);
          push.connect(pull.lastEndpoint as string);
        }
        await send();
      }
      assert.deepEqual(await receiveTexts(pull), ["before", "x", "bef"], name);
    }
  }));

test("closing settles sends: they fail with EAGAIN, later ones with EBADF", () =>
  withSockets(async (open) => {
    const push = open("push");
    const sends = [push.send("1"), push.send("2")];
    const writable = push.whenWritable();
    void push.close();
    for (const each of [...sends, writable]) await assert.rejects(each, { code: "EAGAIN" });
    await assert.rejects(push.send("x"), { code: "EBADF" });
    assert.throws(() => push.trySend("x"), { code: "EBADF" });
    await assert.rejects(push.sendBatch(["x"]), { code: "EBADF" });
    await assert.rejects(push.whenWritable(), { code: "EBADF" });
    assert.equal(push.writable, false);
  }));

test("a message that is none is a TypeError, also on a closed socket", () =>
  withSockets(async (open) => {
    const push = open("push");
    await assert.rejects(push.send(undefined as never), TypeError);
    assert.throws(() => push.trySend(undefined as never), TypeError);
    await push.close();
    await assert.rejects(push.send(undefined as never), TypeError);
  }));

test("a publisher never waits, whoever listens", () =>
  withSockets(async (open) => {
    const pub = open("pub");
    assert.ok(pub.writable);
    await pub.send("into the void");
    await pub.whenWritable();
    assert.equal(await stateOf(pub.send("x")), "resolved");
  }));

test("messages keep their parts, and the array that was sent is the application's own", () =>
  withSockets(async (open) => {
    const push = open("push");
    const message = ["a", "b"];
    const sent = push.send(message);
    message.push("c");
    message[0] = "z";
    const pull = open("pull");
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await sent;
    assert.deepEqual(texts(await pull.receive()), ["a", "b"]);
  }));
