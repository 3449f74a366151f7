// SPDX-License-Identifier: MIT
/** What all sockets have: endpoints, readiness, closing, and errors for what cannot be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as zmq from "../../../src/index.ts";
import { bound, join, nextEvent, receiveTexts, stateOf, within, withSockets } from "../../support/sockets.ts";

const endpoints: [endpoint: unknown, code: string][] = [
  ["", "EINVAL"],
  ["tcp", "EINVAL"],
  ["tcp:", "EINVAL"],
  ["tcp:/", "EINVAL"],
  ["tcp://", "EINVAL"],
  ["://x", "EINVAL"],
  ["127.0.0.1:5555", "EINVAL"],
  ["tcp://127.0.0.1", "EINVAL"],
  ["tcp://127.0.0.1:port", "EINVAL"],
  ["tcp://127.0.0.1:65536", "EINVAL"],
  ["inproc://", "EINVAL"],
  ["ipc://", "EINVAL"],
  ["ipc://@", "EINVAL"],
  ["foo://bar", "EPROTONOSUPPORT"],
  ["TCP://127.0.0.1:5555", "EPROTONOSUPPORT"],
  [`ipc:///tmp/${"x".repeat(200)}`, "ENAMETOOLONG"],
];

test("endpoints that cannot be fail with a code, the endpoint and what was tried", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    for (const [endpoint, code] of endpoints) {
      const details = { name: "ZmqError", code, address: endpoint };
      assert.throws(() => pair.connect(endpoint as string), { ...details, syscall: "connect" }, String(endpoint));
      await assert.rejects(pair.bind(endpoint as string), { ...details, syscall: "bind" }, String(endpoint));
    }
    assert.equal(pair.lastEndpoint, null);
    assert.throws(() => pair.disconnect("tcp://127.0.0.1:5555"), { code: "ENOENT", address: "tcp://127.0.0.1:5555" });
    await assert.rejects(pair.unbind("tcp://127.0.0.1:5555"), { code: "ENOENT", address: "tcp://127.0.0.1:5555" });
  }));

test("an address that is no text is a TypeError", () =>
  withSockets(async (open) => {
    for (const socket of [open("pair"), open("router"), open("stream")]) {
      for (const address of [undefined, null, 5555, {}]) {
        const expected = { name: "TypeError", message: "Address must be a string" };
        assert.throws(() => socket.connect(address as never), expected);
        assert.throws(() => socket.disconnect(address as never), expected);
        await assert.rejects(async () => socket.bind(address as never), expected);
        await assert.rejects(async () => socket.unbind(address as never), expected);
      }
    }
  }));

test("a closed socket says so, to every call", () =>
  withSockets(async (open) => {
    for (const socket of [open("pair"), open("router"), open("stream")]) {
      await socket.close();
      assert.deepEqual([socket.closed, socket.readable, socket.writable], [true, false, false]);
      const expected = { code: "EBADF", message: /Socket is closed/ };
      assert.throws(() => socket.connect("inproc://x"), expected);
      assert.throws(() => socket.disconnect("inproc://x"), expected);
      await assert.rejects(async () => socket.bind("inproc://x"), expected);
      await assert.rejects(async () => socket.unbind("inproc://x"), expected);
    }
    const sub = open("sub");
    await sub.close();
    assert.throws(() => sub.subscribe("x"), { code: "EBADF" });
    assert.throws(() => sub.unsubscribe("x"), { code: "EBADF" });
  }));

test("lastEndpoint is what was bound or connected last, wildcards resolved", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.equal(pair.lastEndpoint, null);
    await pair.bind("tcp://127.0.0.1:*");
    assert.match(pair.lastEndpoint ?? "", /^tcp:\/\/127\.0\.0\.1:\d+$/);
    await pair.bind("inproc://here");
    assert.equal(pair.lastEndpoint, "inproc://here");
    pair.connect("tcp://localhost:5555");
    assert.equal(pair.lastEndpoint, "tcp://localhost:5555");
    await pair.bind("ipc://*");
    assert.match(pair.lastEndpoint ?? "", /^ipc:\/\/\/.+/);
  }));

test("unbind takes the real endpoint, not the wildcard", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    for (const wildcard of ["tcp://127.0.0.1:*", "tcp://*:0", "ipc://*"]) {
      const endpoint = await bound(pull, wildcard);
      await assert.rejects(pull.unbind(wildcard), { code: "ENOENT", message: /lastEndpoint/ });
      await pull.unbind(endpoint);
      await assert.rejects(pull.unbind(endpoint), { code: "ENOENT" });
      const other = open("pull");
      if (endpoint.startsWith("tcp")) await other.bind(endpoint);
    }
  }));

test("several binds at once all succeed, each at its place", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    await Promise.all(
      ["tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "ipc://*", "inproc://x"].map((each) => pull.bind(each)),
    );
    assert.equal(pull.works.core.endpoints.size, 4);
  }));

test("a bind that failed leaves the socket as it was", () =>
  withSockets(async (open) => {
    const first = open("pull");
    const endpoint = await bound(first);
    const second = open("pull");
    await assert.rejects(second.bind(endpoint), { code: "EADDRINUSE", address: endpoint });
    assert.equal(second.lastEndpoint, null);
    await first.close();
    await second.bind(endpoint);
  }));

test("close waits for what is unsent as long as linger says, and can be told otherwise", () =>
  withSockets(async (open) => {
    const lingering = open("push", { linger: -1 });
    lingering.connect("tcp://127.0.0.1:1");
    await lingering.send("x");
    const closing = lingering.close({ linger: 300 });
    assert.equal(await stateOf(closing), "pending");
    await within(2000, "close", closing);
    const impatient = open("push", { linger: -1 });
    impatient.connect("tcp://127.0.0.1:1");
    await impatient.send("x");
    await within(1000, "close", impatient.close({ linger: 0 }));
  }));

test("close resolves when everything has left, and the peer gets all of it", () =>
  withSockets(async (open) => {
    const push = open("push", { linger: -1 });
    const pull = open("pull");
    push.connect(await bound(pull));
    for (let i = 0; i < 500; i += 1) await push.send(String(i));
    await within(3000, "close", push.close());
    for (let i = 0; i < 500; i += 1) assert.deepEqual(await receiveTexts(pull), [String(i)]);
  }));

test("await using closes at the end of the block", async () => {
  let seen: zmq.Pull | undefined;
  {
    await using pull = new zmq.Pull();
    seen = pull;
    await pull.bind("inproc://block");
  }
  assert.ok(seen.closed);
  await using again = new zmq.Pull();
  await again.bind("inproc://block");
});

test("a socket takes no properties that it does not have, and says which it misses", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.throws(() => Object.assign(pair, { nonsense: 1 }), TypeError);
    assert.throws(() => open("pair", { nonsense: 1 } as never), { name: "TypeError", message: /"nonsense"/ });
    assert.throws(() => open("push", { receiveTimeout: 1 } as never), { name: "TypeError", message: /PUSH/ });
    assert.throws(() => new zmq.Pair(5 as never), { name: "TypeError", message: "Options must be an object" });
    assert.throws(() => new zmq.Pair(null as never), TypeError);
    assert.equal(open("pair", { linger: undefined }).linger, 0, "undefined is as if it were not there");
  }));

test("sockets that only send have no receive, and the other way round", () =>
  withSockets(async (open) => {
    for (const type of ["pub", "push"] as const) assert.equal("receive" in open(type), false);
    for (const type of ["sub", "pull"] as const) assert.equal("send" in open(type), false);
  }));

test("two sockets whose types do not fit are told apart: the event says why, and nobody tries again", () =>
  withSockets(async (open) => {
    const rep = open("rep");
    const push = open("push", { reconnectInterval: 1 });
    const refused = [nextEvent(rep, "handshake:error:protocol"), nextEvent(push, "handshake:error:protocol")];
    push.connect(await bound(rep));
    await within(3000, "the refusal", Promise.all(refused));
    assert.equal(push.works.core.endpoints.size, 0);
  }));

test("securityMechanism follows the options", () =>
  withSockets(async (open) => {
    assert.equal(open("pair").securityMechanism, null);
    assert.equal(open("pair", { plainServer: true }).securityMechanism, "plain");
    assert.equal(open("pair", { plainUsername: "u" }).securityMechanism, "plain");
  }));

test("events is always the same object", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    assert.equal(pair.events, pair.events);
    assert.ok(pair.events instanceof zmq.Observer);
  }));

test("a connection of PAIR beyond the first is turned away, and the slot is free again when the first has gone", () =>
  withSockets(async (open) => {
    const pair = open("pair");
    const first = open("pair");
    const endpoint = await join(pair, first);
    const second = open("pair", { reconnectInterval: 1 });
    const turnedAway = nextEvent(second, "disconnect");
    second.connect(endpoint);
    await turnedAway;
    await first.close();
    await second.send("mine now");
    assert.deepEqual(await receiveTexts(pair), ["mine now"]);
  }));

test("a class that is of no type makes no sockets", () => {
  class Odd extends zmq.Socket {}
  assert.throws(() => new Odd(), { name: "TypeError", message: /classes of their types/ });
});
