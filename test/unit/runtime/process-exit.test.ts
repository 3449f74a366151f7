// SPDX-License-Identifier: MIT
/** The end of a program: idle sockets do not hold it up, operations that wait do, and so do messages that linger. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Program, runProgram } from "../../support/program.ts";
import { bound, receiveTexts, withSockets } from "../../support/sockets.ts";

/** Nobody listens there: port 1 of the loopback is reserved, and refuses. */
const NOBODY = "tcp://127.0.0.1:1";

test("a program with bound and connected sockets and nothing to do ends by itself, at once", async () => {
  const { code, lasted, errors } = await runProgram(`
    const rep = new zmq.Reply();
    await rep.bind("tcp://127.0.0.1:*");
    const req = new zmq.Request();
    req.connect(rep.lastEndpoint);
    await req.send("1"); await rep.receive(); await rep.send("2"); await req.receive();
    const ipc = new zmq.Pull(); await ipc.bind("ipc://*");
    const sub = new zmq.Subscriber(); sub.connect("${NOBODY}"); sub.subscribe();
    const inproc = new zmq.Pair(); await inproc.bind("inproc://x");
    print("READY");`);
  assert.deepEqual([code, errors], [0, ""]);
  assert.ok(lasted < 4000, `it took ${lasted} ms`);
});

test("heartbeats, retries and timeouts keep no idle program alive", async () => {
  const { code, lasted } = await runProgram(`
    const a = new zmq.Pair({ heartbeatInterval: 10 });
    await a.bind("tcp://127.0.0.1:*");
    const b = new zmq.Pair({ heartbeatInterval: 10, reconnectInterval: 5 });
    b.connect(a.lastEndpoint);
    await a.send("x"); await b.receive();
    const c = new zmq.Pull({ reconnectInterval: 1 });
    c.connect("${NOBODY}");
    await c.receive({ timeout: 20 }).catch((error) => print(error.code));
    print("READY");`);
  assert.equal(code, 0);
  assert.ok(lasted < 4000, `it took ${lasted} ms`);
});

test("a receive that waits keeps the program alive until the message is there", () =>
  withSockets(async (open) => {
    const push = open("push");
    const endpoint = await bound(push);
    await using program = new Program(`
      const pull = new zmq.Pull();
      pull.connect("${endpoint}");
      print("READY");
      print(String(await pull.receive()));`);
    await program.prints(/READY/);
    await push.send("hello");
    const { code, output } = await program.end();
    assert.deepEqual([code, output], [0, "READY\nhello\n"]);
  }));

test("a send that waits keeps the program alive, and what was sent is delivered before it ends", () =>
  withSockets(async (open) => {
    await using program = new Program(`
      const push = new zmq.Push();
      await push.bind("tcp://127.0.0.1:*");
      print(push.lastEndpoint);
      await push.send("hello");`);
    const [endpoint] = await program.prints(/tcp:\S+/);
    const pull = open("pull");
    pull.connect(endpoint);
    assert.deepEqual(await receiveTexts(pull), ["hello"]);
    assert.equal((await program.end()).code, 0);
  }));

test("messages that nobody has taken yet are delivered before a program ends, with a word when that takes long", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    await pull.unbind(endpoint);
    await using program = new Program(
      `
      const push = new zmq.Push({ reconnectInterval: 20 });
      push.connect("${endpoint}");
      for (let i = 0; i < 100; i += 1) await push.send(String(i));
      await new Promise((resolve) => setTimeout(resolve, 1));
      gc();
      print("READY");`,
      "--expose-gc",
    );
    await program.prints(/READY/);
    await program.prints(/WARNING: Waiting for queued ZeroMQ messages to be delivered\./);
    await pull.bind(endpoint);
    for (let i = 0; i < 100; i += 1) assert.deepEqual(await receiveTexts(pull), [String(i)]);
    const { code, errors } = await program.end();
    assert.equal(code, 0);
    assert.equal(errors.match(/WARNING/g)?.length, 1);
  }));

