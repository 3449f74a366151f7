// SPDX-License-Identifier: MIT
/**
 * A process that runs out: of file descriptors, where listeners must go on when there are some again and nothing may spin meanwhile,
 * and of memory, where a receiver that does not read has to be held up before its heap is full. Real processes, with limits of their own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Program } from "../support/program.ts";
import { bound, receiveTexts, withSockets } from "../support/sockets.ts";
import { withFolder } from "../support/tcp.ts";

/** The most of a core that a process may take that has nothing to do but to try again. */
const IDLE_SHARE = 0.5;

/** What programs do: give all descriptors away, and take them back. */
const DESCRIPTORS = `
  import { closeSync, openSync } from "node:fs";
  import { spawnSync } from "node:child_process";
  const held = [];
  const limited = spawnSync("prlimit", ["--pid", String(process.pid), "--nofile=128"]).status === 0;
  function fill() {
    if (!limited) throw new Error("prlimit does not work here");
    try { for (;;) held.push(openSync("/dev/null")); } catch (error) { return error.code; }
  }
  function free() { for (const fd of held.splice(0)) closeSync(fd); }
`;

test("without descriptors a listener serves whom it has, does not spin, and accepts again when there are some", () =>
  withSockets(async (open) => {
    await using program = new Program(`${DESCRIPTORS}
      const control = new zmq.Reply(), pull = new zmq.Pull();
      pull.events.on("accept:error", ({ error }) => print("refused " + error.code));
      await control.bind("tcp://127.0.0.1:0");
      await pull.bind("tcp://127.0.0.1:0");
      print("at " + control.lastEndpoint + " " + pull.lastEndpoint + " .");
      void (async () => { for await (const [what] of pull) print("got " + what + "."); })();
      for await (const [what] of control) {
        const answer = String(what) === "fill" ? fill() : String(what) === "free" ? free() : undefined;
        const { user, system } = process.cpuUsage();
        await control.send([answer ?? "ok", String((user + system) / 1000)]);
      }`);
    const [, control = "", endpoint = ""] = await program.prints(/at (\S+) (\S+) \./);
    const request = open("req");
    request.connect(control);
    const tell = async (what: string): Promise<[answer: string, cpu: number]> => {
      await request.send(what);
      const [answer = "", cpu] = await receiveTexts(request);
      return [answer, Number(cpu)];
    };
    assert.equal((await tell("fill"))[0], "EMFILE");
    // They are connected by the system, and hung up on as soon as the process has looked at them.
    const pushes = Array.from({ length: 5 }, () => open("push", { reconnectInterval: 20 }));
    const turnedAway = pushes.map((push) => new Promise((resolve) => push.events.once("disconnect", resolve)));
    const begin = performance.now();
    const [, before] = await tell("go on");
    for (const [index, push] of pushes.entries()) {
      push.connect(endpoint);
      void push.send(`${index}`);
    }
    await Promise.all(turnedAway);
    for (let round = 0; round < 50; round += 1) assert.equal((await tell("go on"))[0], "ok");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [, after] = await tell("go on");
    assert.ok(after - before < IDLE_SHARE * (performance.now() - begin) + 100, `${after - before} ms of computing`);
    await tell("free");
    for (const index of pushes.keys()) await program.prints(new RegExp(`got ${index}\\.`));
    // Node hides the refusals of some systems; the code is right where it tells.
    assert.doesNotMatch((await program.prints(/got/)).input, /refused (?!EMFILE)/);
  }));

