// SPDX-License-Identifier: MIT
/** The sockets of version 5: events, callbacks, parts, pausing, options, and what they say when something is wrong. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { ZMQ_SNDMORE } from "../../../src/compat/constants.ts";
import { Socket } from "../../../src/compat/socket.ts";
import type { SocketType } from "../../../src/compat/works.ts";
import { createSocket } from "../../../src/v5-compat.ts";

const TIMEOUT = { timeout: 10_000 };

type Open = (type: SocketType, options?: Record<string, unknown>) => Socket;

/** Sockets that are closed when the test is over. */
async function withSockets(use: (open: Open) => Promise<void>): Promise<void> {
  const sockets: Socket[] = [];
  try {
    await use((type, options) => {
      const socket = createSocket(type, { linger: 0, ...options });
      sockets.push(socket);
      return socket;
    });
  } finally {
    for (const socket of sockets) socket.close();
  }
}

/** The next message, as texts. */
async function next(socket: Socket): Promise<string[]> {
  return (await once(socket, "message")).map(String);
}

let names = 0;
const unique = (): string => `inproc://compat-${(names += 1)}`;

test("messages come as events, a part each argument", TIMEOUT, () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    push.bindSync("tcp://127.0.0.1:*");
    assert.equal(pull.connect(push.last_endpoint as string), pull);
    const message = next(pull);
    assert.equal(push.send(["one", Buffer.from("two"), 3]), push);
    assert.deepEqual(await message, ["one", "two", "3"]);
  }),
);

test("parts that are sent with ZMQ_SNDMORE wait for the last one", TIMEOUT, () =>
  withSockets(async (open) => {
    const [a, b] = [open("pair"), open("pair")];
    const address = unique();
    a.bindSync(address);
    b.connect(address);
    const message = next(b);
    a.send("one", ZMQ_SNDMORE).send(["two", "three"], ZMQ_SNDMORE).send("four", null);
    assert.deepEqual(await message, ["one", "two", "three", "four"]);
  }),
);

test("send, bind and unbind call back, and are told as events", TIMEOUT, () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep"), open("req")];
    const address = unique();
    const bound = once(rep, "bind");
    await new Promise<void>((done) => rep.bind(address, () => done()));
    assert.deepEqual(await bound, [address]);
    req.connect(address);
    rep.on("message", (question: Buffer) => rep.send(`${question} world`));
    const answer = next(req);
    await new Promise<void>((done) => req.send("hello", 0, () => done()));
    assert.deepEqual(await answer, ["hello world"]);
    const unbound = once(rep, "unbind");
    assert.equal(rep.unbind(address), rep);
    assert.deepEqual(await unbound, [address]);
  }),
);

test("a failure goes to the callback, or is an error event", TIMEOUT, () =>
  withSockets(async (open) => {
    const [first, second, pull] = [open("pub"), open("pub"), open("pull")];
    const address = unique();
    first.bindSync(address);
    const given = await new Promise<Error | undefined>((done) => second.bind(address, done));
    assert.equal((given as { code?: string }).code, "EADDRINUSE");
    const failed = once(second, "error");
    second.bind(address);
    assert.equal(((await failed)[0] as { code?: string }).code, "EADDRINUSE");
    const sent = once(pull, "error");
    pull.send("nowhere");
    assert.equal(((await sent)[0] as Error).message, "Cannot send on this socket type.");
    const unbound = await new Promise<Error | undefined>((done) => second.unbind(unique(), done));
    assert.equal((unbound as { code?: string }).code, "ENOENT");
  }),
);

test("a paused socket reads nothing and sends nothing", TIMEOUT, () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    const address = unique();
    push.bindSync(address);
    pull.connect(address);
    const seen: string[] = [];
    pull.on("message", (text: Buffer) => {
      seen.push(String(text));
      if (String(text) === "2") pull.pause();
    });
    for (const text of ["1", "2", "3", "4"]) push.send(text);
    await new Promise<void>((done) => push.send("5", 0, () => done()));
    push.pause();
    let isSent = false;
    push.send("6", 0, () => {
      isSent = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([seen, isSent], [["1", "2"], false]);
    const last = new Promise<void>((done) => {
      pull.on("message", (text: Buffer) => {
        if (String(text) === "6") done();
      });
    });
    pull.resume();
    push.resume();
    await last;
    assert.deepEqual([seen, isSent], [["1", "2", "3", "4", "5", "6"], true]);
  }),
);

