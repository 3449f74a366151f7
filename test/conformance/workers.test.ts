// SPDX-License-Identifier: MIT
/** Worker threads: everything works in one, they end in order, and one that is terminated leaves the others as they were. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { InWorker } from "../support/in-worker.ts";
import { eventually, openHandles } from "../support/leaks.ts";
import { bound, nextEvent, receiveTexts, texts, turn, withSockets } from "../support/sockets.ts";

const PATIENCE = { timeout: 60_000 };

test("every socket type and transport works in a worker, which then ends by itself", PATIENCE, async () => {
  await using worker = new InWorker(`
    const seen = [];
    const pairs = [["push", "pull"], ["dealer", "router"], ["pair", "pair"], ["req", "rep"], ["pub", "sub"], ["xpub", "xsub"]];
    for (const endpoint of ["tcp://127.0.0.1:*", "ipc://*", "inproc://x"]) {
      for (const [from, to] of pairs) {
        const [receiver, sender] = [zmq.context.socket(to), zmq.context.socket(from)];
        if (to === "sub") receiver.subscribe();
        await sender.bind(endpoint);
        receiver.connect(sender.lastEndpoint);
        if (to === "xsub") { await receiver.send(Buffer.from([1])); await sender.receive(); }
        else if (from === "pub") while (receiver.tryReceive() === undefined) {
          await sender.send("again");
          await new Promise(setImmediate);
        }
        await sender.send("hello");
        let message = await receiver.receive();
        while (String(message) === "again") message = await receiver.receive();
        seen.push(String(message.at(-1)));
        await Promise.all([receiver.close(), sender.close()]);
      }
    }
    const req = new zmq.Request(), rep = new zmq.Reply();
    await rep.bind("tcp://127.0.0.1:*");
    req.connect(rep.lastEndpoint);
    const answer = req.request("question", { timeout: 5000 });
    await rep.send(await rep.receive());
    seen.push(String(await answer));
    post(seen);`);
  const seen = (await worker.posted()) as string[];
  assert.deepEqual(seen, [...Array(18).fill("hello"), "question"]);
  assert.equal(await worker.end(), 0);
});

test("the main thread and many workers talk over tcp and ipc", PATIENCE, () =>
  withSockets(async (open) => {
    const router = open("router");
    const endpoints = [await bound(router), await bound(router, "ipc://*")];
    const workers = Array.from(
      { length: 4 },
      (_, i) =>
        new InWorker(
          `const req = new zmq.Request({ routingId: "w" + workerData.i });
           req.connect(workerData.endpoint);
           for (let i = 0; i < 50; i += 1) {
             const [answer] = await req.request(String(i), { timeout: 10000 });
             if (String(answer) !== "re " + i) throw new Error("wrong: " + answer);
           }`,
          { i, endpoint: endpoints[i % 2] },
        ),
    );
    for (let i = 0; i < 4 * 50; i += 1) {
      const [peer, id, delimiter, body] = (await router.receive({ timeout: 20_000 })) as [
        Buffer,
        Buffer,
        Buffer,
        Buffer,
      ];
      await router.send([peer, id, delimiter, `re ${body}`]);
    }
    assert.deepEqual(await Promise.all(workers.map((worker) => worker.end())), [0, 0, 0, 0]);
  }),
);

test("a worker that waits lives on; terminate in it lets it end", PATIENCE, async () => {
  await using worker = new InWorker(`
    const pull = new zmq.Pull();
    await pull.bind("tcp://127.0.0.1:*");
    parentPort.once("message", async () => { await zmq.context.terminate(); post("terminated"); });
    parentPort.unref();
    post("ready");
    try { await pull.receive(); } catch (error) { post(error.code); }`);
  assert.equal(await worker.posted(), "ready");
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- workers have none
  worker.worker.postMessage("end");
  assert.deepEqual(new Set([await worker.posted(), await worker.posted()]), new Set(["ETERM", "terminated"]));
  assert.equal(await worker.end(), 0);
});

test("process.exit() in a worker ends the worker alone", PATIENCE, async () => {
  await using worker = new InWorker(`
    const pull = new zmq.Pull();
    await pull.bind("ipc://*");
    pull.receive().catch(() => {});
    const push = new zmq.Push();
    push.connect("tcp://127.0.0.1:1");
    await push.send("x");
    process.exit(5);`);
  assert.equal(await worker.end(), 5);
});

test("a worker that is terminated in the middle of everything leaves the main thread well", PATIENCE, () =>
  withSockets(async (open) => {
    const before = openHandles();
    const [pull, pub] = [open("pull"), open("xpub")];
    const endpoints = [await bound(pull), await bound(pub)];
    for (let round = 0; round < 3; round += 1) {
      const gone = nextEvent(pull, "disconnect");
      const worker = new InWorker(
        `const [to, from] = workerData;
         const push = new zmq.Push({ sendHighWaterMark: 0 });
         push.connect(to);
         const sub = new zmq.Subscriber();
         sub.connect(from);
         sub.subscribe("x");
         const bound = new zmq.Reply();
         await bound.bind("tcp://127.0.0.1:*");
         await bound.bind("ipc://*");
         bound.receive().catch(() => {});
         for (let i = 0; ; i += 1) await push.send(String(i));`,
        endpoints,
      );
      assert.deepEqual(texts(await pub.receive()), ["\x01x"]);
      for (let i = 0; i < 100; i += 1) assert.deepEqual(await receiveTexts(pull), [`${i}`]);
      await worker.worker.terminate();
      assert.deepEqual(texts(await pub.receive()), ["\x00x"]);
      // What had come before the end is still there, in order, and then nothing more; only then the end itself is seen.
      let isGone = false;
      void gone.then(() => {
        isGone = true;
      });
      for (let next = 100; !isGone; ) {
        const message = pull.tryReceive();
        if (message === undefined) await turn();
        else assert.deepEqual(texts(message), [`${next++}`]);
      }
      while (pull.tryReceive() !== undefined);
    }
    await Promise.all([pull.close(), pub.close()]);
    await eventually("handles", () => (openHandles()["TCPSocketWrap"] ?? 0) === (before["TCPSocketWrap"] ?? 0));
    const [push, again] = [open("push"), open("pull")];
    push.connect(await bound(again));
    await push.send("still here");
    assert.deepEqual(await receiveTexts(again), ["still here"]);
  }),
);
