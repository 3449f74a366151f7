// SPDX-License-Identifier: MIT
/** The core of a socket: what becomes of its pipes when peers go, endpoints are dropped, and the socket is closed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bound,
  join,
  married,
  nextEvent,
  receiveAll,
  receiveTexts,
  stateOf,
  texts,
  within,
  withSockets,
} from "../../support/sockets.ts";

test("a socket with immediate closes while its peer is away", () =>
  withSockets(async (open) => {
    const push = open("push", { immediate: true });
    const pull = open("pull");
    const endpoint = await join(pull, push);
    const lost = nextEvent(push, "disconnect");
    await pull.unbind(endpoint);
    await lost;
    await within(2000, "close", push.close());
  }));

test("a socket with immediate that was disconnected while its peer was away stays disconnected", () =>
  withSockets(async (open) => {
    const push = open("push", { immediate: true, reconnectInterval: 1 });
    const pull = open("pull");
    const endpoint = await join(pull, push);
    const lost = nextEvent(push, "disconnect");
    await pull.unbind(endpoint);
    await lost;
    push.disconnect(endpoint);
    await pull.bind(endpoint);
    // A connection that comes later than this one is the proof that the first did not come back.
    const other = open("push");
    const both = married(other, pull);
    other.connect(endpoint);
    await both;
    assert.equal(push.writable, false);
  }));

test("an XPUB hears of the subscriptions that end with its own unbind", () =>
  withSockets(async (open) => {
    const xpub = open("xpub");
    const sub = open("sub", { reconnectInterval: -1 });
    sub.subscribe("a");
    const endpoint = await join(xpub, sub);
    assert.deepEqual(await receiveTexts(xpub), ["\u0001a"]);
    const notice = xpub.receive();
    await xpub.unbind(endpoint);
    assert.deepEqual(texts(await within(2000, "the notice", notice)), ["\u0000a"]);
  }));

test("within the process a subscriber connects again to a name that was bound anew", () =>
  withSockets(async (open) => {
    const sub = open("sub");
    sub.subscribe();
    for (const each of ["1", "2"]) {
      const pub = open("pub");
      await pub.bind("inproc://news");
      sub.connect("inproc://news");
      await pub.send(each);
      assert.deepEqual(await receiveTexts(sub), [each]);
      await pub.close();
      assert.throws(() => sub.disconnect("inproc://news"), { code: "ENOENT" });
    }
  }));

test("a second connect to the same endpoint changes nothing for DEALER, REQ, SUB and PUB, and adds a pipe for others", () =>
  withSockets(async (open) => {
    for (const [binder, connecter, connections] of [
      ["router", "dealer", 1],
      ["rep", "req", 1],
      ["xpub", "sub", 1],
      ["pull", "push", 2],
    ] as const) {
      const server = open(binder);
      const client = open(connecter);
      const endpoint = await bound(server);
      let accepted = 0;
      server.events.on("handshake", () => {
        accepted += 1;
      });
      client.connect(endpoint);
      client.connect(endpoint);
      const last = open(connecter);
      const done = married(last);
      last.connect(endpoint);
      await done;
      assert.equal(accepted, connections + 1, connecter);
    }
  }));

test("new high-water marks hold at once, for pipes over the network and within the process", () =>
  withSockets(async (open) => {
    for (const wildcard of ["inproc://x", "ipc://*"]) {
      const push = open("push", { sendHighWaterMark: 2 });
      const pull = open("pull", { receiveHighWaterMark: 2 });
      const endpoint = await bound(push, wildcard);
      pull.connect(endpoint);
      await push.whenWritable();
      for (let i = 0; i < 4; i += 1) await push.send("x");
      for (let i = 0; i < 4; i += 1) await pull.receive();
      push.sendHighWaterMark = 5;
      pull.receiveHighWaterMark = 1;
      if (wildcard !== "inproc://x") continue;
      while (push.trySend("x"));
      assert.equal(receiveAll(pull).length, 6);
    }
  }));

test("lower marks never leave a sender waiting for messages that were read long ago", () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    await join(pull, push);
    for (let i = 0; i < 400; i += 1) await push.send("x");
    for (let i = 0; i < 400; i += 1) await pull.receive();
    push.sendHighWaterMark = 100;
    await within(2000, "the send", push.send("x"));
    await pull.receive();
  }));

test("close may be called again, and resolves once the addresses are free", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const closing = [pull.close(), pull.close({ linger: 5 })];
    assert.equal(pull.closed, true);
    await Promise.all(closing);
    await pull.close();
    await open("pull").bind(endpoint);
  }));

test("closing while a bind is under way frees the address and fails the bind with EBADF", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const binding = pull.bind("tcp://127.0.0.1:*");
    const closing = pull.close();
    await assert.rejects(binding, { code: "EBADF" });
    await closing;
    assert.equal(await stateOf(closing), "resolved");
  }));

test("a connection that lingers after its disconnect does not outlast a close that lingers not", () =>
  withSockets(async (open) => {
    const push = open("push", { linger: -1 });
    push.connect("tcp://127.0.0.1:1");
    await push.send("x");
    push.disconnect("tcp://127.0.0.1:1");
    await within(2000, "close", push.close({ linger: 0 }));
  }));

test("a close that lingers can be cut short by another", () =>
  withSockets(async (open) => {
    for (const linger of [0, 20]) {
      const push = open("push", { linger: -1 });
      push.connect("tcp://127.0.0.1:1");
      await push.send("x");
      const closing = push.close();
      assert.equal(await stateOf(closing), "pending");
      assert.equal(await stateOf(push.close()), "pending");
      await within(2000, "the second close", push.close({ linger }));
      await closing;
    }
  }));
