// SPDX-License-Identifier: MIT
/**
 * The end of a program with sockets open in every state: it ends at once, with the right exit code, and with nothing on standard
 * error that it did not ask for. Also ref() and unref(), which say whether a socket keeps the program alive.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Program, runProgram } from "../../support/program.ts";
import { bound, receiveTexts, withSockets } from "../../support/sockets.ts";

/** Nobody listens there: port 1 of the loopback is reserved, and refuses. */
const NOBODY = "tcp://127.0.0.1:1";

/** Every state that a socket can be in, with whatever waits in it. */
const EVERY_STATE = `
  const options = { linger: 0, reconnectInterval: 1, heartbeatInterval: 5 };
  const context = new zmq.Context({ defaults: options });
  const open = (type) => context.socket(type);
  const { createServer } = await import("node:net");
  const mute = createServer((socket) => socket.on("error", () => {}).unref()).listen(0, "127.0.0.1").unref();
  await new Promise((resolve) => mute.once("listening", resolve));
  const silent = "tcp://127.0.0.1:" + mute.address().port;

  open("pair");
  const rep = open("rep"); await rep.bind("tcp://127.0.0.1:*");
  const req = open("req"); req.connect(rep.lastEndpoint); await req.send("q");
  await rep.receive();
  const ipc = open("pull"); await ipc.bind("ipc://*");
  const push = open("push"); push.connect(ipc.lastEndpoint); await push.send("in the pipe");
  const retrying = open("sub"); retrying.connect("${NOBODY}"); retrying.subscribe();
  const half = open("dealer"); half.connect(silent); await half.send("unsent");
  const early = open("pair"); early.connect("inproc://later"); await early.send("x");
  const gone = open("pull"); await gone.bind("tcp://127.0.0.1:*"); await gone.close();
  const observed = open("router"); observed.events.on("accept", () => {}); await observed.bind("tcp://127.0.0.1:*");
  const full = open("push"); full.sendHighWaterMark = 1; full.connect("${NOBODY}"); await full.send("x");
`;

/** Calls that wait: each holds the program, and none may be left behind unsettled with a complaint. */
const EVERYTHING_WAITS = `
  const ignore = () => {};
  for (const promise of [
    ipc.receive(), ipc.receive(), ipc.receive({ timeout: 60000 }), gone.receive(), retrying.whenReadable(),
    full.send("y"), full.send("z", { timeout: 60000 }), full.whenWritable(), req.receive(),
    req.request("a", { timeout: 60000, retries: 5 }), observed.events.receive(), open("pub").bind("tcp://127.0.0.1:*"),
    open("pull").bind("ipc://*"), (async () => { for await (const message of half) void message; })(),
    new zmq.Proxy(rep, half).run(),
  ]) promise.catch(ignore);
`;

async function ends(name: string, end: string, expected: { code: number; errors?: RegExp }): Promise<void> {
  await test(name, async () => {
    const { code, errors, lasted } = await runProgram(`${EVERY_STATE}; print("READY"); ${end}`);
    assert.equal(code, expected.code, errors);
    if (expected.errors === undefined) assert.equal(errors, "");
    else assert.match(errors, expected.errors);
    assert.ok(lasted < 4000, `it took ${lasted} ms`);
  });
}

