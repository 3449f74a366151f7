// SPDX-License-Identifier: MIT
/**
 * kill -9 of either side, in the middle of a message and of a handshake, over tcp and ipc: nobody gets half of anything, whoever is left
 * serves on, and who comes in the dead one's place gets what comes next. Every message is accounted for.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Program } from "../support/program.ts";
import { bound, gate, nextEvent, receiveTexts, turn, within, withSockets } from "../support/sockets.ts";
import { freePort, withFolder } from "../support/tcp.ts";

/** Octets of a message that takes many reads. */
const LARGE = 48 * 1024 * 1024;

async function kill(program: Program): Promise<void> {
  assert.equal((await program.endBySignal("SIGKILL")).signal, "SIGKILL");
}

test("a sender that is killed within a message: what came before is there, nothing of that one, and others are heard", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const send = (first: string, rest: string): string => `
      const push = new zmq.Push();
      push.connect(${JSON.stringify(endpoint)});
      for (let index = 0; index < 10; index += 1) await push.send(["${first}", String(index)]);
      ${rest}
      setInterval(() => {}, 1 << 30);`;
    await using program = new Program(
      send("a", `void push.send(["large", Buffer.alloc(${LARGE / 2}), Buffer.alloc(${LARGE / 2})]);`),
    );
    for (let index = 0; index < 10; index += 1) assert.deepEqual(await receiveTexts(pull), ["a", `${index}`]);
    const gone = nextEvent(pull, "disconnect");
    while ((pull.peers()[0]?.octetsReceived ?? 0) < 65536) await turn();
    await kill(program);
    await within(5000, "its end to be seen", gone);
    await using other = new Program(send("b", ""));
    const next = await receiveTexts(pull, 10000);
    // It may have been faster than the signal, and then it is there whole.
    if (next[0] === "large") assert.equal((next[1]?.length ?? 0) + (next[2]?.length ?? 0), LARGE);
    else assert.deepEqual(next, ["b", "0"]);
    for (let index = next[0] === "large" ? 0 : 1; index < 10; index += 1) {
      assert.deepEqual(await receiveTexts(pull), ["b", `${index}`]);
    }
    await kill(other);
  }));

for (const transport of ["tcp", "ipc"]) {
  test(`a receiver that is killed while it receives, over ${transport}: what is missing is one piece, and the next one gets the rest`, () =>
    withFolder((folder) =>
      withSockets(async (open) => {
        const path = `${folder}/pull`;
        const endpoint = transport === "ipc" ? `ipc://${path}` : `tcp://127.0.0.1:${await freePort()}`;
        const receiver = `
          const pull = new zmq.Pull();
          await pull.bind(${JSON.stringify(endpoint)});
          print("ready.");
          for await (const [number] of pull) process.stdout.write(number + " ");`;
        await using first = new Program(receiver);
        await first.prints(/ready\./);
        const push = open("push", { reconnectInterval: 10, sendHighWaterMark: 100 });
        push.connect(endpoint);
        let sent = 0;
        let isOver = false;
        const sending = (async () => {
          for (; !isOver; sent += 1) {
            await push.send(`${sent}`);
            if (sent % 20 === 0) await turn();
          }
          await push.send("end");
        })();
        await first.prints(/ 500 /);
        const gone = nextEvent(push, "disconnect");
        await kill(first);
        await within(5000, "its end to be seen", gone);
        if (transport === "ipc") assert.ok(existsSync(path));
        await using second = new Program(receiver);
        await second.prints(/ready\.[^]* \d+ \d+ /, 20000);
        isOver = true;
        await sending;
        const { input } = await second.prints(/ end /);
        const before = numbers((await first.prints(/ready/)).input);
        const after = numbers(input);
        // The last number of one that was killed may have been cut off.
        before.pop();
        assert.deepEqual(
          before,
          Array.from(before, (_, index) => index),
        );
        assert.deepEqual(
          after,
          Array.from(after, (_, index) => (after[0] as number) + index),
        );
        assert.ok((after[0] as number) >= before.length, `${after[0]} after ${before.length}`);
        assert.equal(after.at(-1), sent - 1);
        await kill(second);
      }),
    ));
}

test("a server that is killed while it makes up its mind about a client: the client goes on with the next server", () =>
  withSockets(async (open) => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`;
    const server = (decision: string): string => `
      const reply = new zmq.Reply({ authorize: () => { print("asked."); return ${decision}; } });
      await reply.bind(${JSON.stringify(endpoint)});
      print("ready.");
      for await (const message of reply) await reply.send(message);`;
    await using first = new Program(server("new Promise(() => {})"));
    await first.prints(/ready\./);
    const request = open("req", { reconnectInterval: 10 });
    request.connect(endpoint);
    await request.send("question");
    await first.prints(/asked\./);
    await kill(first);
    await using second = new Program(server("true"));
    assert.deepEqual(await receiveTexts(request, 10000), ["question"]);
    await kill(second);
  }));

test("a client that is killed while the server makes up its mind about it: the answer comes too late for anything, and others come in", () =>
  withSockets(async (open) => {
    const [asked, decided] = [gate(), gate()];
    let questions = 0;
    const reply = open("rep", {
      authorize: async () => {
        questions += 1;
        if (questions > 1) return true;
        asked.resolve();
        await decided.promise;
        return true;
      },
    });
    let handshakes = 0;
    reply.events.on("handshake", () => {
      handshakes += 1;
    });
    const endpoint = await bound(reply);
    await using program = new Program(`
      const request = new zmq.Request();
      request.connect(${JSON.stringify(endpoint)});
      await request.send("question");
      await request.receive();`);
    await asked.promise;
    const gone = nextEvent(reply, "disconnect");
    await kill(program);
    await within(5000, "its end to be seen", gone);
    decided.resolve();
    await turn();
    assert.equal(handshakes, 0);
    const request = open("req");
    request.connect(endpoint);
    await request.send("question");
    await reply.send(await reply.receive());
    assert.deepEqual(await receiveTexts(request), ["question"]);
    assert.equal(handshakes, 1);
  }));

function numbers(output: string): number[] {
  return (output.match(/\d+/g) ?? []).map(Number);
}