test("without descriptors connects say EMFILE and are tried again at their intervals, binds reject, and all goes on later", () =>
  withFolder((folder) =>
    withSockets(async (open) => {
      const [pull, local] = [open("pull"), open("pull")];
      const endpoint = await bound(pull);
      await local.bind(`ipc://${folder}/here`);
      await using program = new Program(`${DESCRIPTORS}
        setInterval(() => {}, 1 << 30);
        const good = new zmq.Push();
        good.connect(${JSON.stringify(endpoint)});
        await new Promise((resolve) => good.events.once("handshake", resolve));
        print(fill());
        const later = [];
        for (const address of ["tcp://127.0.0.1:0", "ipc://${folder}/new"]) {
          const socket = new zmq.Reply();
          await socket.bind(address).catch(({ code }) => print("bind " + code));
          try { socket.bindSync(address); } catch ({ code }) { print("bindSync " + code); }
          later.push(() => socket.bind(address).then(() => print("bound.")));
        }
        const tries = [];
        for (const address of [${JSON.stringify(endpoint)}, ${JSON.stringify(endpoint.replace("127.0.0.1", "localhost"))}, "ipc://${folder}/here"]) {
          const socket = new zmq.Push({ reconnectInterval: 50 });
          socket.events.on("close", ({ error }) => tries.push(error.code));
          socket.connect(address);
          void socket.send("later");
        }
        await good.send("meanwhile");
        const before = process.cpuUsage();
        setTimeout(() => {
          const { user, system } = process.cpuUsage(before);
          print("computed " + Math.round((user + system) / 1000) + " ms, " + tries.length + " tries: " + [...new Set(tries)].sort() + ".");
          free();
          for (const go of later) void go();
        }, 500);`);
      assert.deepEqual(await receiveTexts(pull), ["meanwhile"]);
      const { 1: computed, 2: tries, 3: codes } = await program.prints(/computed (\d+) ms, (\d+) tries: (.*)\./);
      assert.ok(Number(computed) < 500 * IDLE_SHARE + 50, `${computed} ms of computing`);
      assert.ok(Number(tries) >= 3 && Number(tries) <= 45, `${tries} tries`);
      // A name cannot be looked up without descriptors either.
      assert.match(codes ?? "", /^EHOSTUNREACH,EMFILE$|^EMFILE$/);
      assert.deepEqual(await receiveTexts(pull), ["later"]);
      assert.deepEqual(await receiveTexts(pull), ["later"]);
      assert.deepEqual(await receiveTexts(local), ["later"]);
      const { input } = await program.prints(/bound\.[^]*bound\./);
      assert.deepEqual(input.match(/bind\w* \w+/g), [
        "bind EMFILE",
        "bindSync EMFILE",
        "bind EMFILE",
        "bindSync EMFILE",
      ]);
    }),
  ));

/** What fits into a small heap many times over, and is far more than the marks and the network hold. */
const FLOOD = 150_000;
const KIBIBYTE = "x".repeat(1024);
const SMALL_HEAP = "--max-old-space-size=64";
const MOST_MEMORY = 300 * 1024 * 1024;

test("a receiver with a small heap that does not read holds its sender up, and then gets all that was taken", () =>
  withSockets(async (open) => {
    await using program = new Program(
      `
      const control = new zmq.Reply(), pull = new zmq.Pull();
      await control.bind("tcp://127.0.0.1:0");
      await pull.bind("tcp://127.0.0.1:0");
      print("at " + control.lastEndpoint + " " + pull.lastEndpoint + " .");
      for await (const [count] of control) {
        for (let index = 0; index < Number(count); index += 1) {
          const [text] = await pull.receive();
          if (!String(text).startsWith(index + " ")) throw new Error(index + " should come, not " + text);
        }
        await control.send(String(process.memoryUsage().rss));
      }`,
      SMALL_HEAP,
    );
    const [, control = "", endpoint = ""] = await program.prints(/at (\S+) (\S+) \./);
    const push = open("push", { sendTimeout: 300 });
    push.connect(endpoint);
    let taken = 0;
    await assert.rejects(
      async () => {
        for (; taken < FLOOD; taken += 1) await push.send(`${taken} ${KIBIBYTE}`);
      },
      { code: "EAGAIN" },
    );
    const request = open("req", { receiveTimeout: 10000 });
    request.connect(control);
    await request.send(String(taken));
    assert.ok(Number(await receiveTexts(request, 10000)) < MOST_MEMORY);
  }));

test("a publisher with a small heap drops for a subscriber that does not read, and reaches those that do", () =>
  withSockets(async (open) => {
    await using program = new Program(
      `
      const publisher = new zmq.Publisher();
      await publisher.bind("tcp://127.0.0.1:0");
      print("at " + publisher.lastEndpoint + " .");
      await publisher.waitForSubscribers({ topic: "", count: 2 });
      for (let index = 0; index < ${FLOOD}; index += 1) {
        await publisher.send(${JSON.stringify(KIBIBYTE)});
        if (index % 500 === 0) await new Promise(setImmediate);
      }
      print("memory " + process.memoryUsage().rss + ".");
      for (;;) {
        await publisher.send("end");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }`,
      SMALL_HEAP,
    );
    const [, endpoint = ""] = await program.prints(/at (\S+) \./);
    const [deaf, quick] = [open("sub"), open("sub")];
    for (const subscriber of [deaf, quick]) {
      subscriber.subscribe("");
      subscriber.connect(endpoint);
    }
    let heard = 0;
    for (;;) {
      const [text] = await receiveTexts(quick, 10000);
      if (text === "end") break;
      heard += 1;
    }
    const [, memory] = await program.prints(/memory (\d+)\./);
    assert.ok(Number(memory) < MOST_MEMORY, `${memory} octets`);
    assert.ok(heard > FLOOD / 100, `${heard} messages`);
  }));