test("subscriptions, as calls and as options", TIMEOUT, () =>
  withSockets(async (open) => {
    const [pub, sub, pull] = [open("xpub"), open("sub"), open("pull")];
    const address = unique();
    pub.bindSync(address);
    sub.connect(address);
    const seen: string[] = [];
    pub.on("message", (notice: Buffer) => seen.push(notice.toString("latin1")));
    assert.equal(sub.subscribe("a"), sub);
    sub.setsockopt("_subscribe", "b");
    sub.unsubscribe("a");
    sub["_unsubscribe"] = "b";
    while (seen.length < 4) await once(pub, "message");
    assert.deepEqual(seen, ["\x01a", "\x01b", "\x00a", "\x00b"]);
    assert.throws(() => pull.subscribe("a"), { message: "Subscriber socket required" });
    assert.throws(() => pull.unsubscribe("a"), { message: "Subscriber socket required" });
  }),
);

test("options are properties by their short names, and by number", TIMEOUT, () =>
  withSockets(async (open) => {
    const dealer = open("dealer", { identity: "me", linger: 12 });
    assert.deepEqual([dealer.identity, dealer.linger, dealer.type], ["me", 12, "dealer"]);
    assert.equal(dealer.setsockopt("linger", 3), dealer);
    assert.equal(dealer.getsockopt(17), 3);
    dealer.setsockopt(23, 10);
    assert.equal(dealer.getsockopt(23), 10);
    assert.throws(() => dealer.setsockopt(999, 1), { message: "Unknown option" });
    assert.throws(() => dealer.getsockopt("nothing" as "linger"), { message: "Unknown option" });
    const pub = open("pub", { identity: "publisher" });
    assert.equal(pub.identity, "publisher");
    assert.throws(() => pub.setsockopt(33, 1), { code: "EINVAL" });
  }),
);

test("monitor tells of endpoints and connections, until unmonitor", TIMEOUT, () =>
  withSockets(async (open) => {
    const [rep, req] = [open("rep"), open("req")];
    assert.equal(rep.monitor(), rep);
    const listening = once(rep, "listen");
    rep.bindSync("tcp://127.0.0.1:*");
    const address = rep.last_endpoint as string;
    assert.equal((await listening)[1], address);
    const accepted = once(rep, "accept");
    const connected = once(req.monitor(), "connect");
    req.connect(address);
    assert.deepEqual((await connected)[1], address);
    assert.deepEqual((await accepted)[1], address);
    assert.equal(rep.unmonitor(), rep);
    rep.on("disconnect", assert.fail);
    rep.monitor();
    rep.unmonitor();
  }),
);

test("a socket that is closed sends nothing any more", TIMEOUT, () =>
  withSockets(async (open) => {
    const push = open("push");
    assert.equal(push.closed, false);
    push.send("nobody is there");
    assert.equal(push.close(), push);
    assert.equal(push.closed, true);
    const error = await new Promise<Error | undefined>((done) => push.send("too late", 0, done));
    assert.equal((error as { code?: string }).code, "EBADF");
    assert.throws(() => push.connect("tcp://127.0.0.1:1"), { code: "EBADF" });
  }),
);

test("what version 6 took out, and types that do not exist", () => {
  assert.throws(() => createSocket("foo" as SocketType), { message: "Invalid socket type: foo" });
  const socket = createSocket("pull");
  assert.throws(() => socket.read(), /read\(\) has been removed from compatibility mode/);
  socket.close();
});

test("constructors of programs call the class, or extend it", TIMEOUT, async () => {
  function Old(this: Socket, type: SocketType): void {
    (Socket as unknown as (this: Socket, type: SocketType) => void).call(this, type);
  }
  Old.prototype = Object.create(Socket.prototype);
  class New extends Socket {
    readonly name = "new";
  }
  const old = new (Old as unknown as typeof Socket)("pair");
  const extended = new New("pair");
  assert.ok(old instanceof Socket && extended instanceof Socket);
  assert.deepEqual([old.type, extended.type, extended.name, Socket.name], ["pair", "pair", "new", "Socket"]);
  const address = unique();
  old.bindSync(address);
  extended.connect(address);
  const message = next(extended);
  old.send("hello");
  assert.deepEqual(await message, ["hello"]);
  old.close();
  extended.close();
});