await ends("a program that has nothing left to do ends, whatever state its sockets are in", "", { code: 0 });
await ends("so does one that has set its exit code", "process.exitCode = 7;", { code: 7 });
await ends("process.exit() in the middle of everything", `${EVERYTHING_WAITS} process.exit(3);`, { code: 3 });
await ends("process.exit() a few turns later", `${EVERYTHING_WAITS} setTimeout(() => process.exit(4), 30);`, {
  code: 4,
});
await ends(
  "an exception that nobody catches",
  `${EVERYTHING_WAITS} setTimeout(() => { throw new Error("mine"); }, 10);`,
  { code: 1, errors: /error: mine/i },
);
await ends("a rejection that nobody handles", `${EVERYTHING_WAITS} await Promise.reject(new Error("mine"));`, {
  code: 1,
  errors: /error: mine/i,
});
await ends("terminating the context lets it end", `${EVERYTHING_WAITS} await context.terminate();`, { code: 0 });
await ends(
  "shutting the context down lets it end, though its sockets are open",
  `${EVERYTHING_WAITS} setTimeout(() => context.shutdown(), 10);`,
  { code: 0 },
);
await ends(
  "closing every socket lets it end",
  `${EVERYTHING_WAITS} for (const socket of [rep, req, ipc, push, retrying, half, early, observed, full]) socket.close();`,
  { code: 0 },
);
await ends(
  "closing in the listener of an event",
  `observed.events.on("accept", () => { void observed.close(); });
   const visitor = open("dealer"); visitor.connect(observed.lastEndpoint);
   await new Promise((resolve) => visitor.events.on("disconnect", resolve)); visitor.close();`,
  { code: 0 },
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends a program in the middle of everything`, async () => {
    await using program = new Program(`${EVERY_STATE}; ${EVERYTHING_WAITS}; print("READY");`);
    await program.prints(/READY/);
    const { code, signal: by } = await program.endBySignal(signal);
    assert.deepEqual([code, by], [null, signal]);
  });
}

test("a program that ends in order at a signal: terminate in its handler, what was sent arrives", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    await using program = new Program(`
      const push = new zmq.Push();
      push.connect("${await bound(pull)}");
      const idle = new zmq.Pull();
      await idle.bind("tcp://127.0.0.1:*");
      process.once("SIGTERM", async () => {
        await push.send("last words");
        await zmq.context.terminate();
        print("terminated");
      });
      print("READY");
      try { await idle.receive(); } catch (error) { print(error.code); }`);
    await program.prints(/READY/);
    program.signal("SIGTERM");
    assert.deepEqual(await receiveTexts(pull), ["last words"]);
    const { code, output } = await program.end();
    assert.deepEqual([code, output], [0, "READY\nETERM\nterminated\n"]);
  }));

test("ref() keeps a program alive until unref() or close()", async () => {
  for (const end of ["unref()", "close()"]) {
    const { code, output } = await runProgram(`
      const pull = new zmq.Pull();
      await pull.bind("tcp://127.0.0.1:*");
      if (pull.ref() !== pull) throw new Error("ref() gives the socket");
      setTimeout(() => { print("still here"); pull.${end}; }, 100).unref();
      print("READY");`);
    assert.deepEqual([code, output], [0, "READY\nstill here\n"]);
  }
});

test("unref() lets a program end although calls wait, and ref() takes that back", async () => {
  const waits = `
    const pull = new zmq.Pull();
    await pull.bind("tcp://127.0.0.1:*");
    const full = new zmq.Push();
    const req = new zmq.Request();
    for (const socket of [pull, full, req]) socket.unref();
    pull.receive().then(print, (error) => print(error.code));
    full.send("x").catch(() => {});
    req.request("x").catch(() => {});
    pull.events.receive().catch(() => {});
    full.events.receive().catch(() => {});
    print("READY");`;
  const { code, output, errors } = await runProgram(waits);
  assert.deepEqual([code, output, errors], [0, "READY\n", ""]);
  const again = await runProgram(`${waits} pull.ref(); setTimeout(() => pull.close(), 50).unref();`);
  assert.deepEqual([again.code, again.output], [0, "READY\nEAGAIN\n"]);
});

test("what an unreferenced socket has sent still leaves", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    await using program = new Program(`
      const push = new zmq.Push().unref();
      push.connect("${await bound(pull)}");
      await push.send("x");`);
    assert.deepEqual(await receiveTexts(pull), ["x"]);
    assert.equal((await program.end()).code, 0);
  }));
