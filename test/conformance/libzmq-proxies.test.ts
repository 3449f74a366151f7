// SPDX-License-Identifier: MIT
/** Proxies as libzmq's test_proxy* pin them, by what their clients and workers see. */
import assert from "node:assert/strict";
import { boundTo, type OpenEither, receiveSoon, sendNow, testBoth, testOurs } from "../support/implementations.ts";
import { turns, within } from "../support/sockets.ts";

/** Sends back what it gets, until the end. */
function echo(worker: ReturnType<typeof dealer>, isOver: () => boolean): Promise<void> {
  worker.receiveTimeout = 20;
  return (async () => {
    while (!isOver()) {
      const got = await worker.receive().catch((error: { code?: string }) => {
        assert.equal(error.code, "EAGAIN");
      });
      if (got !== undefined) await worker.send(got);
    }
  })();
}

function dealer(open: OpenEither, options: object = {}) {
  return open("dealer", options);
}

testBoth("three clients and five workers through a proxy, until it is terminated", async (open, zmq) => {
  const [front, back] = [open("router"), open("dealer")];
  const [forClients, forWorkers] = [await boundTo(front), await boundTo(back, "inproc://workers")];
  const proxy = new zmq.Proxy(front, back);
  const run = proxy.run();
  let isOver = false;
  const workers = Array.from({ length: 5 }, () => {
    const worker = dealer(open);
    worker.connect(forWorkers);
    return echo(worker, () => isOver);
  });
  const clients = Array.from({ length: 3 }, async (_, index) => {
    const client = dealer(open, { routingId: `client ${index}` });
    client.connect(forClients);
    for (let i = 0; i < 20; i += 1) await client.send([`${index}`, `${i}`]);
    const heard: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const [name, number] = (await receiveSoon(client)) ?? [];
      assert.equal(name, `${index}`);
      heard.push(Number(number));
    }
    assert.deepEqual(
      heard.toSorted((a, b) => a - b),
      Array.from({ length: 20 }, (_each, i) => i),
    );
  });
  await Promise.all(clients);
  isOver = true;
  await Promise.all(workers);
  proxy.terminate();
  await within(3000, "the proxy's end", run);
});

// npm zeromq ends its process with a fault when it closes the one socket twice.
testOurs("one REP as both sides of a proxy answers with what it is asked", async (open, zmq) => {
  const [rep, req] = [open("rep"), open("req")];
  req.connect(await boundTo(rep));
  const proxy = new zmq.Proxy(rep, rep);
  const run = proxy.run();
  for (const text of ["msg1", "msg22"]) {
    await req.send(text);
    assert.deepEqual(await receiveSoon(req), [text]);
  }
  proxy.terminate();
  await within(3000, "the proxy's end", run);
});

testBoth(
  "a proxy whose back-end has no peer ends when it is told to, with messages in front of it",
  async (open, zmq) => {
    const [sub, push, pub] = [open("sub"), open("push"), open("xpub")];
    sub.subscribe();
    sub.connect(await boundTo(pub));
    assert.deepEqual(await receiveSoon(pub), ["\u0001"]);
    await boundTo(push);
    const proxy = new zmq.Proxy(sub, push);
    const run = proxy.run();
    for (let i = 0; i < 100; i += 1) await pub.send("nobody takes it");
    await turns();
    proxy.terminate();
    await within(3000, "the proxy's end", run);
  },
);

// npm zeromq's proxy was seen to pass messages on after pause().
testOurs("a proxy that is paused passes nothing, and goes on where it stopped", async (open, zmq) => {
  const [front, back] = [open("pull"), open("push")];
  const [push, pull] = [open("push"), open("pull")];
  push.connect(await boundTo(front));
  pull.connect(await boundTo(back));
  const proxy = new zmq.Proxy(front, back);
  const run = proxy.run();
  await push.send("before");
  assert.deepEqual(await receiveSoon(pull), ["before"]);
  proxy.pause();
  for (const text of ["1", "2", "3"]) await push.send(text);
  assert.equal(await receiveSoon(pull, 50), undefined);
  proxy.resume();
  for (const text of ["1", "2", "3"]) assert.deepEqual(await receiveSoon(pull), [text]);
  proxy.terminate();
  await within(3000, "the proxy's end", run);
});

testBoth("what a proxy holds is bounded by the marks on both of its sides, and nothing is lost", async (open, zmq) => {
  const mark = 10;
  const options = { sendHighWaterMark: mark, receiveHighWaterMark: mark };
  const [xpub, sub] = [open("xpub", { ...options, noDrop: true }), open("sub", { receiveHighWaterMark: mark })];
  const [front, back] = [open("xsub", options), open("xpub", { ...options, noDrop: true })];
  await front.bind("inproc://above");
  await back.bind("inproc://below");
  xpub.connect("inproc://above");
  const proxy = new zmq.Proxy(front, back);
  const run = proxy.run();
  sub.subscribe("");
  sub.connect("inproc://below");
  assert.deepEqual(await receiveSoon(xpub), ["\u0001"]);
  let sent = 0;
  for (let silent = 0; silent < 20; ) {
    if (await sendNow(xpub, `${sent}`)) {
      sent += 1;
      silent = 0;
    } else {
      silent += 1;
      assert.equal(await receiveSoon(xpub, 5), undefined);
    }
    assert.ok(sent <= 4 * mark + 1, "no end of it");
  }
  assert.ok(sent >= 2 * mark, `${sent} fit`);
  for (let i = 0; i < sent; i += 1) assert.deepEqual(await receiveSoon(sub), [`${i}`]);
  proxy.terminate();
  await within(3000, "the proxy's end", run);
});
