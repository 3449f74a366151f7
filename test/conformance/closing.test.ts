// SPDX-License-Identifier: MIT
/** Closing early: before there is a connection, before a handshake is done, with the wrong peer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../support/program.ts";
import { bound, nextEvent, receiveTexts, withSockets } from "../support/sockets.ts";

test("a socket closed before its connection stands still delivers, and the close resolves afterwards", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const push = open("push", { linger: -1 });
    push.connect(await bound(pull));
    for (let i = 0; i < 10; i += 1) await push.send(`${i}`);
    await push.close();
    for (let i = 0; i < 10; i += 1) assert.deepEqual(await receiveTexts(pull), [`${i}`]);
  }));

test("a program that awaits such a close ends in order", async () => {
  const { code, errors } = await runProgram(`
    const pull = new zmq.Pull();
    await pull.bind("tcp://127.0.0.1:*");
    const push = new zmq.Push();
    push.connect(pull.lastEndpoint);
    await push.send("x");
    await push.close();
    await pull.receive();
    await pull.close();
    print("READY");`);
  assert.deepEqual([code, errors], [0, ""]);
});

test("both sides of a connection hear that their types do not go together, and it is not tried again", () =>
  withSockets(async (open) => {
    const [binder, connecter] = [open("push"), open("push", { reconnectInterval: 1 })];
    const heard = Promise.all([binder, connecter].map((socket) => nextEvent(socket, "handshake:error:protocol")));
    const types: string[] = [];
    connecter.events.on("connect:retry", ({ type }) => types.push(type));
    const gone = nextEvent(connecter, "disconnect");
    connecter.connect(await bound(binder));
    await heard;
    await gone;
    // A good peer's whole life fits in between; a retry would have come by now.
    const pull = open("pull");
    pull.connect(binder.lastEndpoint ?? "");
    await binder.send("x");
    assert.deepEqual(await receiveTexts(pull), ["x"]);
    assert.deepEqual(types, []);
  }));

test("an attempt that fails says why", () =>
  withSockets(async (open) => {
    const push = open("push");
    const codes = new Promise((resolve) => {
      push.events.on("close", ({ error }) => resolve((error as NodeJS.ErrnoException).code));
    });
    push.connect("tcp://127.0.0.1:1");
    assert.equal(await codes, "ECONNREFUSED");
  }));

test("without waiting, REQ and REP that are out of turn are told so", () =>
  withSockets(async (open) => {
    await assert.rejects(open("rep").send("x", { timeout: 0 }), { code: "EFSM" });
    await assert.rejects(open("req").receive({ timeout: 0 }), { code: "EFSM" });
  }));