test("a finite linger holds a program for that long and no longer", async () => {
  const { code, lasted } = await runProgram(`
    const push = new zmq.Push({ linger: 200 });
    push.connect("${NOBODY}");
    await push.send("lost");
    print("READY");`);
  assert.equal(code, 0);
  assert.ok(lasted > 150 && lasted < 4000, `it took ${lasted} ms`);
});

test("with a linger of 0, or a context that is not blocky, nothing unsent holds a program", async () => {
  for (const socket of [`new zmq.Push({ linger: 0 })`, `new zmq.Context({ blocky: false }).socket("push")`]) {
    const { code, lasted, errors } = await runProgram(`
      const push = ${socket};
      push.connect("${NOBODY}");
      await push.send("lost");
      print("READY");`);
    assert.deepEqual([code, errors], [0, ""]);
    assert.ok(lasted < 4000, `it took ${lasted} ms`);
  }
});

test("a socket that is closed with messages unsent lingers, and then the program ends", async () => {
  const { code, lasted, output } = await runProgram(`
    const push = new zmq.Push({ linger: 200 });
    push.connect("${NOBODY}");
    await push.send("lost");
    print("READY");
    await push.close();
    print("closed");`);
  assert.deepEqual([code, output], [0, "READY\nclosed\n"]);
  assert.ok(lasted > 150 && lasted < 4000, `it took ${lasted} ms`);
});

test("a program that waits for a closed socket's messages is told so", async () => {
  await using program = new Program(`
    const push = new zmq.Push();
    push.connect("${NOBODY}");
    await push.send("lost");
    push.close();
    print("READY");`);
  await program.prints(/WARNING: Waiting for queued ZeroMQ messages to be delivered\./);
});

test("process.exit() asks nobody", async () => {
  const { code, lasted } = await runProgram(`
    const push = new zmq.Push();
    push.connect("${NOBODY}");
    await push.send("lost");
    const pull = new zmq.Pull();
    pull.receive();
    print("READY");
    process.exit(3);`);
  assert.equal(code, 3);
  assert.ok(lasted < 4000);
});

test("a promise that nobody can settle any more does not end a program with the code of a success by mistake", async () => {
  // The pending receive itself keeps it alive: node would otherwise end with 13, "unsettled top-level await".
  await using program = new Program(`
    const pull = new zmq.Pull();
    setTimeout(() => pull.close(), 100);
    print("READY");
    await pull.receive().catch((error) => print(error.code));`);
  const { code, output } = await program.end();
  assert.deepEqual([code, output], [0, "READY\nEAGAIN\n"]);
});

test("a large message that is on its way is delivered whole, although the program has nothing left to do", () =>
  withSockets(async (open) => {
    const pull = open("pull", { receiveHighWaterMark: 1 });
    const endpoint = await bound(pull);
    await using program = new Program(`
      const push = new zmq.Push();
      push.connect("${endpoint}");
      for (let i = 0; i < 20; i += 1) await push.send(Buffer.alloc(2_000_000, i));
      print("READY");`);
    await program.prints(/READY/);
    for (let i = 0; i < 20; i += 1) {
      const [part] = await pull.receive({ timeout: 5000 });
      assert.equal(part?.length, 2_000_000);
      assert.equal(part?.[1_999_999], i);
    }
    assert.equal((await program.end()).code, 0);
  }));

for (const end of ["", "process.exit(0);"]) {
  test(`the files of ipc endpoints are removed at the end of the program${end === "" ? "" : ", by process.exit() too"}`, async () => {
    const { code, output } = await runProgram(`
      const [a, b] = [new zmq.Pull(), new zmq.Pull()];
      await a.bind("ipc://*");
      const { dirname } = await import("node:path");
      const folder = dirname(a.lastEndpoint.slice("ipc://".length));
      await b.bind("ipc://" + folder + "-named");
      print(folder);
      print("READY");
      ${end}`);
    assert.equal(code, 0);
    const folder = output.split("\n").find((line) => line.startsWith("/")) ?? "";
    assert.notEqual(folder, "");
    assert.deepEqual([existsSync(folder), existsSync(`${folder}-named`)], [false, false]);
  });
}
